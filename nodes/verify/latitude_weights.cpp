#include "nodes/verify/latitude_weights.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <numeric>

#include "graph/error.h"

namespace ladcast {
namespace {

constexpr double kRadians = std::numbers::pi / 180.0;

// The edges of the rows' cells, from south to north.
std::vector<double> cell_edges(std::span<const double> latitude, bool to_poles) {
  const std::size_t rows = latitude.size();
  std::vector<double> edges(rows + 1);
  for (std::size_t row = 1; row < rows; ++row)
    edges[row] = 0.5 * (latitude[row - 1] + latitude[row]);
  edges.front() = -90.0;
  edges.back() = 90.0;
  if (!to_poles && rows > 1) {
    edges.front() = std::max(-90.0, 1.5 * latitude[0] - 0.5 * latitude[1]);
    edges.back() = std::min(90.0, 1.5 * latitude[rows - 1] - 0.5 * latitude[rows - 2]);
  }
  return edges;
}

}  // namespace

std::vector<double> latitude_weights(std::span<const double> latitude,
                                     LatitudeWeighting weighting) {
  std::vector<double> weights(latitude.size());
  if (weighting == LatitudeWeighting::cos) {
    std::transform(latitude.begin(), latitude.end(), weights.begin(),
                   [](double degrees) { return std::cos(degrees * kRadians); });
  } else {
    const auto edges = cell_edges(latitude, weighting == LatitudeWeighting::wb2);
    for (std::size_t row = 0; row < weights.size(); ++row)
      weights[row] = std::sin(edges[row + 1] * kRadians) - std::sin(edges[row] * kRadians);
  }
  const double mean =
      std::accumulate(weights.begin(), weights.end(), 0.0) / static_cast<double>(weights.size());
  for (double& weight : weights) weight /= mean;
  return weights;
}

LatitudeWeighting parse_latitude_weighting(std::string_view name) {
  if (name == "area") return LatitudeWeighting::area;
  if (name == "wb2") return LatitudeWeighting::wb2;
  if (name == "cos") return LatitudeWeighting::cos;
  fail("unknown latitude weighting '{}', known are area, wb2 and cos", name);
}

}  // namespace ladcast
