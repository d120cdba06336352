#include "nodes/values/latent.h"

#include <ATen/ops/mul.h>

#include "graph/node.h"
#include "graph/plugin.h"

namespace ladcast {
namespace {

class Halve final : public Node {
  In<Latent> latent{this, "latent", "any"};
  Out<Latent> halved{this, "halved", "half as large"};

  void shape(Shape& shape) override { shape.out(halved) = shape.in(latent); }
  void run(Task& task) const override {
    Latent result = task.get(latent);
    result.values = at::mul(result.values, 0.5);
    task.send(halved, std::move(result));
  }
};

LADCAST_NODE(Halve, "halve_latent", "Halves latents.");

}  // namespace
}  // namespace ladcast

LADCAST_PLUGIN("latent", "1.0");
