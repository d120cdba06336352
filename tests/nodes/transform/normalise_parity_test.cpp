// Against the reference's own numbers: shared/parity/README.md, section data, and the small
// planet's reference results (pipelines/models/small-planet/README.md).
#include <ATen/ATen.h>
#include <doctest/doctest.h>

#include "nodes/transform/normalise_fields.h"
#include "tests/nodes/ladcast/fixtures.h"

using namespace ladcast;

namespace {

/// (channel, sample, row, column) to and from Fields whose members are the samples.
Fields fields_of(const at::Tensor& tensor, const Model& model) {
  Fields fields{model.grid, model.channels, {}, {0}, {}, false, {}};
  for (int sample = 1; sample <= tensor.size(1); ++sample) fields.members.push_back(sample);
  const at::Tensor sorted = tensor.transpose(0, 1).contiguous();
  const float* values = sorted.const_data_ptr<float>();
  fields.values.assign(values, values + sorted.numel());
  return fields;
}

at::Tensor tensor_of(const Fields& fields) {
  const auto size = [](std::size_t n) { return static_cast<std::int64_t>(n); };
  return at::tensor(at::ArrayRef<float>(fields.values))
      .reshape({size(fields.members.size()), size(fields.channels.size()), size(fields.grid.rows()),
                size(fields.grid.columns())})
      .transpose(0, 1);
}

std::vector<double> numbers(const at::Tensor& tensor) {
  const at::Tensor wide = tensor.to(at::kDouble).contiguous();
  return {wide.const_data_ptr<double>(), wide.const_data_ptr<double>() + wide.numel()};
}

}  // namespace

TEST_CASE("84 channels are normalised, filled and brought back as the reference does") {
  if (!test::begin_parity("data", {"normalise.safetensors"})) return;
  test::Recording recorded(test::parity_folder() / "data/normalise.safetensors");
  Model model = Model::read("pipelines/models/ladcast-375m");
  model.grid = {{0, 1, 2}, {0, 1, 2, 3}};
  model.crop_rows.clear();
  const FieldScaling scaling(model,
                             {numbers(recorded.input("mean")), numbers(recorded.input("std"))});

  const at::Tensor input = recorded.input("fields");
  const Fields physical = fields_of(input, model);
  const Fields scaled = scaling.normalise(physical);
  recorded.compare_absolute("normalised_filled", tensor_of(scaled), 2e-6);
  const at::Tensor there = at::isfinite(input);
  const at::Tensor filled_back = tensor_of(scaled).masked_fill(there.logical_not(), 0);
  CHECK(test::absolute_error(filled_back, recorded.input("normalised").nan_to_num(0)) <= 2e-6);

  // The reference does not restore missing points.
  const at::Tensor back = tensor_of(scaling.denormalise(scaled));
  const at::Tensor expected = recorded.input("denormalised");
  for (std::int64_t channel = 0; channel < back.size(0); ++channel) {
    CHECK(test::relative_error(back[channel], expected[channel]) <= 1e-6);
  }
}

TEST_CASE("an analysis of the small planet is normalised as the reference does") {
  const Model model = Model::read("pipelines/models/small-planet");
  const NamedTensors recorded = read_safetensors("tests/data/small_planet_reference.safetensors");
  const FieldScaling scaling(model);
  const Fields physical = fields_of(recorded.at("fields").unsqueeze(1), model);
  const at::Tensor scaled = tensor_of(scaling.normalise(physical)).squeeze(1);
  CHECK(test::absolute_error(scaled, recorded.at("fields_normalised")) <= 2e-6);
}
