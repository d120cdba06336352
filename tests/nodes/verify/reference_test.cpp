// Against runs of WeatherBench 2, nci/scores and scoringrules: shared/spec/verification.md,
// sections 9.2 to 9.5. LADCAST_DATA names another data folder.
#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "nodes/verify/published_scores.h"
#include "nodes/verify/score_rows.h"
#include "tests/nodes/verify/reference_data.h"

using namespace ladcast;
using nlohmann::json;

namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

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
  const auto times = era5();
  const Grid& grid = times[0].members.grid;
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
  const MapScorer wb2_scorer(grid, settings);
  const MapScorer ladcast_scorer(grid, {.weighting = LatitudeWeighting::cos,
                                        .extra = {"crps_skill", "crps_spread"},
                                        .as_ladcast = true});
  for (std::size_t time = 0; time < times.size(); ++time) {
    const Fields& climatology = times[time].climatology;
    const Fields truth = member_of(times[time].members, 0);
    std::vector<Fields> members;
    for (std::size_t member = 1; member < 10; ++member)
      members.push_back(member_of(times[time].members, member));
    NamedForecast ensemble{"ensemble", {}};
    for (const auto& member : members) ensemble.batches.push_back(&member);

    std::vector<ScoreRow> rows;
    append_score_rows(rows, ensemble, truth, &climatology, wb2_scorer);
    append_score_rows(rows, {"member1", {&members[0]}}, truth, &climatology, wb2_scorer);
    append_score_rows(rows, {"ladcast", ensemble.batches}, truth, &climatology, ladcast_scorer);

    for (const ScoreRow& row : rows) {
      const std::string variable = row.channel.name == "geopotential" ? "z" : "t";
      const std::size_t level = row.channel.level == 500 ? 0 : 1;
      const auto check = [&](const json& expected, double tolerance) {
        INFO(row.forecast, " ", row.score, " ", row.region, " ", to_string(row.channel), " ", time);
        const double wanted = expected[time][level];
        CHECK(std::abs(row.value - wanted) <= tolerance * std::abs(wanted));
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
        if (names.contains(row.score)) check(ladcast[names.at(row.score)], 1e-6);
      }
    }
  }
}

TEST_CASE("the ranks of ERA5 members are those counted by WeatherBench 2's rule without ties") {
  const json reference = read_reference("era5_levels_members_reference.json");
  if (reference.empty()) return;
  std::map<std::string, std::vector<double>> counts;
  for (const auto& [all, climatology] : era5()) {
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
  const std::vector<Fields> analyses = season_of_pressure();
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
      const auto check = [&](const char* score, const char* name) {
        if (row.score != score) return;
        const auto wanted = expected[name].get<double>();
        CHECK(std::abs(row.value - wanted) <= 1e-6 * std::abs(wanted));
      };
      check("rmse", "rmse_wb2");
      check("mae", "mae");
      check("acc", "acc_vs_3month_mean");
      check("bias", "bias");
    }
  }
}
