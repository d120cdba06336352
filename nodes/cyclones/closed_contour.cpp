#include "nodes/cyclones/closed_contour.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <queue>
#include <utility>

#include "nodes/cyclones/great_circle.h"

namespace ladcast {
namespace {

constexpr double kStepsToLook = 1.5;
constexpr double kStepsToClose = 2.0;

using Polynomial = std::array<double, 6>;  // of 1, x, y, x2, xy, y2

/// Solves the 6 x 6 equations. False where they are singular.
bool solve(std::array<Polynomial, 6>& left, Polynomial& right) {
  for (std::size_t column = 0; column < 6; ++column) {
    std::size_t best = column;
    for (std::size_t row = column + 1; row < 6; ++row)
      if (std::abs(left[row][column]) > std::abs(left[best][column])) best = row;
    if (std::abs(left[best][column]) < 1e-12) return false;
    std::swap(left[column], left[best]);
    std::swap(right[column], right[best]);
    for (std::size_t row = 0; row < 6; ++row) {
      if (row == column) continue;
      const double factor = left[row][column] / left[column][column];
      for (std::size_t i = column; i < 6; ++i) left[row][i] -= factor * left[column][i];
      right[row] -= factor * right[column];
    }
  }
  for (std::size_t row = 0; row < 6; ++row) right[row] /= left[row][row];
  return true;
}

}  // namespace

double closed_rise(const SpherePoints& points, std::span<const float> map, std::size_t from,
                   double degrees) {
  if (std::isnan(map[from])) return 0.0;
  const double limit = SpherePoints::chord2_of(degrees);
  using Entry = std::pair<float, std::size_t>;
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> shore;  // lowest first
  std::vector<char> seen(points.size());
  seen[from] = 1;
  std::vector<std::size_t> around;
  shore.emplace(map[from], from);
  float level = map[from];
  while (!shore.empty()) {
    const auto [value, point] = shore.top();
    shore.pop();
    level = std::max(level, value);
    const bool whole = points.neighbours(point, around);
    const bool leaves = !whole || std::any_of(around.begin(), around.end(), [&](std::size_t next) {
      return std::isnan(map[next]) || points.chord2(from, next) > limit;
    });
    if (leaves) break;
    for (const std::size_t next : around)
      if (!std::exchange(seen[next], 1)) shore.emplace(map[next], next);
  }
  return static_cast<double>(level) - static_cast<double>(map[from]);
}

LowFinder::LowFinder(const Grid& grid, const ContourRules& rules) : points_(grid), rules_(rules) {
  const double look = kStepsToLook * points_.spacing();
  const double close = kStepsToClose * points_.spacing();
  rules_.msl_distance = std::max(rules.msl_distance, close);
  rules_.thickness_distance = std::max(rules.thickness_distance, close);
  rules_.thickness_search = std::max(rules.thickness_search, look);
  rules_.wind_distance = std::max(rules.wind_distance, look);
}

/// Of equal neighbours the first is the minimum.
bool LowFinder::is_minimum(std::span<const float> msl, std::size_t point,
                           std::vector<std::size_t>& around) const {
  if (std::isnan(msl[point])) return false;
  points_.neighbours(point, around);
  return std::none_of(around.begin(), around.end(), [&](std::size_t next) {
    return msl[next] < msl[point] || (msl[next] == msl[point] && next < point);
  });
}

bool LowFinder::has_warm_core(std::span<const float> thinness, std::size_t point) const {
  std::size_t thickest = point;
  for (const std::size_t near : points_.within(point, rules_.thickness_search))
    if (thinness[near] < thinness[thickest] || std::isnan(thinness[thickest])) thickest = near;
  return closed_rise(points_, thinness, thickest, rules_.thickness_distance) >=
         rules_.thickness_fall;
}

double LowFinder::strongest_wind(const CycloneMaps& maps, std::size_t point) const {
  double strongest = std::numeric_limits<double>::quiet_NaN();
  if (maps.wind_u.empty()) return strongest;
  for (const std::size_t near : points_.within(point, rules_.wind_distance)) {
    const double wind = std::hypot(maps.wind_u[near], maps.wind_v[near]);
    if (!(wind <= strongest)) strongest = std::isnan(wind) ? strongest : wind;
  }
  return strongest;
}

/// The lowest point of a paraboloid fitted to the points within one and a half steps; the grid's
/// own point where that is no bowl, and never more than a step away from it.
LatLon LowFinder::lowest_point(std::span<const float> msl, std::size_t point) const {
  const LatLon centre = points_.position(point);
  const double step = points_.spacing();
  std::array<Polynomial, 6> left{};
  Polynomial right{};
  for (const std::size_t near : points_.within(point, kStepsToLook * step)) {
    if (std::isnan(msl[near])) continue;
    const LatLon place = points_.position(near);
    const double away = great_circle_degrees(centre, place) / step;
    const double direction = bearing(centre, place);
    const double x = away * std::sin(direction);
    const double y = away * std::cos(direction);
    const Polynomial terms{1, x, y, x * x, x * y, y * y};
    for (std::size_t i = 0; i < 6; ++i) {
      for (std::size_t j = 0; j < 6; ++j) left[i][j] += terms[i] * terms[j];
      right[i] += terms[i] * (static_cast<double>(msl[near]) - static_cast<double>(msl[point]));
    }
  }
  if (!solve(left, right)) return centre;
  const auto& [level, slope_x, slope_y, bend_x, twist, bend_y] = right;
  const double bowl = 4 * bend_x * bend_y - twist * twist;
  if (bend_x <= 0 || bowl <= 0) return centre;
  const double x = (twist * slope_y - 2 * bend_y * slope_x) / bowl;
  const double y = (twist * slope_x - 2 * bend_x * slope_y) / bowl;
  return moved(centre, std::atan2(x, y), std::min(std::hypot(x, y), 1.0) * step);
}

std::vector<Low> LowFinder::find(const CycloneMaps& maps) const {
  std::vector<float> thinness(maps.geopotential_300.size());
  for (std::size_t i = 0; i < thinness.size(); ++i)
    thinness[i] = maps.geopotential_500[i] - maps.geopotential_300[i];
  struct Found {
    std::size_t point;
    double depth;
    bool warm;
  };
  std::vector<Found> found;
  std::vector<std::size_t> around;
  for (std::size_t point = 0; point < points_.size(); ++point) {
    if (!is_minimum(maps.msl, point, around)) continue;
    const double depth = closed_rise(points_, maps.msl, point, rules_.msl_distance);
    if (depth < rules_.msl_rise) continue;
    found.push_back({point, depth, !thinness.empty() && has_warm_core(thinness, point)});
  }
  const double merge = SpherePoints::chord2_of(rules_.merge_distance);
  std::vector<Low> lows;
  for (const Found& low : found) {
    const bool deepest = std::none_of(found.begin(), found.end(), [&](const Found& other) {
      return other.warm >= low.warm && maps.msl[other.point] < maps.msl[low.point] &&
             points_.chord2(other.point, low.point) <= merge;
    });
    if (deepest)
      lows.push_back({lowest_point(maps.msl, low.point), static_cast<double>(maps.msl[low.point]),
                      low.depth, low.warm, strongest_wind(maps, low.point)});
  }
  return lows;
}

}  // namespace ladcast
