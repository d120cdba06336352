#include <doctest/doctest.h>

#include <cmath>
#include <fstream>

#include "graph/harness.h"
#include "nodes/values/fields_payload.h"
#include "tests/nodes/error_message.h"
#include "tests/temporary_folder.h"

using namespace ladcast;

namespace {

const char* const kPlan =
    "inits = [\"2002-01-11T00:00:00Z\", \"2002-01-12T00:00:00Z\"]\n"
    "members = 3\nbatch = 2\nlead = { step_hours = 6, until_hours = 12 }";

/// Temperature and geopotential on two rows of two points; each point has the value of its member,
/// its lead in the next digit, and its number behind the point.
Fields fields(const Key& key, std::vector<int> members) {
  Fields result{{{0, 10}, {0, 180}},
                {{"2m_temperature", {}, "K"}, {"geopotential", 500, "m2 s-2"}},
                parse_time("2002-01-11") + std::chrono::days{key.item},
                {6 * key.lead},
                std::move(members),
                false,
                {}};
  result.allocate();
  for (std::size_t m = 0; m < result.members.size(); ++m)
    for (std::size_t c = 0; c < 2; ++c)
      for (std::size_t p = 0; p < 4; ++p)
        result.map(m, 0, c)[p] =
            static_cast<float>(result.members[m] + 10 * key.lead + 100 * static_cast<int>(c)) +
            0.25F * static_cast<float>(p);
  return result;
}

Harness table(const std::filesystem::path& path) {
  Harness harness("station_table");
  std::map<Key, Fields> all;
  for (int item = 0; item < 2; ++item)
    for (int lead = 1; lead <= 2; ++lead)
      for (int batch = 0; batch < 2; ++batch) {
        const Key key{item, lead, batch};
        all.emplace(key, fields(key, batch == 0 ? std::vector{1, 2} : std::vector{3}));
      }
  harness.plan(kPlan).set("path", '"' + path.string() + '"');
  harness.put_all<Fields>("fields", std::move(all), Axes{true, {1, 1, 2}, true});
  return harness;
}

std::vector<std::string> lines_of(const std::filesystem::path& file) {
  std::vector<std::string> lines;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

}  // namespace

TEST_CASE(
    "the table has a row for each time, lead, place and channel, and a column for each member") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "out" / "stations.csv";
  table(path).set("stations", R"(["A,0,180", '"B, far",10,90'])").run();
  const auto lines = lines_of(path);
  REQUIRE(lines.size() == 17);
  CHECK(lines[0] == "init,lead_hours,station,variable,level,units,member_1,member_2,member_3");
  CHECK(lines[1] == "2002-01-11T00:00:00Z,6,A,2m_temperature,,K,11.25,12.25,13.25");
  CHECK(lines[2] == "2002-01-11T00:00:00Z,6,A,geopotential,500,m2 s-2,111.25,112.25,113.25");
  CHECK(lines[3] == "2002-01-11T00:00:00Z,6,\"B, far\",2m_temperature,,K,11.625,12.625,13.625");
  CHECK(lines[5] == "2002-01-11T00:00:00Z,12,A,2m_temperature,,K,21.25,22.25,23.25");
  CHECK(lines[9].starts_with("2002-01-12T00:00:00Z,6,A,"));
  CHECK_FALSE(std::filesystem::exists(path.string() + ".part"));
}

TEST_CASE("a path with {init} makes a file for each initial time") {
  const TemporaryFolder folder;
  table(folder.path() / "{init}.csv").set("stations", "[\"A,0,180\"]").run();
  CHECK(lines_of(folder.path() / "20020111T00.csv").size() == 5);
  CHECK(lines_of(folder.path() / "20020112T00.csv")[1].starts_with("2002-01-12T00:00:00Z,6,A,"));
}

TEST_CASE("places come from a file too, values from the nearest point on request") {
  const TemporaryFolder folder;
  const auto places = folder.write("places.csv", "name,latitude,longitude\nA,6,-100\n");
  const auto path = folder.path() / "t.csv";
  table(path).set("file", '"' + places.string() + '"').set("method", "\"nearest\"").run();
  CHECK(lines_of(path)[1] == "2002-01-11T00:00:00Z,6,A,2m_temperature,,K,11.75,12.75,13.75");
}

TEST_CASE("fields without an ensemble have one column, missing values are empty") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "t.csv";
  Fields analysis = fields({0, 0, 0}, {0});
  analysis.values[0] = std::nanf("");
  Harness("station_table")
      .set("path", '"' + path.string() + '"')
      .set("stations", "\"A,0,0\"")
      .put("fields", analysis)
      .run();
  CHECK(lines_of(path) ==
        std::vector<std::string>{"init,lead_hours,station,variable,level,units,value",
                                 "2002-01-11T00:00:00Z,0,A,2m_temperature,,K,",
                                 "2002-01-11T00:00:00Z,0,A,geopotential,500,m2 s-2,100"});
}

TEST_CASE("a failed run leaves no table behind") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "t.csv";
  auto harness = table(path);
  harness.set("stations", "[\"A,0,180\", \"Oslo,60,10\"]");
  CHECK(contains(error_of([&] { harness.run(); }), "'Oslo' lies outside of the grid"));
  CHECK(std::filesystem::is_empty(folder.path()));
}

TEST_CASE("mistakes are found before the run") {
  const TemporaryFolder folder;
  const auto message = [](auto&& harness) { return error_of([&] { harness.run(); }); };
  const auto none = message(table(folder.path() / "t.csv"));
  CHECK(contains(none, "the places are given in 'stations' or in 'file', in one of them"));
  CHECK(contains(message(table(folder.path() / "{lead}.csv").set("stations", "[\"A,0,0\"]")),
                 "the path names {lead}, but one file holds each lead"));
  CHECK(contains(message(table(folder.path() / "t.csv").set("stations", "[\"A,0\"]")),
                 "stations: 'A,0' is no place; write name,latitude,longitude"));
}
