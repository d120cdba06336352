#include <optional>

#include "graph/node.h"
#include "nodes/transform/normalise_fields.h"
#include "nodes/values/fields_payload.h"
#include "nodes/values/model_param.h"

namespace ladcast {
namespace {

class Denormalise final : public Node {
  In<Fields> fields{this, "fields", "zero mean and unit variance, on the grid of the networks"};
  In<Fields> like{this, "like", "the analysis: points missing there are missing in the result",
                  kOptional};
  Out<Fields> physical{this, "physical", "physical units, on the grid of the model"};
  Param<Model> model{this, "model", "model whose statistics, crop and fill are undone"};

  std::optional<FieldScaling> scaling_;

  void shape(Shape& shape) override {
    const Spec& scaled = shape.in(fields);
    if (!scaled.normalised) {
      shape.error(fields, "the fields are in physical units already", "wire normalised fields");
    }
    describe_fields(shape.out(physical), channels_of(scaled), model->grid, false,
                    maps_of_a_channel(scaled), 1);
  }
  std::vector<std::filesystem::path> files() const override { return model->files(); }
  void open() override { scaling_.emplace(*model); }
  void run(Task& task) const override {
    const auto missing =
        task.has(like) ? MissingPoints::of(task.get(like), *model) : MissingPoints{};
    task.send(physical, scaling_->denormalise(task.get(fields), missing));
  }
};

LADCAST_NODE(Denormalise, "denormalise",
             "Brings normalised fields back to physical units; cropped rows are missing.");

}  // namespace
}  // namespace ladcast
