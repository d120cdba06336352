#include <doctest/doctest.h>

#include "graph/harness.h"
#include "nodes/values/fields_payload.h"

using namespace ladcast;

TEST_CASE("@NAME@ multiplies each value") {
  const Fields fields{
      {{0}, {0, 180}}, {{"2m_temperature", {}, "K"}}, parse_time("2002-01-11"), {6}, {1}, false,
      {280, 300}};
  const Fields result =
      Harness("@NAME@").set("factor", "0.5").put("fields", fields).get<Fields>("result");
  CHECK(result.channels == fields.channels);
  CHECK(result.values == std::vector{140.F, 150.F});
}
