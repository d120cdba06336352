#include "nodes/output/grib_grid.h"

#include <cmath>
#include <optional>

#include "graph/error.h"

namespace ladcast {
namespace {

constexpr double kTolerance = 1e-4;  // degrees; GRIB2 stores 1e-6

/// The index of the first coordinate that is not evenly spaced; nothing if all are.
std::optional<std::size_t> first_uneven(const std::vector<double>& values) {
  const double step = (values.back() - values.front()) / static_cast<double>(values.size() - 1);
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::abs(values[i] - (values.front() + static_cast<double>(i) * step)) > kTolerance)
      return i;
  }
  return {};
}

double step_of(const std::vector<double>& values) {
  return std::abs(values.back() - values.front()) / static_cast<double>(values.size() - 1);
}

/// GRIB counts longitudes from 0 to below 360, also those of a region across 0 E.
double from_zero(double longitude) { return longitude < 0 ? longitude + 360 : longitude; }

bool is_gaussian(const std::vector<double>& south_to_north) {
  if (south_to_north.size() % 2 != 0) return false;
  const auto gaussian = gaussian_latitudes(south_to_north.size() / 2);
  for (std::size_t i = 0; i < gaussian.size(); ++i) {
    if (std::abs(gaussian[i] - south_to_north[gaussian.size() - 1 - i]) > 10 * kTolerance)
      return false;
  }
  return true;
}

}  // namespace

void require_grib_grid(const Grid& grid) {
  if (grid.rows() < 2 || grid.columns() < 2) {
    fail("a grid of {} x {} points cannot be written as GRIB2, which needs 2 x 2 or more",
         grid.rows(), grid.columns());
  }
  if (const auto uneven = first_uneven(grid.longitude)) {
    fail("the grid is not regular: longitude {} is out of place; 'regrid' makes it so",
         grid.longitude[*uneven]);
  }
  if (const auto uneven = first_uneven(grid.latitude); uneven && !is_gaussian(grid.latitude)) {
    fail(
        "the grid is neither regular nor Gaussian: latitude {} is out of place; 'regrid' makes it "
        "regular",
        grid.latitude[*uneven]);
  }
}

void set_grid(GribHandle& message, const Grid& grid) {
  require_grib_grid(grid);
  const bool gaussian = first_uneven(grid.latitude).has_value();
  message.set("gridType", std::string(gaussian ? "regular_gg" : "regular_ll"));
  message.set("Ni", static_cast<long>(grid.columns()));
  message.set("Nj", static_cast<long>(grid.rows()));
  message.set("latitudeOfFirstGridPointInDegrees", grid.latitude.back());
  message.set("latitudeOfLastGridPointInDegrees", grid.latitude.front());
  message.set("longitudeOfFirstGridPointInDegrees", from_zero(grid.longitude.front()));
  message.set("longitudeOfLastGridPointInDegrees", from_zero(grid.longitude.back()));
  message.set("iDirectionIncrementInDegrees", step_of(grid.longitude));
  if (gaussian)
    message.set("N", static_cast<long>(grid.rows() / 2));
  else
    message.set("jDirectionIncrementInDegrees", step_of(grid.latitude));
}

}  // namespace ladcast
