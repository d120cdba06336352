#include <doctest/doctest.h>

#include "graph/harness.h"
#include "nodes/report/figures.h"
#include "nodes/values/fields_payload.h"
#include "tests/nodes/error_message.h"

using namespace ladcast;

namespace {

const Axes kEachLead{true, {1, 1, 2}, false};

Fields fields(int lead_hours, std::vector<int> members) {
  Fields fields;
  fields.grid = {{-45, 45}, {0, 90, 180, 270}};
  fields.channels = {{"2m_temperature", {}, "K"}};
  fields.init = parse_time("2000-01-01");
  fields.lead_hours = {lead_hours};
  fields.members = std::move(members);
  fields.allocate();
  for (std::size_t i = 0; i < fields.values.size(); ++i)
    fields.values[i] = 270 + static_cast<float>(i);
  return fields;
}

}  // namespace

TEST_CASE("maps are drawn of the leads that are asked for, of all members beside the truth") {
  const auto figures =
      Harness("maps")
          .plan("lead = { step_hours = 6, until_hours = 12 }\nmembers = 3\nbatch = 2")
          .set("leads", "[12]")
          .put_all<Fields>("fields",
                           {{{0, 1, 0}, fields(6, {1, 2})},
                            {{0, 1, 1}, fields(6, {3})},
                            {{0, 2, 0}, fields(12, {1, 2})},
                            {{0, 2, 1}, fields(12, {3})}},
                           Axes{true, {1, 1, 2}, true})
          .put_all<Fields>("truth", {{{0, 1, 0}, fields(6, {0})}, {{0, 2, 0}, fields(12, {0})}},
                           kEachLead)
          .all<Figures>("figures");
  REQUIRE(figures.size() == 2);
  CHECK(figures[0].groups.empty());
  REQUIRE(figures[1].groups.size() == 1);
  const auto& of_channel = figures[1].groups[0];
  REQUIRE(of_channel.size() == 2);
  CHECK(of_channel[0].id == "map-2m-temperature-12h");
  CHECK(contains(of_channel[0].caption, "3 members"));
  CHECK(contains(of_channel[0].body, "Error of the mean</"));
  CHECK(of_channel[1].id == "stamps-2m-temperature-12h");
  CHECK(contains(of_channel[1].body, ">member 3</"));
}

TEST_CASE("normalised fields are not drawn") {
  Fields normalised = fields(6, {1});
  normalised.normalised = true;
  CHECK(
      contains(error_of([&] { Harness("maps").put("fields", normalised).all<Figures>("figures"); }),
               "maps are in physical units"));
}

TEST_CASE("maps refuse what can never be drawn") {
  const auto message = [](const char* key, const char* value) {
    return error_of([&] {
      Harness("maps")
          .plan("lead = { step_hours = 6, until_hours = 12 }")
          .set("channels", "[\"2m_temperature\"]")
          .set(key, value)
          .put_all<Fields>("fields", {{{0, 1, 0}, fields(6, {1})}, {{0, 2, 0}, fields(12, {1})}},
                           kEachLead)
          .all<Figures>("figures");
    });
  };
  CHECK(contains(message("leads", "[7]"), "7 h is no lead of a run in steps of 6 h"));
  CHECK(contains(message("events", "[\"snow > 3\"]"),
                 "no map of snow is drawn; drawn are 2m_temperature"));
  CHECK(contains(message("events", "[\"2m_temperatur > 3\"]"),
                 "did you mean \"2m_temperature > 3\"?"));
  CHECK(message("events", "[\"2m_temperature > 3\"]").empty());
}
