#include "nodes/values/scores.h"

#include <doctest/doctest.h>

#include <map>

#include "graph/harness.h"
#include "nodes/values/fields_payload.h"
#include "tests/nodes/error_message.h"

using namespace ladcast;

namespace {

const Axes kLeads{true, {1, 1, 1}, false};
const Axes kBatches{true, {1, 1, 1}, true};
const Key kFirst{0, 1, 0};

// One channel at two points of equal weight.
Fields fields(int lead_hours, std::vector<int> members, std::vector<float> values) {
  return {Grid{{-45, 45}, {0}},     {{"2m_temperature", {}, "K"}},
          parse_time("2000-01-01"), {lead_hours},
          std::move(members),       false,
          std::move(values)};
}

// Three members in two batches.
Harness scores(Fields truth) {
  Harness harness("scores");
  harness.plan("members = 3\nbatch = 2\nlead = { step_hours = 6, until_hours = 6 }")
      .put_all<Fields>(
          "forecast",
          {{kFirst, fields(6, {1, 2}, {2, 4, 6, 4})}, {{0, 1, 1}, fields(6, {3}, {1, 4})}},
          kBatches)
      .put_all<Fields>("truth", {{kFirst, std::move(truth)}}, kLeads);
  return harness;
}

std::map<std::string, double> values_of(const Scores& scores) {
  std::map<std::string, double> values;
  for (const auto& row : scores.rows) values[row.forecast + " " + row.score] = row.value;
  return values;
}

}  // namespace

TEST_CASE("scores are those of the members of all batches") {
  const auto result = scores(fields(6, {0}, {2, 3})).get<Scores>("scores");
  const auto values = values_of(result);
  CHECK(values.size() == 7);
  CHECK(values.at("model members_used") == 3);
  CHECK(values.at("model mse") == 1.0);
  CHECK(values.at("model bias") == 1.0);
  CHECK(values.at("model crps_fair") == doctest::Approx(0.5));
  CHECK(values.at("model variance") == 3.5);
  CHECK(values.at("model expected_mse") == doctest::Approx(14.0 / 3));
  CHECK(result.rows[0].lead_hours == 6);
  CHECK(result.rows[0].region == "global");
  CHECK(result.rows[0].weight == 1.0);
  CHECK(result.rows[0].count == 2);
}

TEST_CASE("persistence and climatology are scored beside the forecast, with their MAE as CRPS") {
  auto harness = scores(fields(6, {0}, {2, 3}));
  harness.put("analysis", fields(0, {0}, {1, 5}))
      .put_all<Fields>("climatology", {{kFirst, fields(6, {0}, {3, 3})}}, kLeads);
  const auto values = values_of(harness.get<Scores>("scores"));
  CHECK(values.at("persistence mse") == 2.5);
  CHECK(values.at("persistence crps_fair") == 1.5);
  CHECK(values.at("climatology crps_fair") == 0.5);
  CHECK(!values.contains("persistence variance"));
  CHECK(values.at("model acc") == doctest::Approx(0.0));  // anomalies 0, 1 and -1, 0
  CHECK(values.at("persistence acc") == doctest::Approx(2 / std::sqrt(8.0)));
  CHECK(std::isnan(values.at("climatology acc")));
}

TEST_CASE("a climatological ensemble is scored beside the forecast") {
  auto harness = scores(fields(6, {0}, {2, 3}));
  harness.put_all<Fields>("climate_members", {{kFirst, fields(6, {1, 2}, {1, 2, 3, 2})}}, kLeads);
  const auto values = values_of(harness.get<Scores>("scores"));
  CHECK(values.at("probabilistic_climatology mse") == 0.5);
  CHECK(values.at("probabilistic_climatology crps_fair") == 0.5);  // 1 - 1 and 1 - 0
}

TEST_CASE("scores that are asked for come beside the default ones, by region") {
  auto harness = scores(fields(6, {0}, {2, 3}));
  harness.set("regions", "[\"global\", \"northern-hemisphere\"]")
      .set("extra", "[\"rank_histogram\", \"crps_ecdf\"]")
      .set("events", "[\"2m_temperature > 3.5\"]");
  std::map<std::string, int> rows;
  for (const auto& row : harness.get<Scores>("scores").rows) ++rows[row.region + " " + row.score];
  CHECK(rows.at("global rank_histogram") == 4);
  CHECK(rows.at("northern-hemisphere crps_ecdf") == 1);
  CHECK(rows.at("northern-hemisphere mse") == 1);
  CHECK(rows.at("global forecast_share") == 4);
  harness.set("extra_leads", "[24]");
  for (const auto& row : harness.get<Scores>("scores").rows) CHECK(!row.bin);
}

