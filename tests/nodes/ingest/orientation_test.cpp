#include "nodes/ingest/orientation.h"

#include <doctest/doctest.h>

#include <cmath>

#include "nodes/ingest/units.h"
#include "tests/nodes/error_message.h"

using namespace ladcast;

TEST_CASE("any orientation is brought to south to north, from 0 degrees east") {
  const std::vector<double> latitude = {90, 0, -90}, longitude = {-180, -90, 0, 90};
  const Orientation orientation = orient(latitude, longitude);
  CHECK(orientation.grid == Grid{{-90, 0, 90}, {0, 90, 180, 270}});
  CHECK(orientation.rows == std::vector<std::size_t>{2, 1, 0});
  CHECK(orientation.columns == std::vector<std::size_t>{2, 3, 0, 1});
}

TEST_CASE("a region across 0 E begins below 0") {
  const std::vector<double> latitude = {40, 50};
  const std::vector<double> from_350 = {350, 355, 0, 5, 10}, from_0 = {0, 5, 10, 350, 355};
  for (const auto& longitude : {from_350, from_0}) {
    const Orientation orientation = orient(latitude, longitude);
    CHECK(orientation.grid.longitude == std::vector<double>{-10, -5, 0, 5, 10});
    for (std::size_t i = 0; i < 5; ++i)
      CHECK(std::fmod(longitude[orientation.columns[i]] + 10, 360) == 5.0 * static_cast<double>(i));
  }
  const std::vector<double> beside = {5, 10, 15};
  CHECK(orient(latitude, beside).grid.longitude == beside);
}

TEST_CASE("a longitude that is there twice is refused") {
  const std::vector<double> latitude = {0}, longitude = {0, 180, 360};
  CHECK(error_of([&] { orient(latitude, longitude); }) == "longitude 0 is there twice");
}

TEST_CASE("a grid is compared by its coordinates") {
  const Grid wanted{{-45, 45}, {0, 180}};
  require_grid({{-45.0001, 45}, {0, 180}}, wanted);
  CHECK(error_of([&] {
          require_grid({{-45, 0, 45}, {0, 180}}, wanted);
        }) ==
        "the grid has 3 latitudes from -45 to 45 and 2 longitudes from 0 to 180; wanted are "
        "2 latitudes from -45 to 45 and 2 longitudes from 0 to 180");
}

TEST_CASE("units are converted where they measure the same") {
  CHECK(convert_units("m**2 s**-2", "m2 s-2")->factor == 1);
  CHECK(convert_units("millibars", "Pa")->factor == 100);
  CHECK(convert_units("degC", "K")->offset == 273.15);
  CHECK(convert_units("g kg**-1", "kg kg-1")->factor == 1e-3);
  CHECK(convert_units("kg m-2", "m")->factor == 1e-3);
  CHECK_FALSE(convert_units("m", "Pa"));
  CHECK_FALSE(convert_units("", "K"));
}
