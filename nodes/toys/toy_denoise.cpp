#include <ATen/ATen.h>

#include "graph/node.h"
#include "nodes/values/latent.h"
#include "nodes/values/model_param.h"

namespace ladcast {
namespace {

class ToyDenoise final : public Node {
  In<Latent> state{this, "state", "the frame from which the step starts"};
  Out<Latent> forecast{this, "forecast", "the frames of the step"};
  Param<Model> model{this, "model", "model whose frames and latent shape are used"};

  void shape(Shape& shape) override {
    const LatentShape& l = model->latent;
    Spec& out = shape.out(forecast);
    ++out.axes.leads.first;
    describe_latent(out, l.channels, l.rows, l.columns, shape.plan().largest_batch(),
                    model->frames);
  }
  void run(Task& task) const override {
    const Latent& start = task.get(state);
    const LatentShape& l = model->latent;
    std::vector<at::Tensor> members;
    for (std::size_t m = 0; m < task.members().size(); ++m) {
      auto noise = at::empty({l.channels, model->frames, l.rows, l.columns}, at::kFloat);
      task.normal({noise.mutable_data_ptr<float>(), static_cast<std::size_t>(noise.numel())},
                  task.members()[m]);
      const auto row = start.values.size(0) == 1 ? 0 : static_cast<std::int64_t>(m);
      members.push_back(0.9 * start.values[row] + 0.4 * noise.cumsum(1));
    }
    Latent out{at::stack(members), start.init, {}, task.members()};
    for (int i = 1; i <= model->frames; ++i)
      out.lead_hours.push_back(start.lead_hours.back() + i * model->step_hours);
    task.send(forecast, std::move(out));
  }
};

LADCAST_NODE(ToyDenoise, "toy_denoise", "For tests: a random walk in place of the sampler.");

}  // namespace
}  // namespace ladcast
