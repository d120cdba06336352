#include <ATen/ATen.h>

#include "graph/node.h"
#include "nodes/values/fields_payload.h"
#include "nodes/values/latent.h"
#include "nodes/values/model_param.h"

namespace ladcast {
namespace {

class ToyEncode final : public Node {
  In<Fields> fields{this, "fields", "normalised, on the grid of the networks"};
  Out<Latent> latent{this, "latent", "one frame: means over boxes, channels in turn"};
  Param<Model> model{this, "model", "model whose latent shape is used"};

  void shape(Shape& shape) override {
    const LatentShape& l = model->latent;
    describe_latent(shape.out(latent), l.channels, l.rows, l.columns, 1, 1);
  }
  void run(Task& task) const override {
    const Fields& in = task.get(fields);
    const LatentShape& l = model->latent;
    const auto size = [](std::size_t n) { return static_cast<std::int64_t>(n); };
    const auto x = at::from_blob(const_cast<float*>(in.values.data()),
                                 {size(in.members.size()), size(in.channels.size()),
                                  size(in.grid.rows()), size(in.grid.columns())},
                                 at::kFloat);
    const auto boxes = at::adaptive_avg_pool2d(x, {l.rows, l.columns});
    const auto turn = at::arange(l.channels, at::kLong).remainder(boxes.size(1));
    task.send(latent, Latent{boxes.index_select(1, turn).unsqueeze(2).contiguous(), in.init,
                             in.lead_hours, in.members});
  }
};

LADCAST_NODE(ToyEncode, "toy_encode", "For tests: box means in place of the encoder.");

}  // namespace
}  // namespace ladcast