TEST_CASE("what scores cannot form is refused before the run, with what can") {
  const auto refused = [](const char* key, const char* value) {
    auto harness = scores(fields(6, {0}, {2, 3}));
    harness.set(key, value);
    return error_of([&] { harness.get<Scores>("scores"); });
  };
  CHECK(contains(refused("regions", "[\"tropiks\"]"), "'tropiks' is no region; did you mean"));
  CHECK(contains(refused("regions", "[\"global land\"]"), "needs a land-sea mask"));
  CHECK(contains(refused("regions", "[]"), "there is no region"));
  CHECK(contains(refused("extra", "[\"crps_ecfd\"]"), "unknown score 'crps_ecfd'"));
  CHECK(contains(refused("events", "[\"geopotential 500 > 3\"]"),
                 "the forecast has no geopotential 500 hPa"));
  CHECK(contains(refused("events", "[\"2m_temperature >= 3\"]"), "is not \"VARIABLE > NUMBER\""));
  CHECK(contains(refused("quantiles", "[90]"), "90 is not between 0 and 1"));
  CHECK(contains(refused("neighbourhoods", "[-1]"), "-1 points are no reach"));
}

TEST_CASE("a lead without truth gives no rows") {
  CHECK(scores(fields(6, {}, {})).get<Scores>("scores").rows.empty());
}

TEST_CASE("a forecast takes the name that is set") {
  auto harness = scores(fields(6, {0}, {2, 3}));
  harness.set("name", "\"375m\"");
  CHECK(harness.get<Scores>("scores").rows[0].forecast == "375m");
}

TEST_CASE("a normalised truth is refused before the run") {
  Fields truth = fields(6, {0}, {2, 3});
  truth.normalised = true;
  const auto error = error_of([&] { scores(truth).get<Scores>("scores"); });
  CHECK(contains(error,
                 "'truth' and 'forecast' cannot be compared: normalised against physical values"));
}

TEST_CASE("a region is neither compared with another one nor weighted to the poles") {
  Fields elsewhere = fields(6, {0}, {2, 3});
  elsewhere.grid.longitude = {5};
  CHECK(contains(error_of([&] { scores(elsewhere).all<Scores>("scores"); }),
                 "cannot be compared: grids of one size in different places"));
  Harness harness("scores");
  Fields tropics = fields(6, {1, 2, 3}, {1, 2, 3, 4, 5, 6}), truth = fields(6, {0}, {2, 3});
  tropics.grid.latitude = truth.grid.latitude = {-5, 5};
  harness.plan("members = 3\nlead = { step_hours = 6, until_hours = 6 }")
      .set("weights", "\"wb2\"")
      .put_all<Fields>("forecast", {{kFirst, tropics}}, kBatches)
      .put_all<Fields>("truth", {{kFirst, truth}}, kLeads);
  CHECK(contains(error_of([&] { harness.all<Scores>("scores"); }),
                 "the outer rows of a region do not reach to the poles"));
}

TEST_CASE("scores of a region say which one") {
  Fields members = fields(6, {1, 2, 3}, std::vector<float>(12, 1)),
         truth = fields(6, {0}, {1, 2, 3, 4});
  members.grid = truth.grid = {{34, 35}, {-1, 0}};
  Harness harness("scores");
  harness.plan("members = 3\nlead = { step_hours = 6, until_hours = 6 }")
      .put_all<Fields>("forecast", {{kFirst, members}}, kBatches)
      .put_all<Fields>("truth", {{kFirst, truth}}, kLeads);
  const auto result = harness.get<Scores>("scores");
  CHECK(result.rows.at(0).region == "34 to 35 N -1 to 0 E");
  CHECK(result.rows.at(0).count == 4);
}

TEST_CASE("scores tell how they were made") {
  auto sound = scores(fields(6, {0}, {2, 3}));
  sound.set("regions", R"(["global", "40/-10/-50/350"])")
      .set("preset", "\"ladcast\"")
      .set("name", "\"ens\"")
      .put("analysis", fields(0, {0}, {1, 5}));
  const Conventions words = sound.get<Scores>("scores").conventions;
  CHECK(words.at("preset") == "ladcast");
  CHECK(words.at("latitude_weights") == "cos: cosine of latitude");
  CHECK(contains(words.at("missing_values"), "without new weights"));
  CHECK(words.at("ddof") == "1");
  CHECK(words.at("members of ens") == "3");
  CHECK(words.at("members of persistence") == "1");
  CHECK(words.at("climatology of ens") == "none");
  CHECK(words.at("limits of 40/-10/-50/350") == "latitude -50 to 40, longitude -10 to 350");
}
