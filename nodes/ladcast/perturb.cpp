#include <ATen/ATen.h>

#include "graph/node.h"
#include "nodes/values/latent.h"
#include "nodes/values/model_param.h"

namespace ladcast {
namespace {

/// Of an analysis that has members already, each gets noise of its own.
class Perturb final : public Node {
  In<Latent> analysis{this, "analysis", "latent of the analysis"};
  Out<Latent> perturbed{this, "perturbed",
                        "analyses: the i-th is the start of the forecast members i, i + n, …"};
  Param<Model> model{this, "model", "model whose latents they are"};
  Param<int> members{this, "members", "analyses that are made",
                     ParamOptions<int>{.min = 1, .max = 10'000}};
  Param<double> deviation{this, "deviation",
                          "standard deviation of the noise; that of normalised latents is 0.5",
                          ParamOptions<double>{.min = 0.0}};

  void shape(Shape& shape) override {
    shape.out(perturbed).history.push_back(
        fmt::format("perturb: {} analyses, noise of {}", *members, *deviation));
    const LatentShape& l = model->latent;
    describe_latent(shape.out(perturbed), l.channels, l.rows, l.columns, *members, 1);
  }

  void run(Task& task) const override {
    const Latent& from = task.get(analysis);
    const auto had = from.values.size(0);
    if (*members % had != 0)
      fail("{} analyses cannot be made of {}; take a multiple of it", *members, had);
    const auto values = from.values.repeat({*members / had, 1, 1, 1, 1});
    auto noise = at::empty(values.sizes(), at::TensorOptions(at::kFloat));
    const auto each = static_cast<std::size_t>(noise.numel() / *members);
    Latent made{{}, from.init, from.lead_hours, {}};
    for (int member = 1; member <= *members; ++member) {
      made.members.push_back(member);
      task.normal({noise.data_ptr<float>() + static_cast<std::size_t>(member - 1) * each, each},
                  member, "perturb");
    }
    made.values = values + *deviation * noise.to(values.device());
    task.send(perturbed, std::move(made));
  }
};

LADCAST_NODE(Perturb, "perturb",
             "Makes several analyses of one: adds noise to its latent, so that members start from "
             "different states.");

}  // namespace
}  // namespace ladcast
