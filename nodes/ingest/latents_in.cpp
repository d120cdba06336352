#include <ATen/ATen.h>

#include <algorithm>

#include "graph/fingerprint.h"
#include "graph/node.h"
#include "nodes/ladcast/statistics.h"
#include "nodes/values/latent.h"
#include "nodes/values/model_param.h"
#include "nodes/values/zarr_group.h"
#include "nodes/values/zarr_json.h"

namespace ladcast {
namespace {

/// One archive that latents_out wrote.
class LatentArchive {
 public:
  explicit LatentArchive(const std::filesystem::path& path) : group_(path) {}

  /// [member][lead][channel][row][column]. Throws Error with what is there.
  at::Tensor read(Time init, const std::vector<int>& members, const std::vector<int>& leads,
                  const LatentShape& shape) const {
    const ZarrArray& latents = array("latents");
    const std::vector<std::size_t> frame = {static_cast<std::size_t>(shape.channels),
                                            static_cast<std::size_t>(shape.rows),
                                            static_cast<std::size_t>(shape.columns)};
    if (latents.shape.size() != 6 ||
        !std::equal(frame.begin(), frame.end(), latents.shape.begin() + 3))
      fail("{} has latents of another shape than the model", group_.folder().string());
    const double hours = static_cast<double>(init.time_since_epoch().count()) / 3600;
    std::vector<std::size_t> start = {place("time", hours, short_time(init)), 0, 0, 0, 0, 0};
    std::vector<std::size_t> count = {1, 1, 1, frame[0], frame[1], frame[2]};
    const auto result = at::empty(
        {static_cast<std::int64_t>(members.size()), static_cast<std::int64_t>(leads.size()),
         shape.channels, shape.rows, shape.columns},
        at::kFloat);
    float* to = result.mutable_data_ptr<float>();
    std::vector<std::size_t> rows, steps;
    for (const int member : members)
      rows.push_back(place("number", member, fmt::format("member {}", member)));
    for (const int lead : leads)
      steps.push_back(place("prediction_timedelta", lead, fmt::format("lead of {} h", lead)));
    for (const std::size_t row : rows)
      for (const std::size_t step : steps) {
        start[1] = row;
        start[2] = step;
        for (const double value : group_.read(latents, start, count))
          *to++ = static_cast<float>(value);
      }
    return result;
  }

 private:
  const ZarrArray& array(const std::string& name) const {
    for (const ZarrArray& each : group_.arrays())
      if (each.name == name) return each;
    fail("{} is no archive of latents: it has no array '{}'", group_.folder().string(), name);
  }

  std::size_t place(const char* axis, double value, const std::string& what) const {
    const ZarrArray& coordinate = array(axis);
    const std::vector<std::size_t> start = {0};
    const auto values = group_.read(coordinate, start, coordinate.shape);
    const auto found = std::find(values.begin(), values.end(), value);
    if (found == values.end()) fail("{} has no {}", group_.folder().string(), what);
    return static_cast<std::size_t>(found - values.begin());
  }

  ZarrGroup group_;
};

class LatentsIn final : public Node {
  Out<Latent> latent{this, "latent", "normalised latents, the leads of one step"};
  Param<InputFiles> path{this, "path", "folder of an archive; may name {init}"};
  Param<Model> model{this, "model", "model of the latents"};

  Moments moments_;

  Axes source_axes(const Plan& run) const override {
    const int frames = model.has_value() ? model->frames : 1;
    return {true, {1, frames, (run.leads + frames - 1) / frames}, true};
  }
  void shape(Shape& shape) override {
    const LatentShape& l = model->latent;
    describe_latent(shape.out(latent), l.channels, l.rows, l.columns, shape.plan().largest_batch(),
                    model->frames);
  }
  std::vector<std::filesystem::path> files() const override { return {model->latent_statistics}; }

  void open() override {
    moments_ = read_latent_moments(model->latent_statistics,
                                   static_cast<std::size_t>(model->latent.channels));
    for (const Time init : plan().inits) require_model(path->expand(init));
  }

  /// The scaling is undone with the statistics that made it, or the fields are wrong.
  void require_model(const std::filesystem::path& store) const {
    const auto attributes = read_json(store / ".zattrs");
    const std::string theirs = text_of(attributes, "latent_statistics", "");
    if (theirs == fingerprint(model->latent_statistics)) return;
    fail("{} was written with the latents of model '{}', whose statistics are not those of {}",
         store.string(), text_of(attributes, "model", "unknown"),
         model->latent_statistics.string());
  }

  void run(Task& task) const override {
    std::vector<int> leads;
    for (int i = 0; i < model->frames && task.key().lead + i <= plan().leads; ++i)
      leads.push_back(plan().lead_hours(task.key().lead + i));
    const LatentArchive archive(path->expand(task.init()));
    const auto z = archive.read(task.init(), task.members(), leads, model->latent)
                       .transpose(1, 2)
                       .contiguous();
    task.send(latent, Latent{exactly_normalised(z, moments_, model->target_std, 1), task.init(),
                             leads, task.members()});
  }
};

LADCAST_NODE(LatentsIn, "latents_in", "Reads an archive of latents, for decode.");

}  // namespace
}  // namespace ladcast
