#include <ATen/ATen.h>
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <limits>

#include "graph/harness.h"
#include "graph/whole_file.h"
#include "nodes/train/samples.h"
#include "nodes/values/fields_payload.h"
#include "nodes/values/model.h"
#include "nodes/values/moments.h"
#include "tests/nodes/error_message.h"
#include "tests/temporary_folder.h"

namespace ladcast {
namespace {

namespace fs = std::filesystem;

/// The small planet, whose networks do not see the southernmost row and a filled temperature.
Model model_with_fill(const TemporaryFolder& folder) {
  const fs::path planet = "pipelines/models/small-planet";
  for (const char* name : {"normal.json", "latent_normal.json", "static.nc"})
    fs::copy_file(planet / name, folder.path() / name);
  auto text = read_whole_file(planet / "model.toml");
  const auto insert = [&text](const std::string& after, const std::string& line) {
    const auto at = text.find(after);
    REQUIRE(at != std::string::npos);
    text.insert(at + after.size(), line);
  };
  insert("name = \"2m_temperature\"", "\nfill = -2.0");
  insert("longitude = { first = 0.0, step = 5.625, count = 64 }", "\ncrop_rows = [0]");
  folder.write("model.toml", text);
  return Model::read(folder.path());
}

std::string quoted(const fs::path& path) { return fmt::format("\"{}\"", path.string()); }

/// Each channel is its mean everywhere.
Fields mean_analysis(const Model& model) {
  Fields analysis{model.grid, model.channels, parse_time("2002-01-11T00"), {0}, {0}, false, {}};
  analysis.allocate();
  const auto mean = read_field_moments(model.field_statistics, model.channels).mean;
  for (std::size_t c = 0; c < model.channels.size(); ++c)
    for (float& value : analysis.map(0, 0, c)) value = static_cast<float>(mean[c]);
  return analysis;
}

std::size_t place_of(const Model& model, const std::string& name) {
  for (std::size_t c = 0; c < model.channels.size(); ++c)
    if (model.channels[c].name == name) return c;
  FAIL("there is no channel ", name);
  return 0;
}

/// Writes the analysis and reads it as a sample.
Samples sample_of(const Fields& analysis, const TemporaryFolder& folder) {
  Harness("netcdf_out")
      .plan("inits = [\"2002-01-11T00\"]")
      .set("path", quoted(folder.path() / "{init}.nc"))
      .put("fields", analysis)
      .run();
  return Harness("samples")
      .plan("iterations = 1")
      .set("path", quoted(folder.path() / "20020111T00.nc"))
      .set("model", quoted(folder.path()))
      .set("batch", "1")
      .get<Samples>("samples");
}

TEST_CASE("missing points of a filled channel are filled and marked, without the cropped row") {
  const TemporaryFolder folder;
  const Model model = model_with_fill(folder);
  Fields analysis = mean_analysis(model);
  const std::size_t warm = place_of(model, "2m_temperature");
  const std::size_t columns = model.grid.columns();
  auto map = analysis.map(0, 0, warm);
  map[0] = map[3 * columns + 5] = std::numeric_limits<float>::quiet_NaN();
  const auto samples = sample_of(analysis, folder);
  const auto channel = static_cast<std::int64_t>(warm);
  REQUIRE(samples.values.sizes() == at::IntArrayRef({1, 16, 1, 31, 64}));
  REQUIRE(samples.missing.sizes() == samples.values.sizes());
  CHECK(samples.missing.sum().item<std::int64_t>() == 1);
  CHECK(samples.missing[0][channel][0][2][5].item<bool>());
  CHECK(samples.values[0][channel][0][2][5].item<float>() == -2.0F);
  CHECK(samples.values[0][channel][0][2][6].item<float>() == doctest::Approx(0.0));
  CHECK(samples.statics.size(2) == 31);
  CHECK(samples.weights.size(2) == 31);
}

TEST_CASE("a sample that cannot be learned from is named with its time and file") {
  const TemporaryFolder folder;
  const Model model = model_with_fill(folder);
  Fields analysis = mean_analysis(model);
  const auto refused = [&] { return error_of([&] { sample_of(analysis, folder); }); };
  auto map = analysis.map(0, 0, place_of(model, "mean_sea_level_pressure"));
  map[700] = std::numeric_limits<float>::quiet_NaN();
  CHECK(contains(refused(), "the analysis of 2002-01-11T00 in " + folder.path().string()));
  CHECK(contains(refused(), "mean_sea_level_pressure"));
}

}  // namespace
}  // namespace ladcast
