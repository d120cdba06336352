#include "nodes/values/scores.h"

#include <doctest/doctest.h>

#include <map>

#include "graph/harness.h"
#include "nodes/values/fields_payload.h"
#include "nodes/verify/crps.h"
#include "nodes/verify/extremes.h"
#include "nodes/verify/scorers.h"
#include "nodes/verify/seeps.h"
#include "tests/nodes/error_message.h"
#include "tests/nodes/verify/printed.h"

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
  CHECK(contains(refused("regions", "[\"global lnad\"]"), "did you mean 'global land'?"));
  CHECK(contains(refused("regions", "[]"), "there is no region"));
  CHECK(contains(refused("extra", "[\"crps_ecfd\"]"), "unknown score 'crps_ecfd'"));
  CHECK(contains(refused("events", "[\"geopotential 500 > 3\"]"),
                 "the forecast has no geopotential 500 hPa"));
  CHECK(contains(refused("events", "[\"2m_temperatur > 3\"]"), "write \"2m_temperature > 3\""));
  CHECK(contains(refused("events", "[\"2m_temperatur > 3\"]"), "did you mean '2m_temperature'?"));
  CHECK(contains(refused("events", "[\"geopotental 500 > 3\"]"), "did you mean 'geopotential'?"));
  CHECK(!contains(refused("events", "[\"geopotential 500 > 3\"]"), "did you mean"));
  const auto inclusive = refused("events", "[\"2m_temperature >= 3\"]");
  CHECK(contains(inclusive, "is not \"VARIABLE > NUMBER\""));
  CHECK(contains(inclusive, "write \"2m_temperature > 3\": events are strict"));
  CHECK(contains(refused("quantiles", "[90]"), "90 is not between 0 and 1"));
  CHECK(contains(refused("neighbourhoods", "[-1]"), "-1 points are no reach"));
  CHECK(contains(refused("neighbourhoods", "[1]"), "there is no event to be compared"));
  CHECK(contains(refused("extra_leads", "[6, 25]"), "25 h is no lead of a run in steps of 6 h"));
  CHECK(contains(refused("regions", "[\"10/0/-10/90\"]"),
                 "region '10/0/-10/90' has no point on this grid"));
  CHECK(contains(refused("extra", "[\"acc_centred\"]"), "acc_centred needs the climatological"));
  CHECK(contains(refused("extra", "[\"sot\"]"), "sot needs a sample of the climate"));
  CHECK(contains(refused("extra", "[\"seeps\"]"), "the forecast has neither"));
}

TEST_CASE("what is named twice is refused before the run") {
  const auto refused = [](const char* key, const char* value) {
    auto harness = scores(fields(6, {0}, {2, 3}));
    if (key == std::string("neighbourhoods")) harness.set("events", "[\"2m_temperature > 3\"]");
    harness.set(key, value);
    return error_of([&] { harness.get<Scores>("scores"); });
  };
  CHECK(contains(refused("regions", R"(["global", "tropics", "global"])"),
                 "'global' is named twice"));
  CHECK(contains(refused("events", R"(["2m_temperature > 1", "2m_temperature > 1.0"])"),
                 "'2m_temperature > 1' is named twice"));
  CHECK(contains(refused("quantiles", "[0.5, 0.1, 0.5]"), "'0.5' is named twice"));
  CHECK(contains(refused("neighbourhoods", "[1, 1]"), "'1' is named twice"));
  CHECK(contains(refused("extra", R"(["crps_ecdf", "crps_ecdf"])"), "'crps_ecdf' is named twice"));
  CHECK(refused("events", R"(["2m_temperature > 1", "2m_temperature < 1"])").empty());
}

TEST_CASE("a name that another forecast of the table has is refused before the run") {
  const auto error_with = [](const char* name, const char* port) {
    auto harness = scores(fields(6, {0}, {2, 3}));
    harness.set("name", name);
    if (port == std::string("analysis"))
      harness.put(port, fields(0, {0}, {1, 5}));
    else
      harness.put_all<Fields>(port, {{kFirst, fields(6, {0}, {1, 5})}}, kLeads);
    return error_of([&] { harness.get<Scores>("scores"); });
  };
  CHECK(contains(error_with("\"persistence\"", "analysis"),
                 "'persistence' is what in.analysis is called in the table"));
  CHECK(contains(error_with("\"climatology\"", "climatology"), "is what in.climatology is called"));
  CHECK(contains(error_with("\"probabilistic_climatology\"", "climate_members"),
                 "is what in.climate_members is called"));
  CHECK(contains(error_with("\"\"", "analysis"), "the forecast has an empty name"));
  CHECK(error_with("\"persistence\"", "climatology").empty());
}

