#include <algorithm>
#include <optional>

#include "graph/node.h"
#include "nodes/transform/normalise_fields.h"
#include "nodes/values/fields_payload.h"
#include "nodes/values/model_param.h"

namespace ladcast {
namespace {

class Normalise final : public Node {
  In<Fields> fields{this, "fields", "physical units, on the grid of the model"};
  Out<Fields> scaled{this, "scaled", "zero mean and unit variance, on the grid of the networks"};
  Param<Model> model{this, "model", "model whose statistics, crop and fill are used"};

  std::optional<FieldScaling> scaling_;

  void shape(Shape& shape) override {
    const Spec& physical = shape.in(fields);
    if (physical.normalised) {
      shape.error(fields, "the fields are normalised already", "wire fields in physical units");
    }
    const auto there = channels_of(physical);
    std::string lacking;
    for (const Channel& channel : model->channels) {
      if (std::find(there.begin(), there.end(), channel) == there.end()) {
        lacking += (lacking.empty() ? "" : ", ") + to_string(channel);
      }
    }
    if (!lacking.empty()) {
      shape.error(fields, fmt::format("the model '{}' also needs {}", model->name, lacking),
                  "read the channels of the same model");
    }
    describe_fields(shape.out(scaled), model->channels, model->network_grid(), true,
                    maps_of_a_channel(physical), 1);
  }
  std::vector<std::filesystem::path> files() const override { return model->files(); }
  void open() override {
    model->require_files();  // the first node of a forecast: all that is missing at once
    scaling_.emplace(*model);
  }
  void run(Task& task) const override {
    Fields result = scaling_->normalise(task.get(fields));
    scaling_->require_plausible(result);
    task.send(scaled, std::move(result));
  }
};

LADCAST_NODE(
    Normalise, "normalise",
    "Scales fields to zero mean and unit variance, channel by channel, by a model's rules.");

}  // namespace
}  // namespace ladcast
