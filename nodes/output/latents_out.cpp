#include <ATen/ATen.h>

#include <map>
#include <set>

#include "graph/fingerprint.h"
#include "graph/node.h"
#include "graph/whole_file.h"
#include "nodes/ladcast/statistics.h"
#include "nodes/output/latent_store.h"
#include "nodes/output/provenance.h"
#include "nodes/output/zarr_store.h"
#include "nodes/output/zarr_writer.h"
#include "nodes/values/latent.h"
#include "nodes/values/model_param.h"

namespace ladcast {
namespace {

class LatentsOut final : public Ordered {
 public:
  LatentsOut() : Ordered(Within::trajectory) {}

 private:
  In<Latent> latent{this, "latent", "what denoise sends"};
  In<Latent> analysis{this, "analysis", "what encode sends, kept once for all members", kOptional};
  Param<PathPattern> path{this, "path", "folder of the archive; names {init}"};
  Param<Model> model{this, "model", "model of the latents; its statistics undo the scaling"};

  using Path = std::filesystem::path;

  Moments moments_;
  LatentStoreSpec spec_;  // without initial times
  std::map<int, LatentStore> open_;
  std::set<int> kept_;                                         // an earlier run left chunks
  std::map<std::pair<int, int>, std::vector<Path>> unsynced_;  // by item and batch
  std::vector<std::string> history_;
  std::size_t bytes_ = 0, payload_bytes_ = 0;

  Time init(int item) const { return plan().inits[static_cast<std::size_t>(item)]; }
  Path store_of(int item) const { return path->expand(init(item)); }

  void shape(Shape& shape) override {
    const Spec& in = shape.in(latent);
    const Plan& run = shape.plan();
    spec_ = {model->latent, {}, {}, {}, 1, static_cast<std::size_t>(model->frames), false, {}};
    spec_.has_analysis = shape.has(analysis);
    for (int lead = 1; lead <= run.leads; ++lead) spec_.lead_hours.push_back(run.lead_hours(lead));
    for (const auto& batch : run.batches)
      spec_.members.insert(spec_.members.end(), batch.begin(), batch.end());
    if (run.batches.front().size() == static_cast<std::size_t>(run.largest_batch()))
      spec_.members_in_chunk = static_cast<std::size_t>(run.largest_batch());
    history_ = in.history;
    payload_bytes_ = in.bytes;
    bytes_ = in.bytes * static_cast<std::size_t>(run.count(in.axes));
    if (!in.axes.batch || in.axes.leads.stride != model->frames)
      shape.error(latent, "these are not the steps of a forecast", "wire the output of denoise");
    if (!path->has("init"))
      shape.error(path, "one archive holds one initial time", "write {init} into the path");
    for (const char* name : {"lead", "member"})
      if (path->has(name))
        shape.error(path, fmt::format("the path names {{{}}}, but one archive holds all", name),
                    fmt::format("leave {{{}}} out", name));
  }
  std::vector<Path> files() const override { return {model->latent_statistics}; }
  std::vector<Claim> claims() const override { return {{*path, false, true, bytes_}}; }
  Memory memory() const override { return {.scratch = 3 * payload_bytes_}; }

  void open() override {
    moments_ = read_latent_moments(model->latent_statistics,
                                   static_cast<std::size_t>(model->latent.channels));
  }

  LatentStoreSpec spec_of(int item) const {
    LatentStoreSpec spec = spec_;
    spec.inits = {init(item)};
    spec.attributes = provenance(origin(), history_, plan().seed);
    spec.attributes["title"] = "LaDCast ensemble forecast, latents";
    spec.attributes["model"] = model->name;
    spec.attributes["latent_statistics"] = fingerprint(model->latent_statistics);
    return spec;
  }

  const LatentStore& store(int item) {
    const auto known = open_.find(item);
    if (known != open_.end()) return known->second;
    if (!kept_.contains(item)) remove_store(store_of(item));
    return open_.try_emplace(item, store_of(item), spec_of(item)).first->second;
  }

  /// [member][lead][channel][row][column], as the autoencoder has them.
  std::vector<float> frames_of(const Latent& scaled) const {
    const auto z = denormalise_latent(scaled.values.cpu(), moments_, model->target_std, 1)
                       .transpose(1, 2)
                       .contiguous();
    return {z.const_data_ptr<float>(), z.const_data_ptr<float>() + z.numel()};
  }

  void run(Task& task) override {
    const LatentStore& to = store(task.key().item);
    const Latent& next = task.get(latent);
    auto written = to.write(next.init, next.members, next.lead_hours, frames_of(next));
    if (task.has(analysis) && next.lead_hours.front() == spec_.lead_hours.front())
      written.push_back(to.write_analysis(next.init, frames_of(task.get(analysis))));
    auto& files = unsynced_[{task.key().item, task.key().batch}];
    if (journalled()) files.insert(files.end(), written.begin(), written.end());
  }

  void finish_item(int item) override {
    for (auto& [key, files] : unsynced_)
      if (key.first == item) sync(files);
    finish_store(store_of(item));
    open_.erase(item);
  }
  void drop_item(int item) override {
    open_.erase(item);
    remove_store(store_of(item));
  }
  void close() override {
    for (const auto& [item, store] : open_)
      if (!journalled()) remove_store(store_of(item));
    open_.clear();
  }

  // ---- a run that goes on: a chunk that is on the disk is done ----

  bool keeps() const override { return true; }

  static void sync(std::vector<Path>& files) {
    for (const Path& file : files) sync_to_disk(file);
    if (!files.empty()) sync_to_disk(files.front().parent_path());
    files.clear();
  }

  std::optional<std::string> commit(const Task& task) override {
    sync(unsynced_[{task.key().item, task.key().batch}]);
    return "";
  }

  bool restore(int item, const std::vector<Committed>& committed) override {
    const LatentStoreSpec spec = spec_of(item);
    if (!can_continue(store_of(item), spec)) return false;
    for (const Committed& each : committed) {
      const auto& batch = plan().batches[static_cast<std::size_t>(each.key.batch)];
      for (const Path& file :
           latent_chunks(store_of(item), spec, init(item), batch, plan().lead_hours(each.key.lead)))
        if (!std::filesystem::is_regular_file(file)) return false;
    }
    kept_.insert(item);
    return true;
  }
};

LADCAST_NODE(
    LatentsOut, "latents_out",
    "Writes the latents of a forecast as Zarr, to be decoded later: of the published model "
    "64 times smaller than its fields.");

}  // namespace
}  // namespace ladcast
