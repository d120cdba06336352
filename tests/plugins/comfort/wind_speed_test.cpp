#include <doctest/doctest.h>

#include "graph/harness.h"
#include "tests/nodes/error_message.h"
#include "tests/plugins/one_row.h"

using namespace ladcast;

namespace {

Fields winds() {
  return one_row({{{"u_component_of_wind", 500, "m s-1"}, {3, -6}},
                  {{"10m_u_component_of_wind", {}, "m s-1"}, {0, 5}},
                  {{"v_component_of_wind", 500, "m s-1"}, {4, 8}},
                  {{"v_component_of_wind", 850, "m s-1"}, {1, 1}},
                  {{"10m_v_component_of_wind", {}, "m s-1"}, {-2, 12}}});
}

}  // namespace

TEST_CASE("each level with both components has a wind speed") {
  const Fields speed = Harness("wind_speed").put("fields", winds()).get<Fields>("derived");
  CHECK(speed.channels ==
        std::vector<Channel>{{"wind_speed", 500, "m s-1"}, {"10m_wind_speed", {}, "m s-1"}});
  CHECK(speed.values == std::vector{5.F, 10.F, 2.F, 13.F});
  CHECK(speed.members == std::vector{1});
  CHECK(speed.lead_hours == std::vector{6});
}

TEST_CASE("the channels of the input are kept on request") {
  const Fields all =
      Harness("wind_speed").set("keep", "true").put("fields", winds()).get<Fields>("derived");
  CHECK(all.channels.size() == 7);
  CHECK(all.map(0, 0, 4)[1] == 12);
  CHECK(all.map(0, 0, 5)[1] == 10);
}

TEST_CASE("fields without wind are refused before the run, with what they have") {
  auto harness = Harness("wind_speed");
  harness.put("fields", one_row({{{"2m_temperature", {}, "K"}, {280}}}));
  const std::string message = error_of([&] { harness.all<Fields>("derived"); });
  CHECK(contains(message, "the fields have no wind: both components of one level, or of 10 m"));
  CHECK(contains(message, "= the fields have 2m_temperature [K]"));
}

TEST_CASE("wind in other units is refused") {
  Fields fields = winds();
  fields.channels[2].units = "knots";
  auto harness = Harness("wind_speed");
  harness.put("fields", fields);
  CHECK(contains(error_of([&] { harness.all<Fields>("derived"); }),
                 "v_component_of_wind 500 hPa is in knots, m s-1 is needed"));
}
