#include "nodes/ingest/grib_map.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "graph/error.h"
#include "nodes/ingest/orientation.h"
#include "nodes/values/regrid.h"

namespace ladcast {
namespace {

constexpr double kMissing = 1e33;
constexpr long kMostPoints = 1L << 25;  // a damaged message says anything

float or_nan(double value) {
  return value == kMissing ? std::numeric_limits<float>::quiet_NaN() : static_cast<float>(value);
}

// Divides last, so that whole and half degrees come out exactly, as other formats write them.
std::vector<double> spread(double first, double last, long count) {
  std::vector<double> values;
  const auto steps = static_cast<double>(std::max(count - 1, 1L));
  for (long i = 0; i < count; ++i)
    values.push_back(first + (last - first) * static_cast<double>(i) / steps);
  return values;
}

/// The latitudes of the rows in the order of the message.
std::vector<double> latitudes(const GribMessage& message, long rows) {
  const double first = message.number("latitudeOfFirstGridPointInDegrees");
  const double last = message.number("latitudeOfLastGridPointInDegrees");
  if (message.text("gridType").find("gg") == std::string::npos) return spread(first, last, rows);
  std::vector<double> gaussian = message.array("distinctLatitudes");  // of the area, any order
  std::sort(gaussian.begin(), gaussian.end());
  if (first > last) std::reverse(gaussian.begin(), gaussian.end());
  if (static_cast<long>(gaussian.size()) != rows)
    fail("{} has {} Gaussian latitudes for {} rows", message.name(), gaussian.size(), rows);
  return gaussian;
}

std::vector<double> longitudes(const GribMessage& message, long columns) {
  const double west = message.number("longitudeOfFirstGridPointInDegrees");
  double east = message.number("longitudeOfLastGridPointInDegrees");
  const bool westward = message.whole("iScansNegatively") != 0;
  if (!westward && east < west) east += 360;
  if (westward && east > west) east -= 360;
  return spread(west, east, columns);
}

std::vector<double> checked_values(const GribMessage& message, std::size_t points) {
  std::vector<double> values = message.values(kMissing);
  if (values.size() != points)
    fail("{} has {} values for {} points", message.name(), values.size(), points);
  return values;
}

GribMap regular_map(const GribMessage& message) {
  const long columns = message.whole("Ni"), rows = message.whole("Nj");
  if (columns < 1 || rows < 1 || columns > kMostPoints / rows)
    fail("{} has {} x {} points", message.name(), rows, columns);
  const Orientation place = orient(latitudes(message, rows), longitudes(message, columns));
  const auto values = checked_values(message, static_cast<std::size_t>(rows * columns));
  const bool by_column = message.whole("jPointsAreConsecutive") != 0;
  const bool zigzag = message.whole("alternativeRowScanning") != 0;
  const auto length = static_cast<std::size_t>(by_column ? rows : columns);  // of one line
  GribMap map{place.grid, {}};
  map.values.reserve(values.size());
  for (const std::size_t row : place.rows) {
    for (const std::size_t column : place.columns) {
      const std::size_t line = by_column ? column : row, along = by_column ? row : column;
      const std::size_t at = line * length + (zigzag && line % 2 == 1 ? length - 1 - along : along);
      map.values.push_back(or_nan(values[at]));
    }
  }
  return map;
}

GribMap reduced_map(const GribMessage& message, const std::optional<Grid>& wanted) {
  const std::vector<long> lengths = message.whole_array("pl");
  if (lengths.empty()) fail("{} has no rows", message.name());
  if (std::any_of(lengths.begin(), lengths.end(), [](long length) { return length < 1; }))
    fail("{} has a row without points", message.name());
  if (std::accumulate(lengths.begin(), lengths.end(), 0L) > kMostPoints)
    fail("{} has more than {} points", message.name(), kMostPoints);
  const auto longest = static_cast<std::size_t>(*std::max_element(lengths.begin(), lengths.end()));
  const double west = message.number("longitudeOfFirstGridPointInDegrees");
  const double east = message.number("longitudeOfLastGridPointInDegrees");
  if (west != 0 || std::abs(east + 360.0 / static_cast<double>(longest) - 360) > 0.01)
    fail("{} has a reduced grid from {} to {} E; those around the globe from 0 E are read",
         message.name(), west, east);
  if (message.whole("iScansNegatively") != 0 || message.whole("jPointsAreConsecutive") != 0 ||
      message.whole("alternativeRowScanning") != 0)
    fail("{} has a reduced grid that is not scanned row by row eastward", message.name());

  const Orientation place =
      orient(latitudes(message, static_cast<long>(lengths.size())), evenly_around(longest));
  const auto points = static_cast<std::size_t>(std::accumulate(lengths.begin(), lengths.end(), 0L));
  const std::vector<double> values = checked_values(message, points);
  std::vector<std::size_t> begins(lengths.size());
  std::exclusive_scan(lengths.begin(), lengths.end(), begins.begin(), std::size_t{0});
  ReducedGrid grid{place.grid.latitude, {}};
  std::vector<float> northward;
  northward.reserve(points);
  for (const std::size_t row : place.rows) {
    grid.lengths.push_back(static_cast<std::size_t>(lengths[row]));
    for (std::size_t i = 0; i < grid.lengths.back(); ++i)
      northward.push_back(or_nan(values[begins[row] + i]));
  }
  GribMap map{wanted.value_or(place.grid), {}};
  map.values.resize(map.grid.points());
  Regridder(grid, map.grid).apply(northward, map.values);
  return map;
}

}  // namespace

std::string why_grid_is_refused(const std::string& type) {
  if (type == "regular_ll" || type == "regular_gg" || type == "reduced_ll" || type == "reduced_gg")
    return "";
  if (type == "sh") return "holds spectral coefficients; `cdo sp2gpl` makes a grid of them";
  return fmt::format(
      "has a grid of type {}; latitude-longitude and Gaussian grids are read (`cdo remapcon` makes "
      "them)",
      type);
}

GribMap read_map(const GribMessage& message, const std::optional<Grid>& wanted) {
  const std::string type = message.text("gridType");
  if (const auto why = why_grid_is_refused(type); !why.empty()) fail("{} {}", message.name(), why);
  return type.starts_with("regular") ? regular_map(message) : reduced_map(message, wanted);
}

}  // namespace ladcast
