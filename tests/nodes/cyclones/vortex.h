// Storms made of formulas, on a background that is smooth noise or a real state.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "nodes/cyclones/closed_contour.h"
#include "nodes/cyclones/great_circle.h"
#include "nodes/values/grid.h"

namespace ladcast::test {

/// msl and geopotential of one time.
struct State {
  Grid grid;
  std::vector<float> msl, z300, z500;

  CycloneMaps maps() const { return {msl, z300, z500, {}, {}}; }
};

/// A warm core: msl is `deficit` Pa lower and the layer from 500 to 300 hPa up to a sixth of that
/// many m2 s-2 thicker, over `radius` degrees as a bell.
struct Vortex {
  LatLon centre;
  double deficit = 3000.0;
  double radius = 2.2;

  void add_to(State& state) const {
    for (std::size_t point = 0; point < state.msl.size(); ++point) {
      const LatLon place{state.grid.latitude[point / state.grid.columns()],
                         state.grid.longitude[point % state.grid.columns()]};
      if (std::abs(place.latitude - centre.latitude) > 8 * radius) continue;
      const double away = great_circle_degrees(centre, place) / radius;
      state.msl[point] -= static_cast<float>(deficit * std::exp(-away * away / 2));
      const double wide = away / 1.5;
      state.z300[point] += static_cast<float>(deficit / 6 * std::exp(-wide * wide / 2));
    }
  }
};

/// Global, 121 rows less the southernmost, as the published model has it.
inline Grid cropped_grid() {
  Grid grid;
  for (int row = 1; row < 121; ++row) grid.latitude.push_back(-90.0 + 1.5 * row);
  for (int column = 0; column < 240; ++column) grid.longitude.push_back(1.5 * column);
  return grid;
}

inline Grid regular_grid(double south, double north, double west, double east, double step) {
  Grid grid;
  for (double at = south; at < north + step / 2; at += step) grid.latitude.push_back(at);
  for (double at = west; at < east + step / 2; at += step) grid.longitude.push_back(at);
  return grid;
}

/// Waves that travel: of planetary size with a swing of about 1000 Pa, and small ones of 60 Pa.
inline State noise(const Grid& grid, int hours, unsigned seed) {
  State state{grid, {}, {}, {}};
  for (const double latitude : grid.latitude) {
    for (const double longitude : grid.longitude) {
      const double x = longitude * kRadians;
      const double y = latitude * kRadians;
      const double calm = std::cos(y);  // waves end at the poles
      double msl = 101000.0 + 700.0 * std::cos(3 * y + seed) * calm;
      double thick = -8000.0 * std::sin(y) * std::sin(y);
      for (int wave = 1; wave <= 12; ++wave) {
        const double phase = seed * 1.7 * wave + hours * 0.004 * (wave % 5 - 2);
        const double swing = wave <= 6 ? 250.0 / wave : 10.0;
        const int k = wave <= 6 ? wave : 3 * wave;
        msl +=
            swing * calm * calm * std::cos(k * x + phase) * std::cos((k % 7 + 1) * y + 2.1 * wave);
        thick += 0.1 * swing * calm * calm * std::sin(k * x + phase) * std::cos((k % 5 + 1) * y);
      }
      state.msl.push_back(static_cast<float>(msl));
      state.z500.push_back(static_cast<float>(55000.0 + thick));
      state.z300.push_back(static_cast<float>(90000.0 + 2 * thick));
    }
  }
  return state;
}

}  // namespace ladcast::test
