// Significance, energy scores and spectra against runs of WeatherBench 2 and WeatherBench-X:
// shared/spec/verification.md, section 9. LADCAST_DATA names another data folder.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "nodes/ingest/grib_fields.h"
#include "nodes/verify/latitude_weights.h"
#include "nodes/verify/multivariate_scores.h"
#include "nodes/verify/significance.h"
#include "nodes/verify/zonal_spectra.h"
#include "tests/nodes/data_folder.h"
#include "tests/nodes/verify/reference_data.h"

using namespace ladcast;
using nlohmann::json;

namespace {

doctest::Approx near(const json& value) {
  return doctest::Approx(value.get<double>()).epsilon(1e-9);
}

double northern_squared_difference(const Fields& a, const Fields& b) {
  const auto weights = latitude_weights(a.grid.latitude, LatitudeWeighting::wb2);
  double sum = 0.0, weight = 0.0;
  for (std::size_t row = 0; row < a.grid.rows(); ++row) {
    if (a.grid.latitude[row] < 20.0) continue;
    for (std::size_t column = 0; column < a.grid.columns(); ++column) {
      const std::size_t point = row * a.grid.columns() + column;
      const double difference = double{a.values[point]} - double{b.values[point]};
      sum += weights[row] * difference * difference;
      weight += weights[row];
    }
  }
  return sum / weight;
}

void check_test(const MeanTest& test, const json& expected) {
  CHECK(test.standard_error == near(expected["stderr"]));
  CHECK(test.dof == expected["dof"].get<double>());
  CHECK(test.low == near(expected["ci95"][0]));
  CHECK(test.high == near(expected["ci95"][1]));
  // The reference subtracts from 1, so that it ends at 1e-16.
  const auto p = expected["p"].get<double>();
  CHECK(std::abs(test.p - p) <= 1e-6 * p + 2.3e-16);
}

}  // namespace

TEST_CASE("persistence of a season is tested as by WeatherBench-X") {
  const json reference = read_reference("significance_reference.json");
  if (reference.empty()) return;
  const auto analyses = season_of_pressure();
  std::vector<double> differences;
  for (std::size_t valid = 12; valid < analyses.size(); ++valid)
    differences.push_back(northern_squared_difference(analyses[valid], analyses[valid - 4]) -
                          northern_squared_difference(analyses[valid], analyses[valid - 12]));
  REQUIRE(differences.size() == reference["n"].get<std::size_t>());
  for (std::size_t i = 0; i < 5; ++i) CHECK(differences[i] == near(reference["first5"][i]));
  CHECK(iid_test(differences).mean == near(reference["mean"]));
  check_test(iid_test(differences), reference["iid_t"]);
  check_test(geer_test(differences), reference["geer_ar2"]);
  check_test(ewc_test(differences), reference["lazarus_ewc"]);
  const AutoregressiveFit fit = fit_autoregressive(differences);
  const json& expected = reference["geer_ar2"];
  CHECK(fit.rho1 == near(expected["rho1"]));
  CHECK(fit.rho2 == near(expected["rho2"]));
  CHECK(fit.phi1 == near(expected["phi1"]));
  CHECK(fit.phi2 == near(expected["phi2"]));
  CHECK(fit.k == near(expected["k"]));
}

TEST_CASE("ERA5 members have the energy scores of WeatherBench 2") {
  const json reference = read_reference("era5_levels_members_reference.json");
  if (reference.empty()) return;
  const auto all_times = era5();
  for (std::size_t time = 0; time < all_times.size(); ++time) {
    const Fields& all = all_times[time].members;
    const Grid& grid = all.grid;
    const auto map = [&](std::size_t member, std::size_t channel) {
      return all.map(member, 0, channel);
    };
    const auto row_weights = latitude_weights(grid.latitude, LatitudeWeighting::wb2);
    for (std::size_t channel = 0; channel < all.channels.size(); ++channel) {
      INFO(to_string(all.channels[channel]), " ", time);
      std::vector<std::span<const float>> members;
      for (std::size_t member = 1; member < 10; ++member) members.push_back(map(member, channel));
      const char* const variable = channel < 2 ? "z" : "t";
      for (const char* const region : {"global", "tropics", "nh", "europe"}) {
        std::vector<double> weights;
        for (std::size_t row = 0; row < grid.rows(); ++row) {
          const double latitude = grid.latitude[row];
          for (const double longitude : grid.longitude) {
            const std::string name = region;
            const bool inside = name == "global" ||
                                (name == "tropics" && std::abs(latitude) <= 20) ||
                                (name == "nh" && latitude >= 20) ||
                                (name == "europe" && latitude >= 35 && latitude <= 75 &&
                                 (longitude <= 42.5 || longitude >= 347.5));
            weights.push_back(inside ? row_weights[row] : 0.0);
          }
        }
        const EnergyScore score =
            map_energy_score(members, map(0, channel), weights, EnergyEstimator::wb2);
        const auto check = [&](const std::string& name, double value) {
          INFO(name, " ", region);
          const json& expected = reference["wb2." + name + "." + region];
          const auto wanted = expected[variable][time][channel % 2].get<double>();
          CHECK(std::abs(value - wanted) <= 1e-12 * wanted);
        };
        check("EnergyScoreSkill", score.skill);
        check("EnergyScoreSpread", score.spread);
        check("EnergyScore", score.value());
      }
    }
  }
}

TEST_CASE("ERA5 members have the spectra of WeatherBench 2") {
  const json reference = read_reference("era5_levels_members_reference.json");
  if (reference.empty()) return;
  FieldsRequest request;
  request.channels = {{"geopotential", 500, "m2 s-2"}, {"geopotential", 850, "m2 s-2"}};
  request.init = parse_time("2017-01-01T00");
  const Fields all = GribFiles(data_folder() / "cfgrib/era5-levels-members.grib").read(request);
  const Grid& grid = all.grid;
  const json& spectra = reference["wb2.ZonalEnergySpectrum.z.member0.time0"];
  const std::vector<double> latitudes = spectra["latitudes"];
  std::vector<std::size_t> rows;
  for (const double latitude : latitudes)
    rows.push_back(static_cast<std::size_t>(
        std::find(grid.latitude.begin(), grid.latitude.end(), latitude) - grid.latitude.begin()));
  const ZonalSpectra zonal(grid, rows);
  for (std::size_t level = 0; level < 2; ++level) {
    const auto computed = zonal.of_rows(all.map(0, 0, level));
    for (std::size_t row = 0; row < rows.size(); ++row)
      for (std::size_t k = 0; k <= 8; ++k) {
        const auto expected = spectra["k0..8"][level][row][k].get<double>();
        CHECK(std::abs(computed[row * zonal.wavenumbers() + k] / expected - 1.0) < 1e-9);
      }
  }
}
