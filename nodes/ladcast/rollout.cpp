#include <ATen/ATen.h>

#include "graph/node.h"
#include "nodes/values/latent.h"
#include "nodes/values/model_param.h"

namespace ladcast {
namespace {

/// One condition for all members where the analysis has no members; otherwise analysis member i is
/// the condition of forecast members i, i + n, …, n being their number.
at::Tensor condition_of(const Latent& analysis, const std::vector<int>& members) {
  const auto count = analysis.values.size(0);
  if (count == 1) return analysis.values;
  std::vector<std::int64_t> rows;
  for (const int member : members) rows.push_back((member - 1) % count);
  return analysis.values.index_select(0, at::tensor(rows, at::kLong).to(analysis.values.device()));
}

class Rollout final : public Node {
  In<Latent> seed{this, "seed", "latent of the analysis, one lead"};
  In<Latent> next{this, "next", "the forecast of the step before", kFeedback};
  Out<Latent> state{this, "state", "the frame from which the next step starts"};
  Param<Model> model{this, "model", "model whose step length counts"};
  Param<int> save_every_steps{
      this,
      "save_every_steps",
      "steps from one saved state to the next, from which a broken run goes on",
      {.fallback = 1, .min = 1}};

  int leads_per_step() const override { return model->frames; }

  void shape(Shape& shape) override {
    const Plan& run = shape.plan();
    if (run.step_hours != model->step_hours)
      shape.error(model,
                  fmt::format("run.lead.step_hours is {}, but model '{}' has steps of {} h",
                              run.step_hours, model->name, model->step_hours),
                  fmt::format("set run.lead.step_hours to {}", model->step_hours));
    const LatentShape& latent = model->latent;
    describe_latent(shape.out(state), latent.channels, latent.rows, latent.columns,
                    run.largest_batch(), 1);
  }

  Latent start(const Task& task) const {
    if (task.restored()) return latent_from(task.saved());
    if (task.has(seed)) {
      const Latent& analysis = task.get(seed);
      return {condition_of(analysis, task.members()), analysis.init, {0}, task.members()};
    }
    const Latent& forecast = task.get(next);
    const auto last = forecast.values.slice(2, forecast.values.size(2) - 1).contiguous();
    return {last, forecast.init, {forecast.lead_hours.back()}, forecast.members};
  }

  void run(Task& task) const override {
    Latent latent = start(task);
    const int step = task.key().lead / model->frames;
    if (journalled() && !task.restored() && step % *save_every_steps == 0)
      task.save(to_bytes(latent));
    task.send(state, std::move(latent));
  }
};

LADCAST_NODE(Rollout, "rollout",
             "Leads the last frame of each step back as the start of the next: closes the cycle.");

}  // namespace
}  // namespace ladcast
