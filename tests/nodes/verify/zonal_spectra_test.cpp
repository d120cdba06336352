#include "nodes/verify/zonal_spectra.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <limits>
#include <numbers>
#include <random>

#include "graph/error.h"

using namespace ladcast;

namespace {

Grid even_grid(std::vector<double> latitude, std::size_t columns) {
  Grid grid{std::move(latitude), {}};
  for (std::size_t i = 0; i < columns; ++i)
    grid.longitude.push_back(360.0 / static_cast<double>(columns) * static_cast<double>(i));
  return grid;
}

double circle(double latitude) {
  return 2.0 * std::numbers::pi * 6367500.0 * std::cos(latitude * std::numbers::pi / 180.0);
}

std::vector<float> random_map(const Grid& grid) {
  std::mt19937 random(3);
  std::normal_distribution<float> normal;
  std::vector<float> map(grid.points());
  for (float& value : map) value = normal(random);
  return map;
}

// By the definition.
double spectrum(std::span<const float> row, std::size_t k, double latitude) {
  std::complex<double> sum = 0.0;
  const auto length = static_cast<double>(row.size());
  for (std::size_t l = 0; l < row.size(); ++l)
    sum += double{row[l]} * std::polar(1.0, -2.0 * std::numbers::pi *
                                                static_cast<double>(k * l % row.size()) / length);
  return (k == 0 ? 1.0 : 2.0) * circle(latitude) * std::norm(sum / length);
}

}  // namespace

TEST_CASE("the spectrum of one wave is one number") {
  const Grid grid = even_grid({60.0}, 12);
  std::vector<float> map;
  for (int i = 0; i < 12; ++i)
    map.push_back(static_cast<float>(5.0 + 2.0 * std::cos(2.0 * std::numbers::pi * 3 * i / 12)));
  const auto spectra = ZonalSpectra(grid, all_rows(grid)).of_rows(map);
  REQUIRE(spectra.size() == 7);
  for (std::size_t k = 0; k < 7; ++k) {
    // C a_0^2 and C a_3^2 / 2, by Parseval's theorem; C is half the equator.
    const double expected = k == 0 ? 25.0 : k == 3 ? 2.0 : 0.0;
    CHECK(std::abs(spectra[k] / (std::numbers::pi * 6367500.0) - expected) < 1e-5);
  }
}

TEST_CASE("spectra of rows of any length are those of the definition") {
  for (const std::size_t columns : {2U, 3U, 7U, 12U, 14U, 45U, 144U, 240U}) {
    INFO("columns ", columns);
    const Grid grid = even_grid({-30.0, 0.0, 75.0}, columns);
    const auto map = random_map(grid);
    const ZonalSpectra zonal(grid, all_rows(grid));
    const auto spectra = zonal.of_rows(map);
    REQUIRE(zonal.wavenumbers() == columns / 2 + 1);
    for (std::size_t row = 0; row < 3; ++row)
      for (std::size_t k = 0; k < zonal.wavenumbers(); ++k) {
        const double expected =
            spectrum(std::span(map).subspan(row * columns, columns), k, grid.latitude[row]);
        CHECK(std::abs(spectra[row * zonal.wavenumbers() + k] - expected) <= 1e-12 * 1e8);
      }
  }
}

TEST_CASE("turning the map changes no spectrum") {
  const Grid grid = even_grid({45.0}, 48);
  auto map = random_map(grid);
  const ZonalSpectra zonal(grid, all_rows(grid));
  const auto before = zonal.mean(map);
  std::rotate(map.begin(), map.begin() + 17, map.end());
  const auto after = zonal.mean(map);
  for (std::size_t k = 0; k < before.size(); ++k)
    CHECK(after[k] == doctest::Approx(before[k]).epsilon(1e-9));
}

TEST_CASE("a row with a missing value has no spectrum and is left out of the mean") {
  const Grid grid = even_grid({40.0, 50.0, 55.0}, 24);
  auto map = random_map(grid);
  map[24 + 5] = std::numeric_limits<float>::quiet_NaN();
  const ZonalSpectra zonal(grid, all_rows(grid));
  const auto rows = zonal.of_rows(map);
  const auto mean = zonal.mean(map);
  for (std::size_t k = 0; k < 13; ++k) {
    CHECK(std::isnan(rows[13 + k]));
    CHECK(mean[k] == doctest::Approx((rows[k] + rows[26 + k]) / 2));
  }
  map[0] = map[71] = std::numeric_limits<float>::quiet_NaN();
  for (const double value : zonal.mean(map)) CHECK(std::isnan(value));
  for (const double value : zonal.mean_by_frequency(map)) CHECK(std::isnan(value));
}

TEST_CASE("rows of different lengths meet at common frequencies") {
  const Grid grid = even_grid({0.0, 60.0}, 24);  // circles in the ratio 2 : 1
  const auto map = random_map(grid);
  const ZonalSpectra zonal(grid, all_rows(grid));
  const auto rows = zonal.of_rows(map);
  const auto mean = zonal.mean_by_frequency(map);
  CHECK(zonal.frequencies().front() == 0.0);
  CHECK(zonal.frequencies().back() == doctest::Approx(12.0 / circle(0.0)));
  for (std::size_t j = 0; j < 13; ++j) {
    // Wavenumber j at the equator is j / 2 at 60 degrees.
    const double north =
        j % 2 == 0 ? rows[13 + j / 2] : (rows[13 + j / 2] + rows[13 + j / 2 + 1]) / 2;
    CHECK(mean[j] == doctest::Approx((rows[j] + north) / 2).epsilon(1e-9));
  }
}

TEST_CASE("poles and the rows outside the middle latitudes are left out") {
  const Grid grid = even_grid({-90, -60, -45, -30, 0, 30, 31.5, 58.5, 60, 90}, 8);
  CHECK(mid_latitude_rows(grid) == std::vector<std::size_t>{2, 6, 7});
  CHECK(all_rows(grid).size() == 10);
  CHECK(ZonalSpectra(grid, all_rows(grid)).rows().size() == 8);
  const std::vector<std::size_t> pole{0};
  CHECK_THROWS_WITH_AS(ZonalSpectra(grid, pole), doctest::Contains("no pole"), Error);
}

TEST_CASE("a grid that is no whole circle has no zonal spectrum") {
  Grid grid = even_grid({0.0}, 8);
  grid.longitude.pop_back();
  CHECK_THROWS_WITH_AS(ZonalSpectra(grid, all_rows(grid)),
                       doctest::Contains("evenly spaced around the whole circle"), Error);
}
