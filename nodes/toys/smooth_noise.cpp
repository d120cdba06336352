#include <cmath>
#include <numbers>
#include <optional>
#include <span>

#include "graph/node.h"
#include "nodes/transform/normalise_fields.h"
#include "nodes/values/fields_payload.h"
#include "nodes/values/model_param.h"

namespace ladcast {
namespace {

// Sums of five waves with random amplitudes and phases, of unit variance, then scaled as the
// model's channels are.
class SmoothNoise final : public Node {
  Out<Fields> fields{this, "fields", "physical units, on the grid of the model"};
  Param<Model> model{this, "model", "model whose channels, grid and statistics are used"};
  Param<std::string> at{this,
                        "at",
                        "one message for each initial time, or for each lead",
                        {.fallback = "init", .choices = {"init", "lead"}}};
  Param<bool> ensemble{this, "ensemble", "fields for each member of the run", {.fallback = false}};

  std::optional<FieldScaling> scaling_;

  Axes source_axes(const Plan& plan) const override {
    return {true, *at == "lead" ? plan.each_lead() : Leads{}, *ensemble};
  }
  void shape(Shape& shape) override {
    const int members = *ensemble ? shape.plan().largest_batch() : 1;
    describe_fields(shape.out(fields), model->channels, model->grid, false, members, 1);
  }
  void open() override { scaling_.emplace(*model); }

  /// One channel: `draws` are pairs of amplitude and phase.
  static void add_map(std::span<const float> draws, Fields& noise) {
    const std::size_t waves = draws.size() / 2;
    for (const double latitude : noise.grid.latitude)
      for (const double longitude : noise.grid.longitude) {
        double value = 0;
        for (std::size_t k = 0; k < waves; ++k) {
          const double angle = static_cast<double>(k + 1) * longitude + 2 * latitude;
          value +=
              static_cast<double>(draws[2 * k]) *
              std::cos(angle * std::numbers::pi / 180 + 3 * static_cast<double>(draws[2 * k + 1]));
        }
        noise.values.push_back(
            static_cast<float>(value * std::sqrt(2.0 / static_cast<double>(waves))));
      }
  }

  void run(Task& task) const override {
    constexpr std::size_t kDraws = 10;
    Fields noise{model->network_grid(),
                 model->channels,
                 task.init(),
                 {task.lead_hours()},
                 *ensemble ? task.members() : std::vector{0},
                 true,
                 {}};
    std::vector<float> draws(model->channels.size() * kDraws);
    for (const int member : noise.members) {
      task.normal(draws, member);
      for (std::size_t c = 0; c < model->channels.size(); ++c)
        add_map(std::span(draws).subspan(c * kDraws, kDraws), noise);
    }
    task.send(fields, scaling_->denormalise(noise));
  }
};

LADCAST_NODE(SmoothNoise, "smooth_noise",
             "For tests: smooth random fields in place of a file, by the run's seed.");

}  // namespace
}  // namespace ladcast
