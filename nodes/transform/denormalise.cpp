#include <algorithm>
#include <optional>

#include "graph/node.h"
#include "nodes/transform/normalise_fields.h"
#include "nodes/transform/pole_rows.h"
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
  Param<std::string> pole_rows{
      this,
      "pole_rows",
      "rows at a pole that the networks do not see: missing; nearest_row fills them with the mean "
      "of the nearest row, except those of wind components",
      {.fallback = "missing", .choices = {"missing", "nearest_row"}}};

  Param<std::vector<std::string>> clip{
      this, "clip", "variables whose values below 0 become 0, as total_precipitation_6hr",
      ParamOptions<std::vector<std::string>>{.fallback = std::vector<std::string>{}}};

  std::optional<FieldScaling> scaling_;

  void shape(Shape& shape) override {
    const Spec& scaled = shape.in(fields);
    if (!scaled.normalised) {
      shape.error(fields, "the fields are in physical units already", "wire normalised fields");
    }
    describe_fields(shape.out(physical), channels_of(scaled), model->grid, false,
                    maps_of_a_channel(scaled), 1);
    if (fills_poles()) check_poles(shape);
    for (const std::string& name : *clip) check_clip(shape, name);
  }
  void check_clip(Shape& shape, const std::string& name) {
    const auto there = channels_of(shape.in(fields));
    if (std::none_of(there.begin(), there.end(),
                     [&](const Channel& channel) { return channel.name == name; }))
      shape.error(clip, fmt::format("the fields have no {}", name),
                  "write one of their variables, as clip = [\"total_precipitation_6hr\"]");
    shape.out(physical).history.push_back(
        fmt::format("denormalise: values of {} below 0 are 0", name));
  }
  void clip_below_zero(Fields& result) const {
    for (std::size_t c = 0; c < result.channels.size(); ++c) {
      if (std::find(clip->begin(), clip->end(), result.channels[c].name) == clip->end()) continue;
      for (std::size_t m = 0; m < result.members.size(); ++m)
        for (std::size_t l = 0; l < result.lead_hours.size(); ++l)
          for (float& value : result.map(m, l, c))
            if (value < 0) value = 0;
    }
  }
  bool fills_poles() const { return *pole_rows == "nearest_row"; }
  void check_poles(Shape& shape) {
    try {
      require_pole_rows(*model);
    } catch (const Error& error) {
      shape.error(pole_rows, error.what(), "leave 'pole_rows' out");
    }
    shape.out(physical).history.push_back(
        "denormalise: rows at the poles that the networks do not see are filled with the mean of "
        "the nearest row; wind components are missing there");
  }
  std::vector<std::filesystem::path> files() const override { return model->files(); }
  void open() override { scaling_.emplace(*model); }
  void run(Task& task) const override {
    const auto missing =
        task.has(like) ? MissingPoints::of(task.get(like), *model) : MissingPoints{};
    Fields result = scaling_->denormalise(task.get(fields), missing);
    if (fills_poles()) fill_pole_rows(result, *model);
    clip_below_zero(result);
    task.send(physical, std::move(result));
  }
};

LADCAST_NODE(Denormalise, "denormalise",
             "Brings normalised fields back to physical units, on the grid of the model.");

}  // namespace
}  // namespace ladcast
