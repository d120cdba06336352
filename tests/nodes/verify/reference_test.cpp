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

// The members of the ERA5 ensemble at each of its four times.
std::vector<Fields> era5_members() {
  std::vector<Fields> all;
  FieldsRequest request;
  request.channels = {{"geopotential", 500, "m2 s-2"},
                      {"geopotential", 850, "m2 s-2"},
                      {"temperature", 500, "K"},
                      {"temperature", 850, "K"}};
  const GribFiles files(data_folder() / "cfgrib/era5-levels-members.grib");
  for (const char* time : {"2017-01-01T00", "2017-01-01T12", "2017-01-02T00", "2017-01-02T12"}) {
    request.init = parse_time(time);
    all.push_back(files.read(request));
    REQUIRE(all.back().members.size() == 10);
  }
  return all;
}

// Of members 1 to 9 over all times.
Fields mean_of_members(const std::vector<Fields>& times) {
  Fields mean = member_of(times[0], 0);
  const std::size_t values = mean.values.size();
  for (std::size_t i = 0; i < values; ++i) {
    double sum = 0;
    for (const Fields& fields : times)
      for (std::size_t member = 1; member < 10; ++member)
        sum += static_cast<double>(fields.values[member * values + i]);
    mean.values[i] = static_cast<float>(sum / 36);
  }
  return mean;
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
  const auto analyses = era5_members();
  const Fields climatology = mean_of_members(analyses);
  const std::map<std::string, std::string> regions{{"global", "global"},
                                                   {"tropics", "tropics"},
                                                   {"northern-hemisphere", "nh"},
                                                   {"europe", "europe"}};
  const std::map<std::string, std::string> ensemble_scores{
      {"crps_fair", "CRPS"},
      {"crps_skill", "CRPSSkill"},
      {"crps_spread", "CRPSSpread"},
      {"mse", "EnsembleMeanMSE"},
      {"variance", "EnsembleVariance"},
      {"debiased_mse", "DebiasedEnsembleMeanMSE"}};
  const std::map<std::string, std::string> member_scores{
      {"mse", "MSE"}, {"mae", "MAE"}, {"bias", "Bias"}};
  ScoreSettings settings{.weighting = LatitudeWeighting::wb2,
                         .regions = {},
                         .extra = {"crps_skill", "crps_spread", "crps_ecdf", "debiased_mse"}};
  for (const auto& [ours, theirs] : regions) settings.regions.push_back(parse_score_region(ours));
  const MapScorer wb2_scorer(climatology.grid, settings);
  const MapScorer ladcast_scorer(climatology.grid, {.weighting = LatitudeWeighting::cos,
                                                    .extra = {"crps_skill", "crps_spread"},
                                                    .as_ladcast = true});
  for (std::size_t time = 0; time < analyses.size(); ++time) {
    const Fields truth = member_of(analyses[time], 0);
    std::vector<Fields> members;
    for (std::size_t member = 1; member < 10; ++member)
      members.push_back(member_of(analyses[time], member));
    NamedForecast ensemble{"ensemble", {}};
    for (const auto& member : members) ensemble.batches.push_back(&member);

    std::vector<ScoreRow> rows;
    append_score_rows(rows, ensemble, truth, &climatology, wb2_scorer);
    append_score_rows(rows, {"member1", {&members[0]}}, truth, &climatology, wb2_scorer);
    append_score_rows(rows, {"ladcast", ensemble.batches}, truth, &climatology, ladcast_scorer);

    for (const ScoreRow& row : rows) {
      const std::string variable = row.channel.name == "geopotential" ? "z" : "t";
      const std::size_t level = row.channel.level == 500 ? 0 : 1;
      // The file's temperatures have more digits than fp32 fields: rounding moves each by up to
      // 1.5e-5 K, all points of a member much alike, so that it shows in the bias and in the mean
      // over a small region. Over the globe it moves the other scores by less than 1e-6.
      const bool averages_out = row.score != "bias" && row.region == "global";
      const double rounding = variable == "z" ? 0.0 : averages_out ? 1e-6 : 3.1e-5;
      const auto check = [&](const json& expected, double tolerance) {
        INFO(row.forecast, " ", row.score, " ", row.region, " ", to_string(row.channel), " ", time);
        const double wanted = expected[time][level];
        CHECK(std::abs(row.value - wanted) <= tolerance * std::abs(wanted) + rounding);
      };
      const auto wb2 = [&](const std::string& name) {
        return reference[fmt::format("wb2.{}.{}", name, regions.at(row.region))][variable];
      };
      if (row.forecast == "ensemble") {
        if (ensemble_scores.contains(row.score)) check(wb2(ensemble_scores.at(row.score)), 1e-12);
        if (row.score == "acc" && row.region == "global")
          check(wb2("ACC.ensmean_vs_member0"), 1e-6);
        if (row.region != "global") continue;
        if (row.score == "crps_fair")
          check(reference[variable == "z" ? "scores.crps_for_ensemble.fair.z.wb2weights"
                                          : "scoringrules.crps_ensemble.fair.t.wb2weights"],
                1e-12);
        if (row.score == "crps_ecdf")
          check(reference[variable == "z" ? "properscoring.crps_ensemble.z.wb2weights"
                                          : "scoringrules.crps_ensemble.nrg.t.wb2weights"],
                1e-12);
      } else if (row.forecast == "member1") {
        if (member_scores.contains(row.score))
          check(wb2(member_scores.at(row.score) + ".member1_vs_member0"), 1e-12);
        if (row.score == "acc" && row.region == "global")
          check(wb2("ACC.member1_vs_member0"), 1e-6);
      } else {
        const json& ladcast = reference
            ["ladcast_convention(cos/mean weights; [time][level]; "
             "climatology = mean of members 1..9 over the 4 times)"][variable];
        const std::map<std::string, std::string> names{{"crps_fair", "crps"},
                                                       {"crps_skill", "crps_skill"},
                                                       {"crps_spread", "crps_spread"},
                                                       {"mse", "ens_mse"},
                                                       {"acc", "ens_acc"}};
        if (names.contains(row.score))
          check(ladcast[names.at(row.score)], 1e-4);  // fp32 in the reference
      }
    }
  }
}

