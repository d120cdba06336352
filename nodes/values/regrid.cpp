#include "nodes/values/regrid.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numbers>

#include "graph/error.h"

namespace ladcast {
namespace {

constexpr double kLeastOverlap = 1e-12;  // of a cell; less is rounding

bool close(const std::vector<double>& a, const std::vector<double>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](double x, double y) { return std::abs(x - y) < 1e-3; });
}

LineWeights normalised(LineWeights line) {
  double sum = 0;
  for (const double weight : line.weight) sum += weight;
  for (double& weight : line.weight) weight /= sum;
  return line;
}

/// Bounds half way between points, and the poles.
std::vector<double> latitude_bounds(std::span<const double> latitudes) {
  std::vector<double> bounds = {-90.0};
  for (std::size_t i = 1; i < latitudes.size(); ++i)
    bounds.push_back((latitudes[i - 1] + latitudes[i]) / 2);
  bounds.push_back(90.0);
  for (double& bound : bounds) bound = std::sin(bound * std::numbers::pi / 180);
  return bounds;
}

struct Cell {
  double west, east;
};

std::vector<Cell> periodic_cells(std::span<const double> longitudes) {
  const std::size_t count = longitudes.size();
  std::vector<Cell> cells;
  for (std::size_t i = 0; i < count; ++i) {
    const double before = i == 0 ? longitudes[count - 1] - 360 : longitudes[i - 1];
    const double after = i + 1 == count ? longitudes[0] + 360 : longitudes[i + 1];
    cells.push_back({(before + longitudes[i]) / 2, (longitudes[i] + after) / 2});
  }
  return cells;
}

/// The two points around `at` in ascending `points`; the same one twice beyond the ends.
LineWeights between(std::span<const double> points, double at) {
  const auto above = std::lower_bound(points.begin(), points.end(), at);
  if (above == points.begin()) return {{0}, {1.0}};
  if (above == points.end()) return {{points.size() - 1}, {1.0}};
  const auto high = static_cast<std::size_t>(above - points.begin());
  const double part = (at - points[high - 1]) / (points[high] - points[high - 1]);
  if (part > 1 - 1e-9) return {{high}, {1.0}};
  if (part < 1e-9) return {{high - 1}, {1.0}};
  return {{high - 1, high}, {1 - part, part}};
}

std::vector<LineWeights> between_rows(const std::vector<double>& from,
                                      const std::vector<double>& to) {
  std::vector<LineWeights> lines;
  for (const double latitude : to) lines.push_back(between(from, latitude));
  return lines;
}

