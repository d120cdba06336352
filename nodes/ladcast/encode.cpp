#include <ATen/ATen.h>

#include "graph/node.h"
#include "nodes/ladcast/dcae.h"
#include "nodes/ladcast/network_memory.h"
#include "nodes/ladcast/per_device.h"
#include "nodes/ladcast/precision.h"
#include "nodes/ladcast/static_fields.h"
#include "nodes/ladcast/statistics.h"
#include "nodes/values/fields_payload.h"
#include "nodes/values/latent.h"
#include "nodes/values/model_param.h"

namespace ladcast {
namespace {

class Encode final : public Node {
 public:
  Encode() { on_device_lane(); }

 private:
  In<Fields> fields{this, "fields", "normalised, on the grid of the networks"};
  Out<Latent> latent{this, "latent", "normalised latents, one frame"};
  Param<Model> model{this, "model", "model whose autoencoder is used"};
  Param<std::string> precision{this, "precision", "number format of the network",
                               precision_options()};

  PerDevice<Autoencoder> autoencoder_;
  PerDevice<at::Tensor> statics_;  // [1, S, H, W]
  Moments moments_;                // of latents

  void shape(Shape& shape) override {
    const Spec& in = shape.in(fields);
    if (!in.normalised)
      shape.error(fields, "the fields are in physical units",
                  "put a normalise node of the same model before it");
    Spec wanted;
    describe_fields(wanted, model->channels, model->network_grid(), true, 1, 1);
    if (in.normalised && !in.same_content(wanted))
      shape.error(fields,
                  fmt::format("the fields are not those that model '{}' sees: {}", model->name,
                              in.difference(wanted)),
                  "use one model for normalise and encode, and no select between");
    shape.out(latent).history.push_back(
        fmt::format("encode: model {}, {}", model->name, *precision));
    const LatentShape& l = model->latent;
    describe_latent(shape.out(latent), l.channels, l.rows, l.columns, 1, 1);
  }
  std::vector<std::filesystem::path> files() const override { return model->files(); }
  Memory memory() const override {
    return autoencoder_memory(model->autoencoder, model->network_grid(), 1);
  }

  void open() override {
    model->require_files();
    const at::Device here(device());
    auto autoencoder = load_autoencoder(model->autoencoder, here, to_scalar_type(*precision));
    const Grid grid = model->network_grid();
    autoencoder.pack(static_cast<std::int64_t>(grid.rows()),
                     static_cast<std::int64_t>(grid.columns()));
    autoencoder_.set(std::move(autoencoder));
    statics_.set(read_static_fields(*model).to(here, to_scalar_type(*precision)));
    moments_ = latent_moments(*model);
  }

  void run(Task& task) const override {
    const Fields& in = task.get(fields);
    if (in.members.empty())
      fail("the analysis of {} is not there; name only times in run.inits that are",
           short_time(in.init));
    const auto rows = static_cast<std::int64_t>(in.grid.rows());
    const auto columns = static_cast<std::int64_t>(in.grid.columns());
    const auto members = static_cast<std::int64_t>(in.members.size());
    const auto channels = static_cast<std::int64_t>(in.channels.size());
    const auto x = at::from_blob(const_cast<float*>(in.values.data()),
                                 {members, channels, rows, columns}, at::kFloat);
    const auto& statics = statics_.get();
    const auto z = encode(autoencoder_.get(), x.to(statics.options()), statics).to(at::kFloat);
    const auto scaled =
        normalise_latent(z, moments_, model->target_std, 1).unsqueeze(2).contiguous();
    task.send(latent, Latent{scaled, in.init, in.lead_hours, in.members});
  }
};

LADCAST_NODE(Encode, "encode", "Compresses fields to latents with the autoencoder.");

}  // namespace
}  // namespace ladcast
