#include <ATen/ATen.h>

#include <bit>
#include <charconv>
#include <map>

#include "graph/node.h"
#include "graph/whole_file.h"
#include "nodes/ladcast/statistics.h"
#include "nodes/train/analysis_latent.h"
#include "nodes/train/moment_sums.h"
#include "nodes/train/moments_file.h"
#include "nodes/train/one_file.h"
#include "nodes/values/model_param.h"

namespace ladcast {
namespace {

using ChannelSums = std::vector<MomentSums>;

/// The bits of all sums, 48 hexadecimal digits for each channel.
std::string to_text(const ChannelSums& sums) {
  std::string text;
  for (const MomentSums& each : sums)
    for (const double value : {each.weight, each.mean, each.squares})
      text += fmt::format("{:016x}", std::bit_cast<std::uint64_t>(value));
  return text;
}

/// Empty where the text is not that of so many channels.
ChannelSums sums_from(const std::string& text, std::size_t channels) {
  constexpr std::size_t kDigits = 16, kValues = 3;
  if (text.size() != channels * kValues * kDigits) return {};
  std::vector<double> values;
  for (const char* from = text.data(); from != text.data() + text.size(); from += kDigits) {
    std::uint64_t bits = 0;
    if (std::from_chars(from, from + kDigits, bits, 16).ptr != from + kDigits) return {};
    values.push_back(std::bit_cast<double>(bits));
  }
  ChannelSums sums;
  for (std::size_t i = 0; i < values.size(); i += kValues)
    sums.push_back({values[i], values[i + 1], values[i + 2]});
  return sums;
}

/// The sums of each analysis are kept apart until the end, and merged in the order of time: a run
/// that was broken off and goes on, and has those of earlier analyses from its journal, writes the
/// same bytes.
class LatentStatistics final : public Ordered {
 public:
  LatentStatistics() : Ordered(Within::plan) {}

 private:
  In<Latent> latent{this, "latent", "what encode sends for analyses of the plan's initial times"};
  Param<PathPattern> path{this, "path",
                          "the JSON file, latent_normal.json of a model: one for all"};
  Param<Model> model{this, "model",
                     "model of the latents; its statistics, where it has some, undo the scaling"};

  Moments moments_;
  std::map<int, ChannelSums> sums_;  // by item, then by channel

  void shape(Shape& shape) override {
    require_one_of_analyses(shape, latent, path, "the statistics");
  }
  std::vector<std::filesystem::path> files() const override { return model->files(); }
  std::vector<Claim> claims() const override {
    constexpr std::uint64_t kBytesOfChannel = 50;
    return {{*path, true, true, channels() * kBytesOfChannel}};
  }
  Memory memory() const override {
    return {.resident = static_cast<std::size_t>(plan().items()) * channels() * sizeof(MomentSums)};
  }
  std::size_t channels() const { return static_cast<std::size_t>(model->latent.channels); }

  void open() override { moments_ = latent_moments(*model); }

  void run(Task& task) override {
    if (sums_.empty()) make_folder_of(path->expand({}));
    const auto z = analysis_latent(task.get(latent), *model, moments_);
    const auto points = static_cast<std::size_t>(z.numel()) / channels();
    ChannelSums& sums = sums_[task.key().item];
    sums.clear();
    for (std::size_t c = 0; c < channels(); ++c)
      sums.push_back(MomentSums::of({z.const_data_ptr<float>() + c * points, points}));
  }

  void finish() override {
    if (sums_.empty()) fail("{}: none of the {} analyses is there", path->text, plan().items());
    ChannelSums all(channels());
    for (const auto& [item, sums] : sums_)
      for (std::size_t c = 0; c < all.size(); ++c) all[c].add(sums[c]);
    std::vector<std::string> names;
    for (std::size_t c = 0; c < all.size(); ++c)
      names.push_back(fmt::format("latent channel {}", c));
    try {
      write_latent_moments(path->expand({}), moments_of(all, names));
    } catch (const Error& error) {
      throw error.in(path->text);
    }
    print(fmt::format("{}: statistics of {} latent channels in {} analyses\n", path->text,
                      all.size(), sums_.size()));
  }

  void drop_item(int item) override { sums_.erase(item); }

  // ---- a run that goes on: the journal keeps the sums ----

  bool keeps() const override { return true; }
  std::optional<std::string> commit(const Task& task) override {
    return to_text(sums_.at(task.key().item));
  }
  bool restore(int item, const std::vector<Committed>& committed) override {
    if (committed.empty()) return false;
    ChannelSums sums = sums_from(committed.front().note, channels());
    if (sums.empty()) return false;
    sums_[item] = std::move(sums);
    return true;
  }
};

LADCAST_NODE(LatentStatistics, "latent_statistics",
             "Writes the mean and standard deviation of each latent channel over the analyses of "
             "all initial times, not normalised, in the form of the published statistics file.");

}  // namespace
}  // namespace ladcast
