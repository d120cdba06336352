// Distances and directions on the globe.
#pragma once

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>
#include <span>

#include "nodes/values/tracks.h"

namespace ladcast {

constexpr double kEarthRadiusKm = 6371.0;
constexpr double kRadians = std::numbers::pi / 180.0;  // of one degree
constexpr double kKmOfDegree = kEarthRadiusKm * kRadians;

/// From 0 to below 360.
inline double wrap_longitude(double longitude) {
  const double rest = std::fmod(longitude, 360.0);
  const double wrapped = rest < 0 ? rest + 360.0 : rest;
  return wrapped < 360.0 ? wrapped : 0.0;
}

/// Degrees eastward from `from` to `to`, -180 to below 180.
inline double longitude_difference(double to, double from) {
  return wrap_longitude(to - from + 180.0) - 180.0;
}

/// Degrees along the great circle, by the haversine formula.
inline double great_circle_degrees(const LatLon& a, const LatLon& b) {
  const double latitude = std::sin((b.latitude - a.latitude) * kRadians / 2);
  const double longitude = std::sin((b.longitude - a.longitude) * kRadians / 2);
  const double h = latitude * latitude + std::cos(a.latitude * kRadians) *
                                             std::cos(b.latitude * kRadians) * longitude *
                                             longitude;
  return 2.0 * std::asin(std::sqrt(std::min(h, 1.0))) / kRadians;
}

inline double great_circle_km(const LatLon& a, const LatLon& b) {
  return great_circle_degrees(a, b) * kKmOfDegree;
}

/// Direction in which a great circle leaves `from` for `to`, in radians clockwise from north.
inline double bearing(const LatLon& from, const LatLon& to) {
  const double east = (to.longitude - from.longitude) * kRadians;
  const double a = from.latitude * kRadians;
  const double b = to.latitude * kRadians;
  return std::atan2(std::sin(east) * std::cos(b),
                    std::cos(a) * std::sin(b) - std::sin(a) * std::cos(b) * std::cos(east));
}

/// The place `degrees` away in the direction `bearing` (radians clockwise from north).
inline LatLon moved(const LatLon& from, double bearing, double degrees) {
  const double a = from.latitude * kRadians;
  const double d = degrees * kRadians;
  const double sine = std::sin(a) * std::cos(d) + std::cos(a) * std::sin(d) * std::cos(bearing);
  const double b = std::asin(std::clamp(sine, -1.0, 1.0));
  const double east = std::atan2(std::sin(bearing) * std::sin(d) * std::cos(a),
                                 std::cos(d) - std::sin(a) * std::sin(b));
  return {b / kRadians, wrap_longitude(from.longitude + east / kRadians)};
}

/// The place nearest to all: of the mean vector from the centre of the Earth. None where the
/// vectors cancel.
inline std::optional<LatLon> mean_position(std::span<const LatLon> places) {
  double x = 0;
  double y = 0;
  double z = 0;
  for (const auto& place : places) {
    const double across = std::cos(place.latitude * kRadians);
    x += across * std::cos(place.longitude * kRadians);
    y += across * std::sin(place.longitude * kRadians);
    z += std::sin(place.latitude * kRadians);
  }
  if (std::hypot(x, y, z) < 1e-9 * static_cast<double>(std::max<std::size_t>(places.size(), 1)))
    return {};
  return LatLon{std::atan2(z, std::hypot(x, y)) / kRadians,
                wrap_longitude(std::atan2(y, x) / kRadians)};
}

/// Kilometres from `place` to the nearest point of the great circle between `a` and `b`.
inline double km_from_segment(const LatLon& place, const LatLon& a, const LatLon& b) {
  const double to_place = great_circle_degrees(a, place) * kRadians;
  const double length = great_circle_degrees(a, b) * kRadians;
  const double turn = bearing(a, place) - bearing(a, b);
  const double nearest = std::atan2(std::sin(to_place) * std::cos(turn), std::cos(to_place));
  if (length < 1e-12 || nearest <= 0) return to_place * kEarthRadiusKm;
  if (nearest >= length) return great_circle_km(place, b);
  return std::abs(std::asin(std::clamp(std::sin(to_place) * std::sin(turn), -1.0, 1.0))) *
         kEarthRadiusKm;
}

}  // namespace ladcast
