#include <ATen/ATen.h>

#include "nodes/ladcast/dcae.h"
#include "nodes/train/losses.h"
#include "nodes/train/train_node.h"

namespace ladcast {
namespace {

class TrainAutoencoder final : public TrainNode {
 public:
  TrainAutoencoder() : TrainNode("autoencoder") {}

 private:
  Param<bool> weigh_latitudes{this, "weigh_latitudes",
                              "errors count by the cosine of latitude; inside the norms, as in the "
                              "reference, so that they count by its square",
                              ParamOptions<bool>{.fallback = false}};
  Param<double> weight_power{this, "weight_power",
                             "power of the cosine where latitudes are weighed; errors are squared "
                             "afterwards, so that 0.5 makes them count by area",
                             ParamOptions<double>{.fallback = 1.0, .min = 0.0}};
  Param<std::string> learned{this,
                             "learned",
                             "all, or the decoder alone, as the reference's fine-tuning",
                             {.fallback = "all", .choices = {"all", "decoder"}}};
  Param<std::string> pole_gradients{
      this,
      "pole_gradients",
      "full, or none: the first and the last row do not count in the gradients of the kernels, "
      "as in the reference",
      {.fallback = "full", .choices = {"full", "none"}}};

  std::optional<Autoencoder> autoencoder_;

  std::filesystem::path folder() const override { return model->autoencoder; }
  DescribeNetwork make_network() override {
    autoencoder_.emplace(read_autoencoder_config(folder()));
    autoencoder_->recomputes = recomputes();
    return [this](const VisitTensor& visit) { autoencoder_->describe(visit); };
  }
  void prepare() override {
    autoencoder_->prepare(*pole_gradients == "full" ? PoleGradients::full : PoleGradients::none);
  }
  bool learns(const std::string& name) const override {
    return *learned == "all" || !name.starts_with("encoder.");
  }

  at::Tensor loss(const Task&, const Samples& batch) const override {
    const auto to = [&](const at::Tensor& x, at::ScalarType type) {
      return x.defined() ? x.to(at::Device(device()), type) : x;
    };
    const auto frame = [](const at::Tensor& x) { return x.defined() ? x.select(2, 0) : x; };
    AutoencoderBatch of;
    of.fields = to(frame(batch.values), at::kFloat);
    of.statics = to(batch.statics, at::kFloat);
    of.missing = to(frame(batch.missing), at::kBool);
    if (*weigh_latitudes)
      of.weights = to(at::pow(at::clamp_min(batch.weights, 0.0), *weight_power), at::kFloat);
    return autoencoder_loss(*autoencoder_, of);
  }
};

LADCAST_NODE(TrainAutoencoder, "train_autoencoder",
             "Trains the autoencoder to reproduce fields. Defaults are the reference's, "
             "but for precision and pole_gradients.");

}  // namespace
}  // namespace ladcast
