#include <doctest/doctest.h>

#include <cmath>

#include "graph/harness.h"
#include "nodes/values/fields_payload.h"
#include "nodes/values/model.h"
#include "tests/nodes/error_message.h"

using namespace ladcast;

namespace {

/// Two members at 500 hPa on a grid with both poles, 10 degrees apart.
Fields coarse() {
  Fields fields{{}, {{"temperature", 500, "K"}}, parse_time("2002-01-11"), {6}, {1, 2}, false, {}};
  for (int i = 0; i < 19; ++i) fields.grid.latitude.push_back(-90 + 10 * i);
  for (int i = 0; i < 36; ++i) fields.grid.longitude.push_back(10 * i);
  fields.allocate(250.0F);
  for (float& value : fields.map(1, 0, 0)) value = 260.0F;
  return fields;
}

}  // namespace

TEST_CASE("regrid brings all maps onto the grid of a model or a regular one") {
  const Fields on_model = Harness("regrid")
                              .set("model", "\"small-planet\"")
                              .put("fields", coarse())
                              .get<Fields>("regridded");
  CHECK(on_model.grid == Model::read("pipelines/models/small-planet").grid);
  CHECK(on_model.members == std::vector{1, 2});
  CHECK(on_model.map(0, 0, 0)[0] == 250.0F);
  CHECK(on_model.map(1, 0, 0)[2047] == 260.0F);
  const Fields regular = Harness("regrid")
                             .set("spacing", "45")
                             .set("method", "\"bilinear\"")
                             .put("fields", coarse())
                             .get<Fields>("regridded");
  CHECK(regular.grid == Grid{{-90, -45, 0, 45, 90}, {0, 45, 90, 135, 180, 225, 270, 315}});
}

TEST_CASE("regrid leaves fields alone that are on the grid") {
  Fields fields = coarse();
  fields.values[7] = std::nanf("");
  fields.grid.latitude[3] += 1e-5;  // as float32 coordinates are
  const Fields same =
      Harness("regrid").set("spacing", "10").put("fields", fields).get<Fields>("regridded");
  CHECK(same.grid == coarse().grid);
  CHECK(std::isnan(same.values[7]));
  CHECK(same.values[8] == 250.0F);
}

TEST_CASE("regrid says what it cannot do") {
  const auto message = [](const std::string& key, const std::string& value, const Fields& fields) {
    auto harness = Harness("regrid");
    if (!key.empty()) harness.set(key, value);
    harness.put("fields", fields);
    return error_of([&] { harness.all<Fields>("regridded"); });
  };
  CHECK(contains(message("", "", coarse()), "neither model nor spacing says onto which grid"));
  CHECK(contains(message("spacing", "7.0", coarse()), "7 does not divide 180 degrees"));
  Fields normalised = coarse();
  normalised.normalised = true;
  CHECK(contains(message("spacing", "10", normalised), "the fields are normalised"));
  Fields region = coarse();
  for (double& longitude : region.grid.longitude) longitude /= 4;
  CHECK(contains(message("spacing", "10", region),
                 "the grid of the fields covers -90 to 90 N and 0 to 87.5 E, not the globe"));
}
