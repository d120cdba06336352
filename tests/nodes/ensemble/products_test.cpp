// quantiles and probabilities in the engine.
#include <doctest/doctest.h>

#include "graph/harness.h"
#include "nodes/values/fields_payload.h"
#include "tests/nodes/error_message.h"

using namespace ladcast;

namespace {

Fields batch(std::vector<int> members, std::vector<float> values) {
  return {
      Grid{{0}, {0, 180}}, {{"2m_temperature", {}, "K"}}, Time{}, {6}, std::move(members), false,
      std::move(values)};
}

Harness ensemble(const char* type) {
  Harness harness(type);
  harness.plan("members = 3\nbatch = 2\nlead = { step_hours = 6, until_hours = 6 }")
      .put_all<Fields>(
          "fields", {{{0, 1, 0}, batch({1, 2}, {1, 10, 2, 20})}, {{0, 1, 1}, batch({3}, {6, 0})}},
          Axes{true, {1, 1, 1}, true});
  return harness;
}

std::string refused(const char* type, const char* parameter, const char* value) {
  return error_of([&] { ensemble(type).set(parameter, value).get<Fields>(type); });
}

}  // namespace

TEST_CASE("quantiles sends percentiles of all batches") {
  const auto result = ensemble("quantiles").set("percentiles", "[50, 75]").get<Fields>("quantiles");
  CHECK(result.values == std::vector<float>{2, 10, 4, 15});
}

TEST_CASE("quantiles sends five percentiles where none are named") {
  CHECK(ensemble("quantiles").get<Fields>("quantiles").channels.size() == 5);
}

TEST_CASE("percentiles that are none are refused") {
  CHECK(contains(refused("quantiles", "percentiles", "[10, 101]"), "101 is not a percentile"));
  CHECK(contains(refused("quantiles", "percentiles", "[10, 10]"), "percentile 10 is named twice"));
  CHECK(contains(refused("quantiles", "percentiles", "[]"), "there are no percentiles"));
}

TEST_CASE("probabilities sends the part of all members") {
  const auto result = ensemble("probabilities")
                          .set("events", "[\"2m_temperature > 1.5\", \"2m_temperature < 1\"]")
                          .get<Fields>("probabilities");
  CHECK(result.values[0] == doctest::Approx(2.0 / 3));
  CHECK(result.values[1] == doctest::Approx(2.0 / 3));
  CHECK(result.values[2] == 0);
  CHECK(result.values[3] == doctest::Approx(1.0 / 3));
}

TEST_CASE("an event of an unknown variable is an error of the check, with the nearest name") {
  const auto error = refused("probabilities", "events", "\"2m_temprature > 3\"");
  CHECK(contains(error, "the fields have no 2m_temprature"));
  CHECK(contains(error, "did you mean '2m_temperature'?"));
}

TEST_CASE("an event of a level that is not there names those that are") {
  const auto error = refused("probabilities", "events", "\"2m_temperature 500 > 3\"");
  CHECK(contains(error, "the fields have no 2m_temperature 500 hPa"));
  CHECK(contains(error, "they have 2m_temperature"));
}

TEST_CASE("an event that is there twice, or is none, is refused") {
  CHECK(contains(
      refused("probabilities", "events", "[\"2m_temperature > 3\", \"2m_temperature > 3.0\"]"),
      "'2m_temperature > 3.0' is there twice"));
  CHECK(contains(refused("probabilities", "events", "[\"2m_temperature = 3\"]"),
                 "'2m_temperature = 3' is not"));
}
