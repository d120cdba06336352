#include <ATen/ATen.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "graph/node.h"
#include "graph/whole_file.h"
#include "nodes/ladcast/statistics.h"
#include "nodes/output/provenance.h"
#include "nodes/output/zarr_store.h"
#include "nodes/output/zarr_writer.h"
#include "nodes/train/analysis_latent.h"
#include "nodes/train/one_file.h"
#include "nodes/values/model_param.h"

namespace ladcast {
namespace {

namespace fs = std::filesystem;

/// A frame is one chunk: training reads frames in any order, and no two writes share a file. Chunks
/// appear by rename, and .zmetadata, without which LatentSet reads nothing, comes last.
class LatentSetOut final : public Ordered {
 public:
  LatentSetOut() : Ordered(Within::trajectory) {}

 private:
  In<Latent> latent{this, "latent", "what encode sends for analyses of the plan's initial times"};
  Param<PathPattern> path{this, "path", "folder of the store: one for all initial times"};
  Param<Model> model{this, "model",
                     "model of the latents; its statistics, where it has some, undo the scaling"};

  Moments moments_;
  std::vector<std::string> history_;
  std::size_t frame_bytes_ = 0;
  std::set<int> absent_;  // items that were given up
  bool begun_ = false;
  std::optional<bool> goes_on_;  // whether an earlier run left this store

  void shape(Shape& shape) override {
    require_one_of_analyses(shape, latent, path, "the latents");
    history_ = shape.in(latent).history;
    frame_bytes_ = shape.in(latent).bytes;
  }
  std::vector<fs::path> files() const override { return model->files(); }
  std::vector<Claim> claims() const override {
    return {{*path, true, true, frame_bytes_ * static_cast<std::size_t>(plan().items())}};
  }
  Memory memory() const override { return {.scratch = 3 * frame_bytes_}; }

  void open() override { moments_ = latent_moments(*model); }

  fs::path store() const { return path->expand({}); }
  fs::path chunk(int item) const { return store() / "latents" / fmt::format("{}.0.0.0", item); }

  void run(Task& task) override {
    const auto z = analysis_latent(task.get(latent), *model, moments_);
    if (!begun_) begin();
    write_chunk(store() / "latents", chunk(task.key().item).filename(),
                {z.const_data_ptr<float>(), z.const_data_ptr<float>() + z.numel()});
  }

  void begin() {
    if (!goes_on_.value_or(false)) {
      require_no_other_times(store(), plan().inits);
      remove_store(store());
    }
    std::error_code failed;
    fs::create_directories(store(), failed);
    if (!failed) fs::remove(store() / ".zmetadata", failed);
    if (failed) fail("cannot write the folder {}: {}", store().string(), failed.message());
    auto attributes = provenance(origin(), history_, {});
    attributes["title"] = "LaDCast training set, latents";
    attributes["model"] = model->name;
    const ZarrWriter writer(store());
    writer.group(attributes);
    writer.time_axis(plan().inits, false);
    writer.data({"latents", {"time", "C", "H", "W"}, frames(plan().inits.size()), frames(1)},
                {{"long_name", "latents of analyses, not normalised"}, {"units", "1"}});
    begun_ = true;
  }

  std::vector<std::size_t> frames(std::size_t count) const {
    std::vector<std::size_t> extents = {count};
    for (const int extent : {model->latent.channels, model->latent.rows, model->latent.columns})
      extents.push_back(static_cast<std::size_t>(extent));
    return extents;
  }

  void finish() override {
    if (absent_.size() == plan().inits.size())
      fail("{}: none of the {} analyses is there", path->text, plan().items());
    finish_store(store());
    print(summary());
  }

  /// Its frame is left out, although it may be whole. A store of another run stays as it is.
  void drop_item(int item) override {
    absent_.insert(item);
    if (begun_ || goes_on_.value_or(false)) fs::remove(chunk(item));
  }

  std::string summary() const {
    constexpr std::size_t kShown = 10;
    std::vector<std::string> there, absent;
    for (int item = 0; item < plan().items(); ++item)
      (absent_.contains(item) ? absent : there)
          .push_back(short_time(plan().inits[static_cast<std::size_t>(item)]));
    std::string text = fmt::format("{}: latents of {} analyses, {} to {}", path->text, there.size(),
                                   there.front(), there.back());
    if (const std::size_t count = absent.size(); count > 0) {
      absent.resize(std::min(count, kShown));
      text += fmt::format("; {} were absent: {}{}", count, fmt::join(absent, ", "),
                          count > kShown ? ", …" : "");
    }
    return text + "\n";
  }

  void close() override {
    if (begun_ && !journalled() && !fs::exists(store() / ".zmetadata")) remove_store(store());
  }

  // ---- a run that goes on: a chunk that is on the disk is done ----

  bool keeps() const override { return true; }
  std::optional<std::string> commit(const Task& task) override {
    const fs::path file = chunk(task.key().item);
    sync_to_disk(file);
    sync_to_disk(file.parent_path());
    return "";
  }
  bool restore(int item, const std::vector<Committed>&) override {
    if (!goes_on_)
      goes_on_ = is_of_this_pipeline(store(), provenance(origin(), history_, {}), plan().inits);
    return *goes_on_ && fs::is_regular_file(chunk(item));
  }
};

LADCAST_NODE(LatentSetOut, "latent_set_out",
             "Writes the latents of the analyses of all initial times as one Zarr store, not "
             "normalised: the training set of a forecaster, as the reference has it.");

}  // namespace
}  // namespace ladcast
