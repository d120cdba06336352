#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "graph/node.h"
#include "graph/whole_file.h"
#include "nodes/train/moment_sums.h"
#include "nodes/train/moments_file.h"
#include "nodes/train/one_file.h"
#include "nodes/values/fields_payload.h"
#include "nodes/verify/latitude_weights.h"

namespace ladcast {
namespace {

/// The reference's statistics (compute_mean_std_era5.py) are those of all points of all rows, the
/// poles' too, and all times alike, missing values left out, with the deviation of the population.
///
/// The file is written at the end. A run that was broken off and goes on takes all analyses again.
class FieldStatistics final : public Ordered {
 public:
  FieldStatistics() : Ordered(Within::plan) {}

 private:
  In<Fields> fields{this, "fields", "analyses of the plan's initial times, in physical units"};
  Param<PathPattern> path{this, "path", "the JSON file, normal.json of a model: one for all"};
  Param<std::string> weights{
      this,
      "weights",
      "of the rows: none, as the reference has it; cos of latitude; area of the cells",
      {.fallback = "none", .choices = {"none", "cos", "area"}}};

  std::vector<Channel> channels_;
  std::optional<Grid> grid_;  // of the first analysis
  std::vector<double> row_weights_;
  std::vector<MomentSums> sums_;  // by channel
  int taken_ = 0;
  std::vector<Time> absent_;
  std::uint64_t values_ = 0, missing_ = 0;

  void shape(Shape& shape) override {
    const Spec& spec = shape.in(fields);
    require_one_of_analyses(shape, fields, path, "the statistics");
    if (spec.normalised)
      shape.error(fields, "statistics are those of physical values, and these are normalised",
                  "take the fields before 'normalise'");
    channels_ = channels_of(spec);
  }
  std::vector<Claim> claims() const override {
    constexpr std::uint64_t kBytesOfChannel = 100;
    return {{*path, true, true, channels_.size() * kBytesOfChannel}};
  }

  void open() override { sums_.assign(channels_.size(), {}); }

  /// Before the first of many analyses is taken: a folder that cannot be written shows here.
  void begin(const Fields& first) {
    make_folder_of(path->expand({}));
    grid_ = first.grid;
    if (*weights != "none")
      row_weights_ = latitude_weights(grid_->latitude, parse_latitude_weighting(*weights));
  }

  void run(Task& task) override {
    const Fields& analysis = task.get(fields);
    if (analysis.members.empty()) {
      absent_.push_back(task.init());
      return;
    }
    if (!grid_) begin(analysis);
    if (analysis.grid != *grid_ || analysis.channels != channels_ ||
        analysis.maps() != sums_.size())
      fail("the analysis of {} has another grid or other channels than those before it",
           short_time(task.init()));
    for (std::size_t c = 0; c < sums_.size(); ++c)
      sums_[c].add(MomentSums::of(analysis.map(0, 0, c), row_weights_));
    ++taken_;
    values_ += analysis.values.size();
    missing_ += static_cast<std::uint64_t>(
        std::count_if(analysis.values.begin(), analysis.values.end(),
                      [](float value) { return !std::isfinite(value); }));
  }

  void finish() override {
    if (!grid_) fail("{}: none of the {} analyses is there", path->text, plan().items());
    std::vector<std::string> names;
    for (const Channel& channel : channels_) names.push_back(to_string(channel));
    try {
      write_field_moments(path->expand({}), channels_, moments_of(sums_, names));
    } catch (const Error& error) {
      throw error.in(path->text);
    }
    print(summary());
  }

  std::string summary() const {
    constexpr std::size_t kShown = 10;
    std::string text = fmt::format("{}: statistics of {} channels in {} analyses", path->text,
                                   channels_.size(), taken_);
    if (missing_ > 0)
      text += fmt::format("; {} of {} values were missing and left out", missing_, values_);
    if (absent_.empty()) return text + "\n";
    std::vector<std::string> shown;
    for (const Time time : absent_)
      if (shown.size() < kShown) shown.push_back(short_time(time));
    return text + fmt::format("; {} were absent: {}{}\n", absent_.size(), fmt::join(shown, ", "),
                              absent_.size() > kShown ? ", …" : "");
  }
};

LADCAST_NODE(FieldStatistics, "field_statistics",
             "Writes the mean and standard deviation of each channel over the analyses of all "
             "initial times, for normalise, in the form of the published statistics file.");

}  // namespace
}  // namespace ladcast
