#include <doctest/doctest.h>

#include "graph/harness.h"
#include "nodes/values/fields_payload.h"
#include "tests/nodes/error_message.h"

using namespace ladcast;

namespace {

const Grid kGrid{{-60, 0, 60}, {0, 90, 180, 270}};
const std::vector<Channel> kChannels = {{"geopotential", 500, "m2 s-2"},
                                        {"2m_temperature", {}, "K"}};

/// 1000 * channel + 100 * member + lead + row / 10 + column / 100.
Fields fields_of(const std::vector<int>& members, const std::vector<int>& lead_hours) {
  Fields fields{kGrid, kChannels, parse_time("2002-01-11"), lead_hours, members, false, {}};
  for (const int member : members)
    for (const int lead : lead_hours)
      for (int c = 0; c < 2; ++c)
        for (int row = 0; row < 3; ++row)
          for (int column = 0; column < 4; ++column)
            fields.values.push_back(static_cast<float>(1000 * c + 100 * member + lead) +
                                    static_cast<float>(10 * row + column) / 100);
  return fields;
}

/// Leads 6 to 48 h of two members.
Harness forecast() {
  std::map<Key, Fields> messages;
  for (int lead = 1; lead <= 8; ++lead) messages[{0, lead, 0}] = fields_of({1, 2}, {6 * lead});
  Harness harness("select");
  harness.plan("members = 2\nlead = { step_hours = 6, until_hours = 48 }")
      .put_all<Fields>("fields", messages, {true, {1, 1, 8}, true});
  return harness;
}

std::string refused(Harness harness) {
  return error_of([&] { harness.all<Fields>("selected"); });
}

std::vector<int> hours(const std::vector<Fields>& messages) {
  std::vector<int> found;
  for (const Fields& each : messages) found.push_back(each.lead_hours.at(0));
  return found;
}

}  // namespace

TEST_CASE("select keeps leads that are evenly apart") {
  CHECK(hours(forecast().set("leads", "[12, 24, 36, 48]").all<Fields>("selected")) ==
        std::vector{12, 24, 36, 48});
  CHECK(hours(forecast().set("leads", "[48, 30]").all<Fields>("selected")) == std::vector{30, 48});
  CHECK(hours(forecast().set("leads", "36").all<Fields>("selected")) == std::vector{36});
}

TEST_CASE("select refuses leads that no edge can carry, or that are not there") {
  CHECK(contains(refused(std::move(forecast().set("leads", "[6, 12, 24]"))),
                 "the leads 6, 12, 24 h are not evenly apart"));
  const std::string absent = refused(std::move(forecast().set("leads", "[24, 54]")));
  CHECK(contains(absent, "the fields have no lead of 54 h"));
  CHECK(contains(absent, "they have 6 to 48 h, every 6 h"));
  CHECK(contains(refused(std::move(forecast().set("leads", "[7]"))), "no lead of 7 h"));
  CHECK(contains(refused(std::move(forecast().set("leads", "[]"))), "no lead is kept"));
  Harness analysis("select");
  analysis.set("leads", "[6]").put("fields", fields_of({0}, {0}));
  CHECK(contains(refused(std::move(analysis)), "the fields have no leads"));
  Harness several("select");
  several.plan("members = 2\nlead = { step_hours = 6, until_hours = 12 }")
      .set("leads", "[12]")
      .put_all<Fields>("fields", {{{0, 1, 0}, fields_of({1, 2}, {6, 12})}},
                       {true, {1, 2, 1}, true});
  CHECK(contains(refused(std::move(several)), "a message of these fields holds several leads"));
}

TEST_CASE("select tells each variable and level that the fields lack, once") {
  const std::string typo = refused(std::move(forecast().set("variables", "\"2m_temprature\"")));
  CHECK(contains(typo, "the fields have no 2m_temprature\n"));
  CHECK(contains(typo, "      = did you mean '2m_temperature'?\n1 error in "));
  const std::string several =
      refused(std::move(forecast()
                            .set("variables", "[\"vorticity\", \"geopotential\"]")
                            .set("levels", "[500, 850]")));
  CHECK(contains(several, "the fields have no vorticity\n"));
  CHECK(contains(several, "      = they have geopotential, 2m_temperature\n"));
  CHECK(contains(several, "the fields have no 850 hPa\n"));
  CHECK(contains(several, "      = they have 500 hPa\n2 errors in "));
  CHECK(contains(refused(std::move(forecast().set("variables", "[]"))),
                 "no channel is both among the variables and on the levels"));
}

TEST_CASE("select keeps a region, across 0 E from west to east") {
  const auto some = forecast()
                        .set("region", "[60, -90, 0, 90]")
                        .set("variables", "\"2m_temperature\"")
                        .set("leads", "[24]")
                        .all<Fields>("selected");
  REQUIRE(some.size() == 1);
  CHECK(some[0].grid == Grid{{0, 60}, {-90, 0, 90}});
  CHECK(some[0].values == std::vector{1124.13F, 1124.10F, 1124.11F, 1124.23F, 1124.20F, 1124.21F,
                                      1224.13F, 1224.10F, 1224.11F, 1224.23F, 1224.20F, 1224.21F});
}

TEST_CASE("select refuses a region without points before the run") {
  CHECK(contains(refused(std::move(forecast().set("region", "[59, 0, 1, 90]"))),
                 "no row of the grid lies between 1 and 59 N"));
  CHECK(contains(refused(std::move(forecast().set("region", "[1, 2, 3]"))),
                 "a region is [north, west, south, east], not 3 numbers"));
}

TEST_CASE("regrid refuses a region before the run") {
  Harness harness("regrid");
  Fields part = fields_of({0}, {0});
  part.grid.longitude = {-90, -45, 0, 45};
  harness.set("spacing", "30").put("fields", part);
  const std::string message = error_of([&] { harness.all<Fields>("regridded"); });
  CHECK(contains(message,
                 "the grid of the fields covers -60 to 60 N and -90 to 45 E, not the globe"));
  CHECK(contains(message, "'select' a region after regridding"));
}
