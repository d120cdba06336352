#include <ATen/ATen.h>

#include "graph/node.h"
#include "nodes/ladcast/dcae.h"
#include "nodes/ladcast/network_memory.h"
#include "nodes/ladcast/per_device.h"
#include "nodes/ladcast/precision.h"
#include "nodes/ladcast/statistics.h"
#include "nodes/values/fields_payload.h"
#include "nodes/values/latent.h"
#include "nodes/values/model_param.h"

namespace ladcast {
namespace {

class Decode final : public Node {
 public:
  Decode() { on_device_lane(); }

 private:
  In<Latent> latent{this, "latent", "normalised latents, one frame or several"};
  Out<Fields> fields{this, "fields", "normalised fields, a message for each lead"};
  Param<Model> model{this, "model", "model whose autoencoder is used"};
  Param<std::string> precision{this, "precision", "number format of the network",
                               precision_options()};

  PerDevice<Autoencoder> autoencoder_;
  Moments moments_;  // of latents
  Grid grid_;
  int batch_ = 1;

  void shape(Shape& shape) override {
    const Spec& in = shape.in(latent);
    batch_ = in.axes.batch ? shape.plan().largest_batch() : 1;
    grid_ = model->network_grid();
    Spec& out = shape.out(fields);
    if (!in.axes.leads.empty()) out.axes.leads = shape.plan().each_lead();
    describe_fields(out, model->channels, grid_, true, batch_, 1);
    out.history.push_back(fmt::format("decode: model {}, {}", model->name, *precision));
    Spec wanted;
    const LatentShape& l = model->latent;
    describe_latent(wanted, l.channels, l.rows, l.columns, 1, 1);
    if (!in.same_content(wanted))
      shape.error(latent, fmt::format("the latents are not those of model '{}'", model->name),
                  "use one model for encode, denoise and decode");
  }
  std::vector<std::filesystem::path> files() const override { return model->files(); }
  Memory memory() const override {
    return autoencoder_memory(model->autoencoder, model->network_grid(), batch_);
  }

  void open() override {
    model->require_files();
    auto autoencoder =
        load_autoencoder(model->autoencoder, at::Device(device()), to_scalar_type(*precision));
    autoencoder.pack(static_cast<std::int64_t>(grid_.rows()),
                     static_cast<std::int64_t>(grid_.columns()));
    autoencoder_.set(std::move(autoencoder));
    moments_ = latent_moments(*model);
  }

  void run(Task& task) const override {
    const Latent& in = task.get(latent);
    const auto z = denormalise_latent(in.values, moments_, model->target_std, 1);
    for (std::size_t i = 0; i < in.lead_hours.size() && !task.stopping(); ++i) {
      const auto frame =
          z.select(2, static_cast<std::int64_t>(i)).to(to_scalar_type(*precision)).contiguous();
      const auto x = decode(autoencoder_.get(), frame).to(at::kCPU, at::kFloat).contiguous();
      Fields out{grid_, model->channels, in.init, {in.lead_hours[i]}, in.members, true, {}};
      out.values.assign(x.const_data_ptr<float>(), x.const_data_ptr<float>() + x.numel());
      task.send(fields, std::move(out), in.lead_hours[i] / plan().step_hours);
    }
  }
};

LADCAST_NODE(Decode, "decode", "Expands latents to fields with the autoencoder.");

}  // namespace
}  // namespace ladcast
