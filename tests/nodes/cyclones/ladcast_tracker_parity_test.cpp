// Against the tracks that the reference's own tracker makes: shared/parity/README.md, evaluation.
#include <doctest/doctest.h>

#include <cmath>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>

#include "nodes/cyclones/ladcast_tracker.h"
#include "nodes/ingest/netcdf_file.h"
#include "tests/nodes/ladcast/fixtures.h"

using namespace ladcast;
using nlohmann::json;

namespace {

json read_json(const char* name) {
  std::ifstream file(test::parity_folder() / "evaluation" / name);
  return json::parse(file);
}

/// msl [member][step][latitude][longitude].
struct RecordedLows {
  Grid grid;
  std::vector<float> values;
  std::size_t steps;

  RecordedLows() {
    const NetcdfFile file(test::parity_folder() / "evaluation/msl_lows.nc");
    const auto& msl = *file.find("mean_sea_level_pressure");
    grid = {file.values(*file.find("latitude")), file.values(*file.find("longitude"))};
    for (const double value : file.values(msl)) values.push_back(static_cast<float>(value));
    steps = msl.dimensions[1].length;
  }
  /// The mean of `members` at one step, as float32 forms it.
  std::vector<float> mean(const std::vector<std::size_t>& members, std::size_t step) const {
    std::vector<float> sum(grid.points());
    for (const std::size_t member : members)
      for (std::size_t i = 0; i < sum.size(); ++i)
        sum[i] += values[(member * steps + step) * grid.points() + i];
    for (float& value : sum) value /= static_cast<float>(members.size());
    return sum;
  }
};

std::vector<std::size_t> members_of(const json& entry) {
  if (entry["member"].is_number()) return {entry["member"].get<std::size_t>()};
  if (entry["member"] == "mean") return {0, 1, 2, 3, 4, 5};
  REQUIRE(entry["member"] == "mean of [0, 5]");
  return {0, 5};
}

}  // namespace

TEST_CASE("the reference's tracks come out point by point") {
  if (!test::begin_parity("evaluation", {"tracks.json", "msl_lows.nc"})) return;
  const RecordedLows lows;
  const json recorded = read_json("tracks.json");
  std::size_t points = 0;
  for (const auto& entry : recorded["cases"]) {
    CAPTURE(entry["name"].get<std::string>());
    const LadcastTracker tracker{entry["inner_boxes"].get<std::vector<double>>(),
                                 recorded["grid_deg"].get<double>()};
    LatLon at = tracker.start({entry["start"][0], entry["start"][1]});
    std::vector<int> stays;
    for (const auto& expected : entry["track"]) {
      const auto step = expected["step"].get<std::size_t>();
      CAPTURE(step);
      if (step > 0) {
        const LatLon last = at;
        at = tracker.next(lows.grid, lows.mean(members_of(entry), step), last);
        if (at == last) stays.push_back(static_cast<int>(step));
      }
      CHECK(at.latitude == expected["lat"].get<double>());
      CHECK(at.longitude == expected["lon"].get<double>());
      ++points;
    }
    CHECK(stays == entry["steps_without_move"].get<std::vector<int>>());
    CHECK(stays.size() == entry["warnings"].get<std::size_t>());
  }
  std::printf("  %zu points of %zu tracks compared, all equal unless reported\n", points,
              recorded["cases"].size());
  CHECK(points == 180);
}

TEST_CASE("starting positions are rounded to the grid, halves to even") {
  if (!test::begin_parity("evaluation", {"grid_rounding.json"})) return;
  for (const auto& entry : read_json("grid_rounding.json")) {
    const double value = entry["value"];
    CAPTURE(value);
    CHECK(LadcastTracker{}.start({value, value}) ==
          LatLon{entry["rounded"].get<double>(), entry["rounded"].get<double>()});
  }
}
