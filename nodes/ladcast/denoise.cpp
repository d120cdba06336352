#include <ATen/ATen.h>

#include <optional>

#include "graph/node.h"
#include "nodes/ladcast/edm.h"
#include "nodes/ladcast/network_memory.h"
#include "nodes/ladcast/noise.h"
#include "nodes/ladcast/per_device.h"
#include "nodes/ladcast/precision.h"
#include "nodes/ladcast/time_features.h"
#include "nodes/values/latent.h"
#include "nodes/values/model_param.h"

namespace ladcast {
namespace {

// One step of a rollout: Heun's method on the probability flow ODE (Karras et al. 2022, algorithm 1
// without churn), from noise at sigma_max to the next frames, on condition of the last one.
class Denoise final : public Node {
 public:
  Denoise() { on_device_lane(); }

 private:
  In<Latent> state{this, "state", "the frame from which the step starts"};
  Out<Latent> forecast{this, "forecast", "the frames of the step"};
  Param<Model> model{this, "model", "model whose forecaster is used"};
  Param<int> steps{this,
                   "steps",
                   "solver steps; the model folder's unless given",
                   {.optional = true, .min = 2, .max = 1000}};
  Param<std::string> noise{
      this,
      "noise",
      "keyed: from seed, initial time, member and lead; upstream: the reference's generator, "
      "member i seeded with i - 1 in each step",
      {.fallback = "keyed", .choices = {"keyed", "upstream"}}};
  Param<std::string> precision{this, "precision", "number format of the network",
                               precision_options()};

  PerDevice<Forecaster> forecaster_;
  std::optional<Schedule> schedule_;
  int batch_ = 1;

  void shape(Shape& shape) override {
    batch_ = shape.plan().largest_batch();
    const LatentShape& l = model->latent;
    Spec& out = shape.out(forecast);
    ++out.axes.leads.first;
    describe_latent(out, l.channels, l.rows, l.columns, batch_, model->frames);
    const Sampler& s = model->sampler;
    out.history.push_back(fmt::format(
        "denoise: model {}, {}, {} steps, sigma {} to {}, rho {}, {} noise, {}", model->name,
        s.solver, steps_taken(), s.sigma_max, s.sigma_min, s.rho, *noise, *precision));
    if (!shape.in(state).same_content(out))
      shape.error(state, fmt::format("the latents are not those of model '{}'", model->name),
                  "use one model for encode, rollout and denoise");
  }
  std::vector<std::filesystem::path> files() const override { return model->files(); }
  int steps_taken() const { return steps.has_value() ? *steps : model->sampler.steps; }
  Memory memory() const override { return forecaster_memory(*model, batch_); }

  void open() override {
    model->require_files();
    auto forecaster =
        load_forecaster(model->forecaster, at::Device(device()), to_scalar_type(*precision));
    forecaster.pack();
    forecaster_.set(std::move(forecaster));
    const Sampler& s = model->sampler;
    schedule_ = Schedule::karras(steps_taken(), s.sigma_min, s.sigma_max, s.rho, s.sigma_data);
  }

  at::Tensor draw(const Task& task) const {
    const LatentShape& l = model->latent;
    const std::vector<std::int64_t> one = {l.channels, model->frames, l.rows, l.columns};
    std::vector<at::Tensor> draws;
    for (const int member : task.members()) {
      if (*noise == "upstream") {
        draws.push_back(upstream_noise(member - 1, one));
        continue;
      }
      auto values = at::empty(one, at::kFloat);
      task.normal({values.mutable_data_ptr<float>(), static_cast<std::size_t>(values.numel())},
                  member);
      draws.push_back(values);
    }
    return at::stack(draws).to(at::Device(device()));
  }

  void run(Task& task) const override {
    const Latent& start = task.get(state);
    const int start_hours = start.lead_hours.back();
    const auto stopping = [&task] { return task.stopping(); };
    const auto frames =
        sample(forecaster_.get(), *schedule_, start.values.to(at::Device(device())), draw(task),
               timestamp_of(start.init + std::chrono::hours{start_hours}), stopping);
    if (!frames.isfinite().all().item<bool>())
      fail("the forecast holds values that are not finite");
    Latent out{frames, start.init, {}, task.members()};
    for (int i = 1; i <= model->frames; ++i)
      out.lead_hours.push_back(start_hours + i * model->step_hours);
    task.send(forecast, std::move(out));
  }
};

LADCAST_NODE(Denoise, "denoise", "Draws the next frames of each member with the diffusion model.");

}  // namespace
}  // namespace ladcast
