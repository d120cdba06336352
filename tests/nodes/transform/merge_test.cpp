#include <doctest/doctest.h>

#include "graph/harness.h"
#include "nodes/values/fields_payload.h"
#include "tests/nodes/error_message.h"

using namespace ladcast;

namespace {

/// Two members on four points; each map has `value` plus ten for each member.
Fields one_channel(const char* name, float value, const char* units = "K") {
  Fields fields{
      {{-45, 45}, {0, 180}}, {{name, {}, units}}, parse_time("2002-01-11"), {0}, {1, 2}, false, {}};
  fields.allocate(value);
  for (float& each : fields.map(1, 0, 0)) each += 10;
  return fields;
}

std::string error_of_merging(const Fields& a, const Fields& b) {
  return error_of(
      [&] { Harness("merge").put("fields", a).put("others", b).get<Fields>("merged"); });
}

}  // namespace

TEST_CASE("merge puts the channels of both one after the other") {
  const Fields merged = Harness("merge")
                            .put("fields", one_channel("2m_temperature", 280))
                            .put("others", one_channel("sea_surface_temperature", 290))
                            .get<Fields>("merged");
  REQUIRE(merged.channels.size() == 2);
  CHECK(merged.channels[1].name == "sea_surface_temperature");
  CHECK(merged.map(0, 0, 0)[3] == 280);
  CHECK(merged.map(0, 0, 1)[3] == 290);
  CHECK(merged.map(1, 0, 0)[0] == 290);
  CHECK(merged.map(1, 0, 1)[0] == 300);
}

TEST_CASE("merge keeps the order of a model") {
  const Fields merged = Harness("merge")
                            .set("model", "\"small-planet\"")
                            .put("fields", one_channel("total_precipitation_6hr", 0, "m"))
                            .put("others", one_channel("2m_temperature", 280))
                            .get<Fields>("merged");
  CHECK(merged.channels[0].name == "2m_temperature");
  CHECK(merged.map(0, 0, 0)[0] == 280);
  CHECK(merged.map(1, 0, 1)[0] == 10);
}

TEST_CASE("merge refuses a channel that is there twice, and maps that do not fit") {
  const Fields air = one_channel("2m_temperature", 280);
  CHECK(error_of_merging(air, air).find("both inputs have 2m_temperature") != std::string::npos);
  Fields sea = one_channel("sea_surface_temperature", 290);
  sea.grid.longitude = {0, 90};
  CHECK(error_of_merging(air, sea).find("grids of one size in different places") !=
        std::string::npos);
  sea = one_channel("sea_surface_temperature", 290);
  sea.members = {1, 3};
  CHECK(error_of_merging(air, sea).find("differ in leads or members") != std::string::npos);
}