TEST_CASE("a truth of several members is refused with their number") {
  CHECK(contains(error_of([] {
                   scores(fields(6, {1, 2}, {2, 3, 4, 5})).get<Scores>("scores");
                 }),
                 "'truth' has 2 members, not one"));
  Harness harness("scores");
  harness.plan("members = 3\nbatch = 1\nlead = { step_hours = 6, until_hours = 6 }");
  std::map<Key, Fields> members;
  for (int batch = 0; batch < 3; ++batch) members[{0, 1, batch}] = fields(6, {batch + 1}, {2, 3});
  harness.put_all<Fields>("forecast", members, kBatches)
      .put_all<Fields>("truth", members, kBatches);
  CHECK(
      contains(error_of([&] { harness.all<Scores>("scores"); }), "'truth' has 3 members, not one"));
}

TEST_CASE("neighbourhoods as wide as the circle are refused before the run") {
  Fields members = fields(6, {1, 2, 3}, std::vector<float>(12, 1)), truth = fields(6, {0}, {});
  members.grid = truth.grid = {{0}, {0, 90, 180, 270}};
  truth.values.assign(4, 1);
  const auto error_with = [&](const char* reach) {
    Harness harness("scores");
    harness.plan("members = 3\nlead = { step_hours = 6, until_hours = 6 }")
        .set("events", "[\"2m_temperature > 3\"]")
        .set("neighbourhoods", reach)
        .put_all<Fields>("forecast", {{kFirst, members}}, kBatches)
        .put_all<Fields>("truth", {{kFirst, truth}}, kLeads);
    return error_of([&] { harness.all<Scores>("scores"); });
  };
  CHECK(contains(error_with("[1, 2]"), "a neighbourhood that reaches 2 points is 5 wide"));
  CHECK(error_with("[1]").empty());
}

TEST_CASE("a lead without truth gives no rows") {
  CHECK(scores(fields(6, {}, {})).get<Scores>("scores").rows.empty());
}

TEST_CASE("a forecast takes the name that is set") {
  auto harness = scores(fields(6, {0}, {2, 3}));
  harness.set("name", "\"375m\"");
  CHECK(harness.get<Scores>("scores").rows[0].forecast == "375m");
}

TEST_CASE("a truth of other channels is refused with their names and the cure") {
  Fields truth = fields(6, {0}, {2, 3});
  truth.channels = {{"mean_sea_level_pressure", {}, "Pa"}};
  const auto error = error_of([&] { scores(truth).get<Scores>("scores"); });
  CHECK(contains(error,
                 "'truth' has no 2m_temperature [K], which 'forecast' has; 'forecast' has no "
                 "mean_sea_level_pressure [Pa], which 'truth' has"));
  CHECK(contains(error, "name the same channels in the nodes that read them"));
}

TEST_CASE("a variogram of too many points and a spectrum of half a circle are refused before") {
  Fields members = fields(6, {1, 2, 3}, std::vector<float>(3 * 501, 1));
  members.grid = {{0}, {}};
  for (int column = 0; column < 501; ++column) members.grid.longitude.push_back(0.5 * column);
  Fields truth = members;
  truth.members = {0};
  truth.values.resize(501);
  Harness harness("scores");
  harness.plan("members = 3\nlead = { step_hours = 6, until_hours = 6 }")
      .set("extra", "[\"variogram\", \"spectrum\"]")
      .put_all<Fields>("forecast", {{kFirst, members}}, kBatches)
      .put_all<Fields>("truth", {{kFirst, truth}}, kLeads);
  const auto error = error_of([&] { harness.all<Scores>("scores"); });
  CHECK(contains(error,
                 "the variogram score takes at most 500 points, and region '0 to 0 N 0 to 250 E' "
                 "has 501"));
  CHECK(contains(error, "leave spectrum out"));
}

