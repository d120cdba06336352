#include "nodes/cyclones/great_circle.h"

#include <doctest/doctest.h>

using namespace ladcast;

namespace {

const LatLon kLondon{51.5, 359.9};
const LatLon kNewYork{40.7, 286.0};

double km(const LatLon& a, const LatLon& b) { return great_circle_km(a, b); }

}  // namespace

TEST_CASE("distances are those of a sphere of 6371 km") {
  CHECK(km(kLondon, kLondon) == 0.0);
  CHECK(km({0, 0}, {0, 90}) == doctest::Approx(kEarthRadiusKm * std::numbers::pi / 2));
  CHECK(km({0, 359}, {0, 1}) == doctest::Approx(222.3898));
  CHECK(km({0, 179}, {0, 181}) == doctest::Approx(222.3898));
  CHECK(km({90, 10}, {90, 200}) == doctest::Approx(0.0));
  CHECK(km({80, 0}, {80, 180}) == doctest::Approx(20 * kKmOfDegree));
  const double a = kLondon.latitude * kRadians;  // the law of cosines, far enough apart for it
  const double b = kNewYork.latitude * kRadians;
  const double east = (kLondon.longitude - kNewYork.longitude) * kRadians;
  CHECK(km(kLondon, kNewYork) ==
        doctest::Approx(kEarthRadiusKm * std::acos(std::sin(a) * std::sin(b) +
                                                   std::cos(a) * std::cos(b) * std::cos(east))));
  CHECK(km({0, 0}, {0, 180}) == doctest::Approx(kEarthRadiusKm * std::numbers::pi));
}

TEST_CASE("a place is found again by bearing and distance") {
  for (const LatLon& from : {kLondon, kNewYork, LatLon{-33, 151}, LatLon{0, 0}}) {
    for (const LatLon& to : {kLondon, kNewYork, LatLon{75, 10}, LatLon{-20, 181}}) {
      const LatLon there = moved(from, bearing(from, to), great_circle_degrees(from, to));
      CHECK(km(there, to) == doctest::Approx(0.0).epsilon(1e-6));
    }
  }
}

TEST_CASE("the mean of places across 0 E and the date line is between them") {
  const std::vector<LatLon> greenwich{{10, 358}, {10, 2}};
  const std::vector<LatLon> date_line{{-10, 178}, {-10, 182}};
  CHECK(mean_position(greenwich)->longitude == doctest::Approx(0.0));
  CHECK(mean_position(date_line)->longitude == doctest::Approx(180.0));
  const std::vector<LatLon> opposite{{0, 0}, {0, 180}};
  CHECK(!mean_position(opposite));
  CHECK(!mean_position({}));
}

TEST_CASE("a place beside a segment is as far as the great circle, beyond its ends as the end") {
  CHECK(km_from_segment({1, 5}, {0, 0}, {0, 10}) == doctest::Approx(kKmOfDegree));
  CHECK(km_from_segment({0, 12}, {0, 0}, {0, 10}) == doctest::Approx(2 * kKmOfDegree));
  CHECK(km_from_segment({0, 357}, {0, 0}, {0, 10}) == doctest::Approx(3 * kKmOfDegree));
  CHECK(km_from_segment({1, 180}, {0, 175}, {0, 185}) == doctest::Approx(kKmOfDegree));
  CHECK(km_from_segment({3, 40}, {2, 40}, {2, 40}) == doctest::Approx(kKmOfDegree));
}

TEST_CASE("longitudes are from 0 to below 360") {
  CHECK(wrap_longitude(-0.5) == 359.5);
  CHECK(wrap_longitude(360.0) == 0.0);
  CHECK(wrap_longitude(-1e-20) == 0.0);
  CHECK(longitude_difference(1, 359) == 2.0);
  CHECK(longitude_difference(359, 1) == -2.0);
}
