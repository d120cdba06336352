#include "nodes/transform/pole_rows.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "graph/harness.h"
#include "graph/whole_file.h"
#include "nodes/values/fields_payload.h"
#include "tests/nodes/error_message.h"
#include "tests/temporary_folder.h"

using namespace ladcast;

namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

Model cropped(std::vector<std::size_t> rows) {
  Model model;
  model.name = "tiny";
  model.grid = {{-90, -45, 45, 90}, {0, 180}};
  model.crop_rows = std::move(rows);
  return model;
}

/// The small planet with a row at the south pole that its networks do not see.
std::string planet_with_a_pole(const TemporaryFolder& folder) {
  std::string text = read_whole_file("pipelines/models/small-planet/model.toml");
  const std::string rows = "{ first = -87.1875, step = 5.625, count = 32 }";
  text.replace(text.find(rows), rows.size(),
               "{ first = -90, step = 5.625, count = 33 }\ncrop_rows = [0]");
  folder.write("model.toml", text);
  folder.write("normal.json", read_whole_file("pipelines/models/small-planet/normal.json"));
  return "\"" + folder.path().string() + "\"";
}

}  // namespace

TEST_CASE("a pole has the mean of the nearest row, and no wind") {
  Fields fields{cropped({0}).grid,
                {{"temperature", 500, "K"},
                 {"u_component_of_wind", 500, "m s-1"},
                 {"10m_v_component_of_wind", {}, "m s-1"},
                 {"sea_surface_temperature", {}, "K"}},
                parse_time("2002-01-11"),
                {6},
                {0},
                false,
                {kNan, kNan, 250,  252, 1, 2, 3, 4,    // temperature
                 kNan, kNan, 5,    6,   1, 2, 3, 4,    // winds
                 kNan, kNan, 5,    6,   1, 2, 3, 4,    //
                 kNan, kNan, kNan, 275, 1, 2, 3, 4}};  // half of the row is ice
  fill_pole_rows(fields, cropped({0}));
  const auto pole = [&](std::size_t channel) { return fields.map(0, 0, channel); };
  CHECK(pole(0)[0] == 251);
  CHECK(pole(0)[1] == 251);
  CHECK(pole(0)[2] == 250);
  CHECK(std::isnan(pole(1)[0]));
  CHECK(std::isnan(pole(2)[1]));
  CHECK(pole(3)[0] == 275);
}

TEST_CASE("a pole stays missing where all of the nearest row is; the other pole is filled too") {
  Fields fields{cropped({0, 3}).grid,
                {{"sea_surface_temperature", {}, "K"}},
                parse_time("2002-01-11"),
                {6},
                {0},
                false,
                {kNan, kNan, kNan, kNan, 271, 273, kNan, kNan}};
  fill_pole_rows(fields, cropped({0, 3}));
  CHECK(std::isnan(fields.values[0]));
  CHECK(fields.values[6] == 272);
  CHECK(fields.values[7] == 272);
}

TEST_CASE("only poles are filled") {
  CHECK(error_of([] { require_pole_rows(cropped({0, 3})); }).empty());
  CHECK(error_of([] { require_pole_rows(cropped({})); }) == "the model 'tiny' crops no row");
  CHECK(error_of([] {
          require_pole_rows(cropped({0, 1}));
        }) == "the model 'tiny' crops the row at -45 N, which is not a pole");
}

TEST_CASE("denormalise fills the row at a pole on request alone") {
  const TemporaryFolder folder;
  const std::string model = planet_with_a_pole(folder);
  const Model read = Model::read(folder.path());
  Fields scaled{read.network_grid(), read.channels, parse_time("2002-01-11"), {6}, {1}, true, {}};
  scaled.allocate(0.5F);
  const auto physical = [&](const char* rows) {
    return Harness("denormalise")
        .set("model", model)
        .set("pole_rows", rows)
        .put("fields", scaled)
        .get<Fields>("physical");
  };
  const Fields missing = physical("\"missing\""), filled = physical("\"nearest_row\"");
  REQUIRE(filled.grid.rows() == 33);
  for (std::size_t c = 0; c < filled.channels.size(); ++c) {
    CAPTURE(to_string(filled.channels[c]));
    CHECK(std::isnan(missing.map(0, 0, c)[0]));
    const bool wind = contains(filled.channels[c].name, "component_of_wind");
    CHECK(std::isnan(filled.map(0, 0, c)[63]) == wind);
    if (!wind) CHECK(filled.map(0, 0, c)[63] == doctest::Approx(filled.map(0, 0, c)[64]));
    CHECK(filled.map(0, 0, c)[64] == missing.map(0, 0, c)[64]);
  }
  auto harness = Harness("denormalise");
  scaled.grid = Model::read("pipelines/models/small-planet").network_grid();
  harness.set("model", "\"small-planet\"")
      .set("pole_rows", "\"nearest_row\"")
      .put("fields", scaled);
  CHECK(contains(error_of([&] { harness.all<Fields>("physical"); }),
                 "the model 'small-planet' crops no row"));
}

TEST_CASE("the history of filled fields, which files have as an attribute, says so") {
  const TemporaryFolder folder;
  const std::string model = planet_with_a_pole(folder);
  const Model read = Model::read(folder.path());
  Fields scaled{read.network_grid(), read.channels, parse_time("2002-01-11"), {0}, {0}, true, {}};
  scaled.allocate();
  const Registration source(NodeType{"scaled_fields", "", [&] {
                                       return std::make_unique<harness::Source<Fields>>(
                                           std::map<Key, Fields>{{Key{}, scaled}}, Axes{});
                                     }});
  const auto history = [&](const std::string& rows) {
    const std::string text =
        "flow = 1\n[run]\ninits = [\"2002-01-11T00\"]\n[nodes.scaled]\ntype = \"scaled_fields\"\n"
        "[nodes.unscale]\ntype = \"denormalise\"\nin = \"scaled\"\nmodel = " +
        model + "\npole_rows = " + rows + "\n";
    const Graph graph = build_graph(parse_pipeline(text, "test.toml"));
    return graph.nodes[1].specs[0].history;
  };
  CHECK(history("\"missing\"").empty());
  REQUIRE(history("\"nearest_row\"").size() == 1);
  CHECK(contains(history("\"nearest_row\"")[0], "are filled with the mean of the nearest row"));
}