TEST_CASE("the ranks of ERA5 members are those counted by WeatherBench 2's rule without ties") {
  const json reference = read_reference("era5_levels_members_reference.json");
  if (reference.empty()) return;
  std::map<std::string, std::vector<double>> counts;
  for (const Fields& all : era5_members()) {
    const Fields truth = member_of(all, 0);
    Fields others = all;
    others.members.erase(others.members.begin());
    others.values.erase(others.values.begin(),
                        others.values.begin() +
                            static_cast<std::ptrdiff_t>(all.values.size() / all.members.size()));
    std::vector<ScoreRow> rows;
    append_score_rows(rows, {"ensemble", {&others}}, truth, nullptr,
                      MapScorer(all.grid, {.extra = {"rank_histogram"}}));
    for (const ScoreRow& row : rows) {
      if (row.score != "rank_histogram") continue;
      auto& bins = counts[row.channel.name];
      bins.resize(10);
      bins[static_cast<std::size_t>(*row.bin)] += row.value * static_cast<double>(row.count);
    }
  }
  const auto check = [&](const char* name, const char* variable) {
    const auto key = [&](const char* what) { return fmt::format("{}.{}", what, variable); };
    const std::vector<double> strict = reference[key("rank_counts_strict")];
    // A tied point is one rank there, and parts of the bins from it upwards here.
    const double ties = reference[key("points_with_ties")];
    REQUIRE(counts.at(name).size() == strict.size());
    double moved = 0;
    for (std::size_t bin = 0; bin < strict.size(); ++bin)
      moved += std::abs(counts.at(name)[bin] - strict[bin]) / 2;
    CHECK(moved > 0);
    CHECK(moved <= ties);
  };
  check("temperature", "t");
  check("geopotential", "z");
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
  const std::map<std::string, std::string> regions{{"global", "global"},
                                                   {"tropics", "tropics(|lat|<=20)"},
                                                   {"extra-tropics", "extratropics(|lat|>=20)"},
                                                   {"northern-hemisphere", "nh(lat>=20)"},
                                                   {"southern-hemisphere", "sh(lat<=-20)"},
                                                   {"europe", "europe"},
                                                   {"north-america", "north_america"}};
  ScoreSettings settings{.weighting = LatitudeWeighting::wb2, .regions = {}};
  for (const auto& [ours, theirs] : regions) settings.regions.push_back(parse_score_region(ours));
  const MapScorer scorer(climatology.grid, settings);
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
    for (const ScoreRow& row : published_scores(means.rows())) {
      const auto key = fmt::format("msl.persistence.{}h.{}", lead_hours, regions.at(row.region));
      if (!reference["values"].contains(key)) continue;
      const json& expected = reference["values"][key];
      INFO(key, " ", row.score);
      CHECK(row.count == expected["n"].get<std::size_t>());
      const auto near = [&](const char* name) {
        return doctest::Approx(expected[name].get<double>()).epsilon(1e-6);
      };
      if (row.score == "rmse") CHECK(row.value == near("rmse_wb2"));
      if (row.score == "mae") CHECK(row.value == near("mae"));
      if (row.score == "acc") CHECK(row.value == near("acc_vs_3month_mean"));
      if (row.score == "bias") CHECK(std::abs(row.value - expected["bias"].get<double>()) < 1e-4);
    }
  }
}