TEST_CASE("how extreme an ensemble is beside the climate is that of the functions") {
  auto harness = scores(fields(6, {0}, {2, 3}));
  const std::vector<float> years = {1, 2, 3, 5, 0, 4, 7, 3, 2, 8};
  harness.set("extra", "[\"efi\", \"sot\"]")
      .put_all<Fields>("climate_members", {{kFirst, fields(6, {1, 2, 3, 4, 5}, years)}}, kLeads);
  const auto climate = [&](std::size_t point) {
    std::vector<double> values, percentiles;
    for (std::size_t year = 0; year < 5; ++year)
      values.push_back(static_cast<double>(years[2 * year + point]));
    for (int p = 0; p <= 100; ++p) percentiles.push_back(sample_quantile(values, p / 100.0));
    return percentiles;
  };
  const std::vector<double> first{2, 6, 1}, second{4, 4, 4};
  const auto mean = [&](auto score) {
    return (score(climate(0), first) + score(climate(1), second)) / 2;
  };
  int rows = 0;
  for (const ScoreRow& row : harness.get<Scores>("scores").rows) {
    if (row.score != "efi" && row.score != "sot") continue;
    ++rows;
    CHECK(row.forecast == "model");
    CHECK(row.count == 2);
    const double expected = mean([&](const auto& usual, const auto& members) {
      return row.score == "efi" ? extreme_forecast_index(usual, members)
                                : shift_of_tails(usual, members, static_cast<int>(*row.bin));
    });
    CHECK(row.value == doctest::Approx(expected).epsilon(1e-12));
  }
  CHECK(rows == 3);
}

namespace {

Fields rain(std::vector<int> members, std::vector<float> metres) {
  Fields result = fields(6, std::move(members), std::move(metres));
  result.channels = {{"total_precipitation_6hr", {}, "m"}};
  return result;
}

// Of three members, with what is usual at the two points.
Harness scores_of_rain() {
  Harness harness("scores");
  harness.plan("members = 3\nlead = { step_hours = 6, until_hours = 6 }")
      .set("extra", "[\"seeps\"]")
      .put_all<Fields>("forecast",
                       {{kFirst, rain({1, 2, 3}, {0, 0.01F, 0.0005F, 0, 0.00005F, 0.002F})}},
                       kBatches)
      .put_all<Fields>("truth", {{kFirst, rain({0}, {0.002F, 0})}}, kLeads);
  return harness;
}

std::map<std::string, double> seeps_by_forecast(const Scores& scores) {
  std::map<std::string, double> values;
  for (const ScoreRow& row : scores.rows)
    if (row.score == "seeps") values[row.forecast] = row.value;
  return values;
}

}  // namespace

TEST_CASE("SEEPS is that of the stored climate, with the dry limit of six hours") {
  auto harness = scores_of_rain();
  Fields climate = rain({0}, {0.5, 0.4, 0.002F, 0.004F});
  climate.channels = {{"total_precipitation_6hr_seeps_dry_fraction", {}, "1"},
                      {"total_precipitation_6hr_seeps_threshold", {}, "m"}};
  harness.put_all<Fields>("seeps", {{kFirst, climate}}, kLeads);
  const auto result = harness.get<Scores>("scores");
  const auto at_first = [](double metres) { return seeps(metres, 0.002F, 0.0001, {0.5, 0.002F}); };
  const auto at_second = [](double metres) { return seeps(metres, 0, 0.0001, {0.4F, 0.004F}); };
  CHECK(at_first(0) == doctest::Approx(4));
  CHECK(seeps_by_forecast(result).at("model") ==
        doctest::Approx((at_first(0) + at_first(0.0005) + at_first(0.00005)) / 6 +
                        (at_second(0.01) + at_second(0) + at_second(0.002)) / 6));
  CHECK(contains(result.conventions.at("climate_of_seeps"), "in.seeps"));
}

TEST_CASE("SEEPS is that of a sample of the climate where no other is given") {
  auto harness = scores_of_rain();
  harness.put_all<Fields>(
      "climate_members",
      {{kFirst, rain({1, 2, 3, 4}, {0, 0, 0.001F, 0, 0.002F, 0.003F, 0.004F, 0.006F})}}, kLeads);
  const auto values = seeps_by_forecast(harness.get<Scores>("scores"));
  const auto first = precipitation_climate(std::vector<double>{0, 0.001F, 0.002F, 0.004F}, 0.0001);
  const auto second = precipitation_climate(std::vector<double>{0, 0, 0.003F, 0.006F}, 0.0001);
  CHECK(first.dry == 0.25);
  CHECK(values.size() == 2);  // and probabilistic_climatology
  double expected = 0;
  for (const double metres : {0.0, 0.0005, 0.00005})
    expected += seeps(metres, 0.002F, 0.0001, first) / 6;
  for (const double metres : {0.01, 0.0, 0.002}) expected += seeps(metres, 0, 0.0001, second) / 6;
  CHECK(values.at("model") == doctest::Approx(expected));
}

