#include "nodes/values/region.h"

#include <doctest/doctest.h>

#include "tests/nodes/error_message.h"

using namespace ladcast;

namespace {

const Grid kGlobe{{-90, -60, -30, 0, 30, 60, 90}, {0, 45, 90, 135, 180, 225, 270, 315}};

Grid grid_of(const Region& region, const Grid& from = kGlobe) { return part_of(from, region).grid; }

std::string refused(const std::vector<double>& degrees) {
  return error_of([&] { parse_region(degrees); });
}

}  // namespace

TEST_CASE("a region has the rows and columns whose centres are inside, its edges too") {
  const PartOfGrid part = part_of(kGlobe, {61, 45, 0, 140});
  CHECK(part.grid == Grid{{0, 30, 60}, {45, 90, 135}});
  CHECK(part.rows == std::vector<std::size_t>{3, 4, 5});
  CHECK(part.columns == std::vector<std::size_t>{1, 2, 3});
}

TEST_CASE("a region across 0 E is taken from west to east, from below 0") {
  const PartOfGrid part = part_of(kGlobe, {0, -50, -30, 90});
  CHECK(part.grid == Grid{{-30, 0}, {-45, 0, 45, 90}});
  CHECK(part.columns == std::vector<std::size_t>{7, 0, 1, 2});
  CHECK(part_of(kGlobe, {0, 310, -30, 90}).grid == part.grid);
}

TEST_CASE("longitudes count from 0 where a region does not lie across 0 E") {
  CHECK(grid_of({0, -100, 0, -40}).longitude == std::vector<double>{270, 315});
  CHECK(grid_of({0, 170, 0, -90}).longitude == std::vector<double>{180, 225, 270});
  CHECK(grid_of({0, -50, 0, -40}).longitude == std::vector<double>{315});
}

TEST_CASE("a region around the globe has all columns as they are") {
  for (const auto& [west, east] : {std::pair{0, 360}, {-180, 180}, {-180, 179}})
    CHECK(grid_of({90, static_cast<double>(west), -90, static_cast<double>(east)}) == kGlobe);
}

TEST_CASE("a region of a region counts its longitudes anew") {
  const Grid europe = grid_of({60, -90, 0, 90});
  CHECK(europe.longitude == std::vector<double>{-90, -45, 0, 45, 90});
  CHECK(grid_of({60, 0, 0, 90}, europe).longitude == std::vector<double>{0, 45, 90});
  CHECK(grid_of({60, 260, 0, 320}, europe).longitude == std::vector<double>{270, 315});
  CHECK(grid_of({60, 310, 0, 10}, europe).longitude == std::vector<double>{-45, 0});
}

TEST_CASE("a region without points is named") {
  CHECK(error_of([] { grid_of({29, 0, 1, 90}); }) == "no row of the grid lies between 1 and 29 N");
  CHECK(error_of([] {
          grid_of({90, 1, 0, 44});
        }) == "no column of the grid lies between 1 and 44 E");
}

TEST_CASE("edges are read in the order of the Climate Data Store") {
  const Region region = parse_region(std::vector<double>{72, -12, 34, 30});
  CHECK(region.north == 72);
  CHECK(region.west == -12);
  CHECK(region.south == 34);
  CHECK(region.east == 30);
  CHECK(contains(refused({34, -12, 72, 30}), "the order is [north, west, south, east]"));
  CHECK(refused({72, -12, 34}) == "a region is [north, west, south, east], not 3 numbers");
  CHECK(refused({91, 0, 0, 30}) == "91 is no latitude; those are -90 to 90");
  CHECK(refused({72, -190, 34, 30}) == "-190 is no longitude; those are -180 to 360");
}
