#include <doctest/doctest.h>

#include <algorithm>

#include "graph/harness.h"
#include "nodes/values/fields_payload.h"
#include "nodes/values/model.h"
#include "nodes/values/moments.h"
#include "tests/nodes/error_message.h"

using namespace ladcast;

namespace {

/// Two members of the small planet, each channel at its own constant plus the member's number.
Fields physical(const Model& model) {
  Fields fields{model.grid, model.channels, parse_time("2002-01-11"), {6}, {1, 2}, false, {}};
  fields.allocate();
  for (std::size_t m = 0; m < 2; ++m) {
    for (std::size_t c = 0; c < fields.channels.size(); ++c) {
      for (float& value : fields.map(m, 0, c)) value = static_cast<float>(100 * c + m);
    }
  }
  return fields;
}

/// The same about the means that the model knows.
Fields plausible(const Model& model) {
  Fields fields = physical(model);
  const Moments moments = read_field_moments(model.field_statistics, model.channels);
  for (std::size_t m = 0; m < 2; ++m)
    for (std::size_t c = 0; c < fields.channels.size(); ++c)
      for (float& value : fields.map(m, 0, c))
        value = static_cast<float>(moments.mean[c] + static_cast<double>(m) * moments.std[c]);
  return fields;
}

const Model kModel = Model::read("pipelines/models/small-planet");

}  // namespace

TEST_CASE("denormalise undoes normalise") {
  const Fields fields = plausible(kModel);
  const Fields scaled = Harness("normalise")
                            .set("model", "\"small-planet\"")
                            .put("fields", fields)
                            .get<Fields>("scaled");
  CHECK(scaled.normalised);
  const Fields back = Harness("denormalise")
                          .set("model", "\"small-planet\"")
                          .put("fields", scaled)
                          .get<Fields>("physical");
  REQUIRE(back.values.size() == fields.values.size());
  float largest = 0;
  for (std::size_t i = 0; i < back.values.size(); ++i) {
    largest = std::max(largest, std::abs(back.values[i] - fields.values[i]));
  }
  CHECK(largest < 0.02F);  // geopotential: fp32 at 1e5
}

TEST_CASE("normalise refuses fields in other units than they say") {
  Fields fields = plausible(kModel);
  const auto t2m =
      std::find(fields.channels.begin(), fields.channels.end(), Channel{"2m_temperature", {}, "K"});
  const auto c = static_cast<std::size_t>(t2m - fields.channels.begin());
  for (float& value : fields.map(0, 0, c)) value -= 273.15F;
  auto harness = Harness("normalise");
  harness.set("model", "\"small-planet\"").put("fields", fields);
  const std::string message = error_of([&] { harness.all<Fields>("scaled"); });
  CHECK(contains(message, "2m_temperature averages "));
  CHECK(contains(message, "where the model 'small-planet' knows 2"));
  CHECK(contains(message, "are its units right, and the file whole?"));
}

TEST_CASE("normalise refuses a point that no atmosphere has") {
  Fields fields = plausible(kModel);
  fields.map(1, 0, 3)[7] += 1e7F;
  auto harness = Harness("normalise");
  harness.set("model", "\"small-planet\"").put("fields", fields);
  CHECK(contains(error_of([&] { harness.all<Fields>("scaled"); }), " at a point, "));
}

TEST_CASE("denormalise clips what it is told to") {
  Fields scaled = Harness("normalise")
                      .set("model", "\"small-planet\"")
                      .put("fields", plausible(kModel))
                      .get<Fields>("scaled");
  for (float& value : scaled.values) value = -100;
  const auto least = [&](const char* clip) {
    const Fields back = Harness("denormalise")
                            .set("model", "\"small-planet\"")
                            .set("clip", clip)
                            .put("fields", scaled)
                            .get<Fields>("physical");
    const auto precipitation = std::find(back.channels.begin(), back.channels.end(),
                                         Channel{"total_precipitation_6hr", {}, "m"}) -
                               back.channels.begin();
    const auto map = back.map(1, 0, static_cast<std::size_t>(precipitation));
    return *std::min_element(map.begin(), map.end());
  };
  CHECK(least("[]") < 0);
  CHECK(least("[\"total_precipitation_6hr\"]") == 0);
  CHECK(contains(error_of([&] { least("[\"vorticity\"]"); }), "the fields have no vorticity"));
}

TEST_CASE("normalise refuses streams that the model cannot take, before the run") {
  Fields fields = physical(kModel);
  auto harness = Harness("normalise");
  fields.channels[15].name = "snow_depth";
  fields.normalised = true;
  harness.set("model", "\"small-planet\"").put("fields", fields);
  const std::string message = error_of([&] { harness.all<Fields>("scaled"); });
  CHECK(contains(message, "the fields are normalised already"));
  CHECK(contains(message, "the model 'small-planet' also needs total_precipitation_6hr"));
}

TEST_CASE("select keeps variables and levels in their order") {
  const Fields some = Harness("select")
                          .set("variables", "[\"2m_temperature\", \"geopotential\"]")
                          .set("levels", "[500, 850]")
                          .put("fields", physical(kModel))
                          .get<Fields>("selected");
  CHECK(some.channels == std::vector<Channel>{{"geopotential", 500, "m2 s-2"},
                                              {"geopotential", 850, "m2 s-2"},
                                              {"2m_temperature", {}, "K"}});
  CHECK(some.members == std::vector{1, 2});
  CHECK(some.map(1, 0, 0)[0] == 101);
  CHECK(some.map(1, 0, 2)[2047] == 1301);
}

TEST_CASE("select names what is not there") {
  auto harness = Harness("select");
  harness.set("variables", "[\"vorticity\"]")
      .set("levels", "[700]")
      .put("fields", physical(kModel));
  const std::string message = error_of([&] { harness.all<Fields>("selected"); });
  CHECK(contains(message, "the fields have no vorticity"));
  CHECK(contains(message, "the fields have no 700 hPa"));
}

TEST_CASE("fields whose axes and values do not agree are not sent") {
  const Fields broken{
      {{0}, {0, 180}}, {{"2m_temperature", {}, "K"}}, parse_time("2002-01-11"), {6}, {1, 2}, false,
      {250, 300}};
  CHECK_THROWS_WITH_AS(
      Harness("select")
          .set("variables", "[\"2m_temperature\"]")
          .put("fields", broken)
          .get<Fields>("selected"),
      doctest::Contains("2 values for 2 members, 1 leads, 1 channels and 2 points"), Error);
}