TEST_CASE("SEEPS without a climate of its variable is refused before the run") {
  CHECK(contains(error_of([] { scores_of_rain().all<Scores>("scores"); }),
                 "seeps needs a climate of precipitation"));
  auto other = scores_of_rain();
  Fields climate = rain({0}, {0.5, 0.5, 0.002F, 0.004F});
  climate.channels = {{"total_precipitation_24hr_seeps_dry_fraction", {}, "1"},
                      {"total_precipitation_24hr_seeps_threshold", {}, "m"}};
  other.put_all<Fields>("seeps", {{kFirst, climate}}, kLeads);
  CHECK(contains(error_of([&] { other.all<Scores>("scores"); }),
                 "write precipitation = \"total_precipitation_6hr\""));
}

TEST_CASE("weights are made once and anew for another mask, whatever the thread") {
  const KeptScorers kept;
  const Grid grid{{-45, 45}, {0}};
  const ScoreSettings settings{.regions = {parse_score_region("global land")}};
  const std::vector<float> land = {1, 0}, all = {1, 1};
  const auto first = kept.of(grid, settings, land);
  CHECK(kept.of(grid, settings, land) == first);
  const auto other = kept.of(grid, settings, all);
  CHECK(other != first);
  CHECK(first->points.weights(0)[1] == 0);
  CHECK(other->points.weights(0)[1] > 0);
}

TEST_CASE("an ensemble without a member at a lead has rows that say so") {
  Harness harness("scores");
  harness.plan("members = 3\nlead = { step_hours = 6, until_hours = 6 }")
      .put_all<Fields>("forecast", {{kFirst, fields(6, {}, {})}}, kBatches)
      .put_all<Fields>("truth", {{kFirst, fields(6, {0}, {2, 3})}}, kLeads);
  const auto values = values_of(harness.get<Scores>("scores"));
  CHECK(values.at("model members_used") == 0);
  CHECK(std::isnan(values.at("model mse")));
}

TEST_CASE("persistence without its analysis has the rows of other initial times, without a value") {
  const auto rows_of = [](std::vector<int> members, std::vector<float> values) {
    auto harness = scores(fields(6, {0}, {2, 3}));
    harness.set("events", "[\"2m_temperature > 3.5\"]")
        .put("analysis", fields(0, std::move(members), std::move(values)));
    std::map<std::tuple<std::string, std::string, std::optional<double>>, double> rows;
    for (const auto& row : harness.get<Scores>("scores").rows)
      rows[{row.forecast, row.score, row.bin}] = row.value;
    return rows;
  };
  const auto there = rows_of({0}, {1, 5}), absent = rows_of({}, {});
  CHECK(there.contains({"persistence", "forecast_share", 1.0}));
  CHECK(!there.contains({"persistence", "members_used", {}}));
  CHECK(absent.size() == there.size());
  for (const auto& [row, value] : there) {
    CAPTURE(std::get<1>(row));
    REQUIRE(absent.contains(row));
    if (std::get<0>(row) == "persistence")
      CHECK(std::isnan(absent.at(row)));
    else
      CHECK(absent.at(row) == value);
  }
}

TEST_CASE("an initial time without members leaves the bins of a diagram apart") {
  const auto add_to = [](MeanScores& means, std::vector<int> members, std::vector<float> values) {
    Harness harness("scores");
    harness.plan("members = 2\nlead = { step_hours = 6, until_hours = 6 }")
        .set("events", "[\"2m_temperature > 3.5\"]")
        .put_all<Fields>("forecast", {{kFirst, fields(6, std::move(members), std::move(values))}},
                         kBatches)
        .put_all<Fields>("truth", {{kFirst, fields(6, {0}, {2, 3})}}, kLeads);
    for (const auto& row : harness.get<Scores>("scores").rows) means.add(row);
  };
  MeanScores means;
  add_to(means, {}, {});
  add_to(means, {1, 2}, {2, 4, 6, 4});
  std::map<double, double> shares;
  for (const auto& row : means.rows(6))
    if (row.score == "forecast_share") shares[row.bin.value()] = row.value;
  CHECK(shares == std::map<double, double>{{0, 0}, {0.5, 0.5}, {1, 0.5}});
  for (const auto& row : means.missing(6)) CHECK(row.score != "forecast_share");
}

