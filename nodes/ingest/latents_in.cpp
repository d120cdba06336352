#include <ATen/ATen.h>

#include "graph/node.h"
#include "nodes/ingest/latent_archive.h"
#include "nodes/ladcast/statistics.h"
#include "nodes/values/latent.h"
#include "nodes/values/model_param.h"
#include "nodes/values/npy_latents.h"

namespace ladcast {
namespace {

class LatentsIn final : public Node {
  Out<Latent> latent{this, "latent", "normalised latents, the leads of one step"};
  Param<InputFiles> path{
      this, "path",
      "folder of an archive, or a file .npy (member, channel, 1 + leads, row, column) as the "
      "reference writes it: latents not normalised, of whatever statistics, lead 0 the analysis; "
      "may name {init}"};
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
    if (is_npy(path->text) && !path->has("init") && shape.plan().items() > 1)
      shape.error(path, "an .npy file holds one initial time, and does not say which",
                  "write {init} into the path, and link each file: ln -s latent_2018010306.npy "
                  "20180103T06.npy");
  }
  std::vector<std::filesystem::path> files() const override {
    std::vector<std::filesystem::path> files = {model->latent_statistics};
    for (const Time init : plan().inits) files.push_back(latents_record(path->expand(init)));
    return files;
  }

  void open() override {
    moments_ = read_latent_moments(model->latent_statistics,
                                   static_cast<std::size_t>(model->latent.channels));
    LatentsRequest all;
    for (const auto& batch : plan().batches)
      all.members.insert(all.members.end(), batch.begin(), batch.end());
    for (int lead = 1; lead <= plan().leads; ++lead)
      all.lead_hours.push_back(plan().lead_hours(lead));
    for (const Time init : plan().inits) {
      all.init = init;
      open_latents(path->expand(init), *model)->require(all);
    }
  }

  void run(Task& task) const override {
    LatentsRequest request{task.init(), task.members(), {}};
    for (int i = 0; i < model->frames && task.key().lead + i <= plan().leads; ++i)
      request.lead_hours.push_back(plan().lead_hours(task.key().lead + i));
    const auto archive = open_latents(path->expand(task.init()), *model);
    task.send(latent,
              Latent{scaled(*archive, request), request.init, request.lead_hours, request.members});
  }

  at::Tensor scaled(const LatentArchive& archive, const LatentsRequest& request) const {
    std::vector<float> frames = archive.read(request);
    const LatentShape& l = model->latent;
    const auto z = at::from_blob(frames.data(),
                                 {static_cast<std::int64_t>(request.members.size()),
                                  static_cast<std::int64_t>(request.lead_hours.size()), l.channels,
                                  l.rows, l.columns},
                                 at::kFloat)
                       .transpose(1, 2)
                       .contiguous();
    if (archive.is_of_model()) return exactly_normalised(z, moments_, model->target_std, 1);
    auto normalised = nearest_normalised(z, moments_, model->target_std, 1);
    require_plausible(normalised);
    return normalised;
  }

  /// What does not say of which model it is may be of any.
  void require_plausible(const at::Tensor& normalised) const {
    constexpr double kMost = 10;
    const double deviations =
        (normalised / model->target_std).square().mean().sqrt().item<double>();
    if (deviations <= kMost) return;
    fail(
        "the latents lie {:.3g} standard deviations from the mean that the model '{}' knows: are "
        "they of this model, and not normalised?",
        deviations, model->name);
  }
};

LADCAST_NODE(LatentsIn, "latents_in",
             "Reads an archive of latents, of latents_out or of the reference, for decode.");

}  // namespace
}  // namespace ladcast
