#include <ATen/ATen.h>

#include "graph/node.h"
#include "graph/random.h"
#include "nodes/ladcast/roll.h"
#include "nodes/train/samples.h"

namespace ladcast {
namespace {

/// The reference turns the windows of a batch anew for each of its updates but the first, each time
/// from where they were: as uniform as turning the original.
class Augment final : public Node {
  In<Samples> samples{this, "samples", "fields or latents"};
  Out<Samples> turned{this, "turned", "the same, turned"};
  Param<bool> longitude{this, "longitude",
                        "turn each window of a batch by its own random number of columns",
                        ParamOptions<bool>{.fallback = true}};
  Param<bool> latitude{this, "latitude",
                       "also by rows, as the reference does, across the poles to the other edge of "
                       "the map",
                       ParamOptions<bool>{.fallback = false}};
  Param<std::string> when{this,
                          "when",
                          "always, or only where the same windows came before (`repeats`)",
                          {.fallback = "always", .choices = {"always", "repeats"}}};

  void shape(Shape& shape) override {
    const Spec& in = shape.in(samples);
    Spec& out = shape.out(turned);
    out.channels = in.channels;
    out.shape = in.shape;
    out.normalised = in.normalised;
    out.bytes = in.bytes;
  }

  void run(Task& task) const override {
    Samples batch = task.take(samples);
    if (*when == "always" || batch.repeat > 0) turn(batch, corners(task, batch.values));
    task.send(turned, std::move(batch));
  }

  /// [B, 2]: columns and rows of the new corner of each window.
  at::Tensor corners(const Task& task, const at::Tensor& values) const {
    const std::uint64_t seed = plan().seed;
    auto corners = at::zeros({values.size(0), 2}, at::kLong);
    for (std::int64_t i = 0; i < values.size(0); ++i) {
      const auto random =
          philox({static_cast<std::uint32_t>(task.iteration()), static_cast<std::uint32_t>(i), 0U,
                  0x7475726eU},
                 {static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)});
      if (*longitude) corners[i][0] = static_cast<std::int64_t>(random[0]) % values.size(4);
      if (*latitude) corners[i][1] = static_cast<std::int64_t>(random[1]) % values.size(3);
    }
    return corners;
  }

  void turn(Samples& batch, const at::Tensor& corners) const {
    const auto frames = [&](at::Tensor& x) {  // [B, C, T, H, W]
      if (x.defined()) x = roll_maps(x.flatten(1, 2), corners).view(x.sizes());
    };
    const auto maps = [&](at::Tensor& x) {  // [1 or B, C, H, 1 or W]
      if (x.defined()) x = roll_maps(x.expand({corners.size(0), -1, -1, -1}), corners);
    };
    frames(batch.values);
    frames(batch.missing);
    maps(batch.statics);
    if (*latitude) maps(batch.weights);
  }
};

LADCAST_NODE(Augment, "augment", "Turns training samples about the axis of the earth.");

}  // namespace
}  // namespace ladcast
