#include <ATen/ATen.h>

#include "graph/node.h"
#include "nodes/values/fields_payload.h"
#include "nodes/values/latent.h"
#include "nodes/values/model_param.h"

namespace ladcast {
namespace {

class ToyDecode final : public Node {
  In<Latent> latent{this, "latent", "one frame or several"};
  Out<Fields> fields{this, "fields", "normalised fields, a message for each lead"};
  Param<Model> model{this, "model", "model whose channels and grid are used"};

  void shape(Shape& shape) override {
    const Spec& in = shape.in(latent);
    Spec& out = shape.out(fields);
    if (!in.axes.leads.empty()) out.axes.leads = shape.plan().each_lead();
    describe_fields(out, model->channels, model->network_grid(), true,
                    in.axes.batch ? shape.plan().largest_batch() : 1, 1);
  }
  void run(Task& task) const override {
    const Latent& in = task.get(latent);
    const Grid grid = model->network_grid();
    const auto turn = at::arange(static_cast<std::int64_t>(model->channels.size()), at::kLong)
                          .remainder(in.values.size(1));
    for (std::size_t i = 0; i < in.lead_hours.size(); ++i) {
      const auto frame = in.values.select(2, static_cast<std::int64_t>(i)).index_select(1, turn);
      const auto x =
          at::upsample_nearest2d(frame.contiguous(), {static_cast<std::int64_t>(grid.rows()),
                                                      static_cast<std::int64_t>(grid.columns())})
              .contiguous();
      Fields out{grid, model->channels, in.init, {in.lead_hours[i]}, in.members, true, {}};
      out.values.assign(x.const_data_ptr<float>(), x.const_data_ptr<float>() + x.numel());
      task.send(fields, std::move(out), in.lead_hours[i] / plan().step_hours);
    }
  }
};

LADCAST_NODE(ToyDecode, "toy_decode", "For tests: boxes in place of the decoder.");

}  // namespace
}  // namespace ladcast