namespace {

/// What scores prints beside a mask and a climate, with these settings.
std::string printed_with(const std::string& settings, std::vector<float> mask, std::size_t years) {
  using Source = harness::Source<Fields>;
  std::vector<std::unique_ptr<Registration>> sources;
  const auto source = [&](const std::string& name, const Key& key, Fields value, Axes axes) {
    sources.push_back(std::make_unique<Registration>(
        NodeType{name, "", [=] {
                   return std::make_unique<Source>(std::map<Key, Fields>{{key, value}}, axes);
                 }}));
  };
  std::vector<int> numbers;
  for (std::size_t year = 1; year <= years; ++year) numbers.push_back(static_cast<int>(year));
  source("put_forecast", kFirst, fields(6, {1, 2}, {2, 4, 6, 4}), kBatches);
  source("put_truth", kFirst, fields(6, {0}, {2, 3}), kLeads);
  source("put_land", {}, fields(0, {0}, std::move(mask)), {});
  source("put_climate", kFirst, fields(6, numbers, std::vector<float>(2 * years, 1)), kLeads);
  std::vector<Scores> kept;
  const Registration sink(
      NodeType{"kept", "", [&kept] { return std::make_unique<harness::Sink<Scores>>(kept); }});
  return printed_by(R"(
flow = 1
[run]
inits = ["2000-01-01T00"]
members = 2
lead = { step_hours = 6, until_hours = 6 }
[nodes]
put_forecast.type = "put_forecast"
put_truth.type = "put_truth"
put_land.type = "put_land"
put_climate.type = "put_climate"
kept = { type = "kept", in = "scores" }
[nodes.scores]
type = "scores"
in.forecast = "put_forecast"
in.truth = "put_truth"
in.land = "put_land"
in.climate_members = "put_climate"
)" + settings);
}

}  // namespace

TEST_CASE("how many points a mask leaves out is told") {
  constexpr float kGap = std::numeric_limits<float>::quiet_NaN();
  const std::string land = "regions = [\"global land\"]";
  CHECK(
      contains(printed_with(land, {1, kGap}, 2), "the land-sea mask is missing at 1 of 2 points"));
  CHECK(printed_with(land, {1, 0}, 2).empty());
}

TEST_CASE("a climate whose outermost percentiles are interpolated is told") {
  const std::string efi = "extra = [\"efi\"]";
  CHECK(contains(printed_with(efi, {1, 0}, 100), "the climate of efi and sot has 100 members"));
  CHECK(printed_with(efi, {1, 0}, 101).empty());
  CHECK(printed_with("", {1, 0}, 2).empty());
}

TEST_CASE("a climate of one member has no percentiles and is refused before the run") {
  auto alone = scores(fields(6, {0}, {2, 3}));
  alone.set("extra", "[\"efi\"]")
      .put_all<Fields>("climate_members", {{kFirst, fields(6, {1}, {1, 2})}}, kLeads);
  CHECK(contains(error_of([&] { alone.get<Scores>("scores"); }),
                 "efi needs percentiles of the climate, which has 1 member"));
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
  CHECK(
      contains(error_of([&] { scores(elsewhere).all<Scores>("scores"); }),
               "'truth' and 'forecast' cannot be compared: 'truth' is on a grid of 2 x 1 points, "
               "-45 to 45 N, 5 to 5 E, 'forecast' on one of 2 x 1 points, -45 to 45 N, 0 to 0 E"));
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
  CHECK_FALSE(words.contains("error_spread"));
  sound.set("extra", R"(["error_spread"])");
  CHECK(contains(sound.get<Scores>("scores").conventions.at("error_spread"),
                 "Christensen et al. (2015, doi:10.1002/qj.2375) have M times this"));
  CHECK(words.at("limits of 40/-10/-50/350") == "latitude -50 to 40, longitude -10 to 350");
}
