#include "nodes/verify/comparable.h"

#include <doctest/doctest.h>

#include "nodes/values/fields_payload.h"
#include "tests/nodes/error_message.h"

using namespace ladcast;

namespace {

Spec spec(const Grid& grid, const std::vector<Channel>& channels) {
  Spec spec;
  describe_fields(spec, channels, grid, false, 1, 1);
  return spec;
}

const Channel kTemperature{"2m_temperature", {}, "K"}, kHeight{"geopotential", 500, "m2 s-2"};
const Grid kCoarse{{-45, 45}, {0, 180}}, kFine{{-60, 0, 60}, {0, 120, 240}};

}  // namespace

TEST_CASE("fields on one grid with the same channels can be compared") {
  CHECK_FALSE(mismatch("truth", spec(kCoarse, {kHeight}), "forecast", spec(kCoarse, {kHeight})));
}

TEST_CASE("everything that differs is told at once, with a cure for each") {
  const auto found =
      mismatch("truth", spec(kFine, {kTemperature}), "forecast", spec(kCoarse, {kHeight}));
  REQUIRE(found);
  CHECK(contains(found->what,
                 "'truth' is on a grid of 3 x 3 points, -60 to 60 N, 0 to 240 E, 'forecast' on one "
                 "of 2 x 2 points, -45 to 45 N, 0 to 180 E"));
  CHECK(
      contains(found->what, "'truth' has no geopotential 500 hPa [m2 s-2], which 'forecast' has"));
  CHECK(contains(found->what, "'forecast' has no 2m_temperature [K], which 'truth' has"));
  CHECK(contains(found->cure, "leave out grid = \"file\""));
  CHECK(contains(found->cure, "name the same channels"));
}

TEST_CASE("another order of the channels is told as such") {
  const auto found = mismatch("truth", spec(kCoarse, {kTemperature, kHeight}), "forecast",
                              spec(kCoarse, {kHeight, kTemperature}));
  REQUIRE(found);
  CHECK(contains(found->what, "the same channels in another order"));
}
