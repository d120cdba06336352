#include "nodes/verify/score_csv.h"

#include <doctest/doctest.h>

#include <cmath>
#include <filesystem>
#include <fstream>

#include "graph/error.h"

using namespace ladcast;

namespace {

struct CsvText {
  std::filesystem::path path = std::filesystem::temp_directory_path() / "score_csv_test.csv";

  explicit CsvText(const std::string& text) { std::ofstream(path) << text; }
  ~CsvText() { std::filesystem::remove(path); }
};

}  // namespace

TEST_CASE("rows of scores are read back by the names of the columns") {
  const CsvText csv(
      "init,lead_hours,forecast,region,variable,level,score,event,bin,value,weight,count\n"
      "2018-01-03T06:00:00Z,24,model,global,geopotential,500,rmse,,,63.25,1,28800\n"
      "2018-01-03T06:00:00Z,24,model,\"a, \"\"b\"\"\",2m_temperature,,brier,> 273.15,0.25,,0,0\n"
      ",24,model,global,geopotential,500,rmse,,,62,1,12\r\n");
  const auto rows = read_score_csv(csv.path);
  REQUIRE(rows.size() == 3);
  CHECK(rows[0].init == parse_time("2018-01-03T06"));
  CHECK(rows[0].lead_hours == 24);
  CHECK(rows[0].forecast == "model");
  CHECK(rows[0].channel.level == 500);
  CHECK(rows[0].score == "rmse");
  CHECK(rows[0].value == 63.25);
  CHECK_FALSE(rows[0].bin);
  CHECK(rows[1].region == "a, \"b\"");
  CHECK_FALSE(rows[1].channel.level);
  CHECK(rows[1].event == "> 273.15");
  CHECK(rows[1].bin == 0.25);
  CHECK(std::isnan(rows[1].value));
  CHECK_FALSE(rows[2].init);
}

TEST_CASE("columns may stand in any order, those of events and bins may be absent") {
  const CsvText csv(
      "value,score,level,variable,region,forecast,lead_hours,init\n"
      "0.5,acc,,sst,global,model,6,2018-01-03T06:00:00Z\n");
  const auto rows = read_score_csv(csv.path);
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].value == 0.5);
  CHECK(rows[0].event.empty());
}

TEST_CASE("what is no table of scores is named with its line") {
  CHECK_THROWS_WITH_AS(read_score_csv("absent.csv"), doctest::Contains("absent.csv"), Error);
  const CsvText other("time,lat,lon\n");
  CHECK_THROWS_WITH_AS(read_score_csv(other.path), doctest::Contains("no column 'init'"), Error);
  const std::string head = "init,lead_hours,forecast,region,variable,level,score,value\n";
  const CsvText few(head + "2018-01-03,24,model\n");
  CHECK_THROWS_WITH_AS(read_score_csv(few.path),
                       doctest::Contains("line 2: 3 fields where the header has 8"), Error);
  const CsvText word(head + "2018-01-03,24,model,global,z,500,rmse,many\n");
  CHECK_THROWS_WITH_AS(read_score_csv(word.path),
                       doctest::Contains("line 2: value 'many' is no number"), Error);
}
