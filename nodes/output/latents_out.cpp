#include <ATen/ATen.h>

#include <map>

#include "graph/fingerprint.h"
#include "graph/node.h"
#include "nodes/ladcast/statistics.h"
#include "nodes/output/latent_writer.h"
#include "nodes/output/provenance.h"
#include "nodes/values/latent.h"
#include "nodes/values/model_param.h"
#include "nodes/values/npy_latents.h"

namespace ladcast {
namespace {

class LatentsOut final : public Ordered {
 public:
  LatentsOut() : Ordered(Within::trajectory) {}

 private:
  In<Latent> latent{this, "latent", "what denoise sends"};
  In<Latent> analysis{this, "analysis",
                      "what encode sends: kept once for all members, in a file .npy as lead 0 of "
                      "each",
                      kOptional};
  Param<PathPattern> path{this, "path",
                          "folder of the archive, or a file .npy (member, channel, 1 + leads, row, "
                          "column) as the reference writes it; names {init}"};
  Param<Model> model{this, "model", "model of the latents; its statistics undo the scaling"};

  Moments moments_;
  LatentArchiveSpec spec_;                             // without initial time
  std::map<int, std::unique_ptr<LatentWriter>> open_;  // by item
  std::vector<std::string> history_;
  std::uint64_t bytes_ = 0;  // of all archives
  std::size_t payload_bytes_ = 0;

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
    bytes_ = run.inits.size() * spec_.members.size() * (spec_.lead_hours.size() + 1) *
             spec_.frame() * sizeof(float);
    check(shape, in);
  }
  void check(Shape& shape, const Spec& in) const {
    if (!in.axes.batch || in.axes.leads.stride != model->frames)
      shape.error(latent, "these are not the steps of a forecast", "wire the output of denoise");
    if (!path->has("init"))
      shape.error(path, "one archive holds one initial time", "write {init} into the path");
    for (const char* name : {"lead", "member"})
      if (path->has(name))
        shape.error(path, fmt::format("the path names {{{}}}, but one archive holds all", name),
                    fmt::format("leave {{{}}} out", name));
    if (!is_npy(path->text)) return;
    if (!shape.has(analysis))
      shape.error(path, "in an .npy file lead 0 is the analysis, which is not wired",
                  "add in.analysis = \"encode\"");
    for (std::size_t i = 0; i < spec_.members.size(); ++i)
      if (spec_.members[i] != static_cast<int>(i) + 1) {
        shape.error(path,
                    fmt::format("an .npy file counts its members from 1, and the run makes {}",
                                format_members(spec_.members)),
                    "write a folder, as \"{init}.zarr\", or make all members");
        return;
      }
  }
  std::vector<std::filesystem::path> files() const override { return {model->latent_statistics}; }
  std::vector<Claim> claims() const override { return {{*path, false, true, bytes_}}; }
  Memory memory() const override { return {.scratch = 3 * payload_bytes_}; }

  void open() override {
    moments_ = read_latent_moments(model->latent_statistics,
                                   static_cast<std::size_t>(model->latent.channels));
  }

  std::unique_ptr<LatentWriter> writer(int item) const {
    LatentArchiveSpec spec = spec_;
    spec.init = plan().inits[static_cast<std::size_t>(item)];
    spec.attributes = provenance(origin(), history_, plan().seed);
    spec.attributes["title"] = "LaDCast ensemble forecast, latents";
    spec.attributes["model"] = model->name;
    spec.attributes["latent_statistics"] = fingerprint(model->latent_statistics);
    return latent_writer(path->expand(spec.init), std::move(spec));
  }

  LatentWriter& archive(int item) {
    const auto known = open_.find(item);
    if (known != open_.end()) return *known->second;
    LatentWriter& made = *(open_[item] = writer(item));
    made.begin();
    return made;
  }

  /// [member][lead][channel][row][column], as the autoencoder has them.
  std::vector<float> frames_of(const Latent& scaled) const {
    const auto z = denormalise_latent(scaled.values.cpu(), moments_, model->target_std, 1)
                       .transpose(1, 2)
                       .contiguous();
    return {z.const_data_ptr<float>(), z.const_data_ptr<float>() + z.numel()};
  }

  void run(Task& task) override {
    LatentWriter& to = archive(task.key().item);
    const Latent& next = task.get(latent);
    const LatentStep step{next.members, next.lead_hours};
    to.write(step, frames_of(next));
    if (task.has(analysis) && next.lead_hours.front() == spec_.lead_hours.front())
      to.write_analysis(step, frames_of(task.get(analysis)));
  }

  void finish_item(int item) override {
    open_.at(item)->finish();
    open_.erase(item);
  }
  void drop_item(int item) override {
    const auto dropped = open_.find(item);
    if (dropped == open_.end()) return;
    dropped->second->remove();
    open_.erase(dropped);
  }
  void close() override {
    for (const auto& [item, unfinished] : open_)
      if (!journalled()) unfinished->remove();
    open_.clear();
  }

  // ---- a run that goes on: a step that is on the disk is done ----

  bool keeps() const override { return true; }

  LatentStep step_of(const Key& key) const {
    LatentStep step{plan().batches[static_cast<std::size_t>(key.batch)], {}};
    for (int i = 0; i < model->frames; ++i)
      step.lead_hours.push_back(plan().lead_hours(key.lead + i));
    return step;
  }

  std::optional<std::string> commit(const Task& task) override {
    return open_.at(task.key().item)->commit(step_of(task.key()));
  }

  bool restore(int item, const std::vector<Committed>& committed) override {
    std::vector<KeptStep> kept;
    for (const Committed& each : committed) kept.push_back({step_of(each.key), each.note});
    auto earlier = writer(item);
    if (!earlier->restore(kept)) return false;
    open_[item] = std::move(earlier);
    return true;
  }
};

LADCAST_NODE(
    LatentsOut, "latents_out",
    "Writes the latents of a forecast as Zarr or in the reference's format, to be decoded later: "
    "of the published model 64 times smaller than its fields.");

}  // namespace
}  // namespace ladcast