std::vector<LineWeights> between_columns(const std::vector<double>& from,
                                         const std::vector<double>& to) {
  std::vector<double> around = {from.back() - 360};
  around.insert(around.end(), from.begin(), from.end());
  around.push_back(from.front() + 360);
  std::vector<LineWeights> lines;
  for (const double longitude : to) {
    LineWeights line = between(around, longitude);
    for (std::size_t& i : line.index) i = (i + from.size() - 1) % from.size();
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace

std::vector<double> evenly_around(std::size_t count) {
  std::vector<double> degrees;
  for (std::size_t i = 0; i < count; ++i)
    degrees.push_back(360.0 * static_cast<double>(i) / static_cast<double>(count));
  return degrees;
}

bool same_grid(const Grid& a, const Grid& b) {
  return close(a.latitude, b.latitude) && close(a.longitude, b.longitude);
}

/// No gap between columns, also around the date line, or between rows is wider than one and a half
/// of the usual ones, and no pole further from the last row than the next row is.
bool covers_globe(const Grid& grid) {
  const double mean = 360.0 / static_cast<double>(grid.columns());
  double widest = grid.longitude.front() + 360 - grid.longitude.back();
  for (std::size_t i = 1; i < grid.columns(); ++i)
    widest = std::max(widest, grid.longitude[i] - grid.longitude[i - 1]);
  const double rows =
      (grid.latitude.back() - grid.latitude.front()) / static_cast<double>(grid.rows() - 1);
  double tallest = 0;
  for (std::size_t i = 1; i < grid.rows(); ++i)
    tallest = std::max(tallest, grid.latitude[i] - grid.latitude[i - 1]);
  const double south = grid.latitude.front() + 90, north = 90 - grid.latitude.back();
  return widest < 1.5 * mean && tallest < 1.5 * rows && std::max(south, north) < 1.05 * rows;
}

void require_global(const Grid& grid, const char* which) {
  if (grid.rows() < 2 || grid.columns() < 2)
    fail("the {} has {} x {} points", which, grid.rows(), grid.columns());
  if (covers_globe(grid)) return;
  fail("the {} covers {:.6g} to {:.6g} N and {:.6g} to {:.6g} E, not the globe", which,
       grid.latitude.front(), grid.latitude.back(), grid.longitude.front(), grid.longitude.back());
}

std::vector<LineWeights> overlap_on_circle(std::span<const double> from,
                                           std::span<const double> to) {
  const std::vector<Cell> source = periodic_cells(from), target = periodic_cells(to);
  std::vector<LineWeights> lines;
  for (const Cell& cell : target) {
    LineWeights line;
    for (std::size_t j = 0; j < source.size(); ++j) {
      double overlap = 0;
      for (const double turn : {-360.0, 0.0, 360.0})
        overlap += std::max(0.0, std::min(cell.east, source[j].east + turn) -
                                     std::max(cell.west, source[j].west + turn));
      if (overlap <= kLeastOverlap) continue;
      line.index.push_back(j);
      line.weight.push_back(overlap);
    }
    lines.push_back(normalised(std::move(line)));
  }
  return lines;
}

std::vector<LineWeights> overlap_of_rows(std::span<const double> from, std::span<const double> to) {
  const std::vector<double> source = latitude_bounds(from), target = latitude_bounds(to);
  std::vector<LineWeights> lines;
  for (std::size_t i = 0; i < to.size(); ++i) {
    LineWeights line;
    for (std::size_t j = 0; j < from.size(); ++j) {
      const double overlap =
          std::min(target[i + 1], source[j + 1]) - std::max(target[i], source[j]);
      if (overlap <= kLeastOverlap) continue;
      line.index.push_back(j);
      line.weight.push_back(overlap);
    }
    lines.push_back(normalised(std::move(line)));
  }
  return lines;
}

Regridder::Regridder(const Grid& from, const Grid& to, RegridMethod method) : method_(method) {
  require_global(from, "grid of the fields");
  require_global(to, "grid that is asked for");
  for (std::size_t row = 0; row < from.rows(); ++row) from_.push_back({row * from.columns(), 0});
  if (method == RegridMethod::conservative) {
    rows_ = overlap_of_rows(from.latitude, to.latitude);
    columns_ = {overlap_on_circle(from.longitude, to.longitude)};
  } else {
    rows_ = between_rows(from.latitude, to.latitude);
    columns_ = {between_columns(from.longitude, to.longitude)};
  }
}

Regridder::Regridder(const ReducedGrid& from, const Grid& to)
    : method_(RegridMethod::conservative), rows_(overlap_of_rows(from.latitude, to.latitude)) {
  require_global(to, "grid that is asked for");
  std::map<std::size_t, std::size_t> kinds;  // of rows, by length
  std::size_t begin = 0;
  for (const std::size_t length : from.lengths) {
    const auto [kind, is_new] = kinds.try_emplace(length, columns_.size());
    if (is_new) columns_.push_back(overlap_on_circle(evenly_around(length), to.longitude));
    from_.push_back({begin, kind->second});
    begin += length;
  }
}

void Regridder::apply(std::span<const float> from, std::span<float> to) const {
  const std::size_t columns = columns_.front().size();
  std::vector<double> sums(from_.size() * columns), shares(sums.size());  // by old row, new column
  for (std::size_t row = 0; row < from_.size(); ++row) {
    const float* values = from.data() + from_[row].begin;
    const std::vector<LineWeights>& lines = columns_[from_[row].columns];
    for (std::size_t column = 0; column < columns; ++column) {
      double sum = 0, share = 0;
      for (std::size_t k = 0; k < lines[column].index.size(); ++k) {
        const auto value = static_cast<double>(values[lines[column].index[k]]);
        if (std::isnan(value)) continue;
        sum += lines[column].weight[k] * value;
        share += lines[column].weight[k];
      }
      sums[row * columns + column] = sum;
      shares[row * columns + column] = share;
    }
  }
  const double least =
      method_ == RegridMethod::conservative ? kLeastOverlap : 1 - 1e-9;  // of valid points
  for (std::size_t row = 0; row < rows_.size(); ++row) {
    for (std::size_t column = 0; column < columns; ++column) {
      double sum = 0, share = 0;
      for (std::size_t k = 0; k < rows_[row].index.size(); ++k) {
        const std::size_t at = rows_[row].index[k] * columns + column;
        sum += rows_[row].weight[k] * sums[at];
        share += rows_[row].weight[k] * shares[at];
      }
      to[row * columns + column] =
          share > least ? static_cast<float>(sum / share) : std::numeric_limits<float>::quiet_NaN();
    }
  }
}

}  // namespace ladcast
