#include "nodes/values/scores.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "graph/error.h"

using namespace ladcast;

namespace {

const Channel kTemperature{"2m_temperature", {}, "K"};

ScoreRow row(const char* init, int lead_hours, const char* score, double value) {
  return {parse_time(init),
          lead_hours,
          "model",
          "global",
          kTemperature,
          score,
          {},
          {},
          value,
          1.0,
          2048};
}

}  // namespace

TEST_CASE("an initial time without a value does not count") {
  MeanScores means;
  means.add(row("2002-01-11", 6, "mae", std::numeric_limits<double>::quiet_NaN()));
  CHECK(means.rows().empty());
  means.add(row("2002-01-12", 6, "mae", 3.0));
  REQUIRE(means.rows().size() == 1);
  CHECK(means.rows()[0].value == 3.0);
  CHECK(means.rows()[0].count == 1);
}

TEST_CASE("errors of storms count once for each case, numbers of members once for each time") {
  MeanScores means;
  const auto add = [&](const char* init, const char* channel, double value, std::size_t cases) {
    ScoreRow one = row(init, 6, "track_error", value);
    one.channel = {channel, {}, "km"};
    one.count = cases;
    means.add(one);
  };
  for (const char* channel : {"cyclone_position", "cyclone_central_pressure", "cyclone_members"}) {
    add("2002-01-11", channel, 100.0, 1);
    add("2002-01-12", channel, 200.0, 9);
    add("2002-01-13", channel, std::numeric_limits<double>::quiet_NaN(), 0);
  }
  const auto rows = means.rows();
  REQUIRE(rows.size() == 3);
  CHECK(rows[0].value == doctest::Approx(190.0));
  CHECK(rows[0].count == 2);
  CHECK(rows[1].value == doctest::Approx(190.0));
  CHECK(rows[2].value == doctest::Approx(150.0));
}

TEST_CASE("what never had a value at a lead is missing there, and nowhere else") {
  MeanScores means;
  const double none = std::numeric_limits<double>::quiet_NaN();
  means.add(row("2002-01-11", 6, "mae", none));
  means.add(row("2002-01-12", 6, "mae", none));
  means.add(row("2002-01-11", 6, "bias", none));
  means.add(row("2002-01-12", 6, "bias", 1.0));
  means.add(row("2002-01-12", 12, "bias", 1.0));
  REQUIRE(means.missing(6).size() == 1);
  CHECK(means.missing(6)[0].score == "mae");
  CHECK(std::isnan(means.missing(6)[0].value));
  CHECK(means.missing(6)[0].count == 0);
  CHECK(means.missing(12).empty());
}

TEST_CASE("means come by lead, whatever lead came first") {
  MeanScores means;
  means.add(row("2002-01-11", 12, "mae", 2.0));
  means.add(row("2002-01-12", 6, "mae", 1.0));
  means.add(row("2002-01-12", 12, "mae", 4.0));
  REQUIRE(means.rows().size() == 2);
  CHECK(means.rows()[0].lead_hours == 6);
  CHECK(means.rows()[1].value == 3.0);
}

TEST_CASE("the same variable on two levels is kept apart") {
  MeanScores means;
  ScoreRow low = row("2002-01-11", 6, "mae", 1.0);
  low.channel = {"temperature", 850, "K"};
  ScoreRow high = low;
  high.channel.level = 250;
  means.add(low);
  means.add(high);
  CHECK(means.rows().size() == 2);
}

TEST_CASE("rows survive as text to the last bit") {
  const std::vector<ScoreRow> rows = {
      {parse_time("2002-01-11T06"),
       42,
       "model",
       "global",
       {"geopotential", 500, "m2 s-2"},
       "crps_fair",
       "> 1, or so",
       0.1,
       0.1 + 0.2,
       1.0 / 3.0,
       2048},
      {{}, 0, "my, own", "", {"2m_temperature", {}, "K"}, "bias", {}, {}, std::nan(""), 0.0, 0}};
  const auto back = rows_from(to_text(rows));
  REQUIRE(back.size() == 2);
  for (std::size_t i = 0; i < 2; ++i) {
    CHECK(back[i].init == rows[i].init);
    CHECK(back[i].lead_hours == rows[i].lead_hours);
    CHECK(back[i].forecast == rows[i].forecast);
    CHECK(back[i].region == rows[i].region);
    CHECK(back[i].channel == rows[i].channel);
    CHECK(back[i].score == rows[i].score);
    CHECK(back[i].event == rows[i].event);
    CHECK(back[i].bin == rows[i].bin);
    CHECK(back[i].weight == rows[i].weight);
    CHECK(back[i].count == rows[i].count);
  }
  CHECK(back[0].value == rows[0].value);
  CHECK(std::isnan(back[1].value));
  CHECK_THROWS_WITH_AS(rows_from("x"), doctest::Contains("damaged"), Error);
}

TEST_CASE("conventions come back from their text") {
  const Conventions words = {{"ddof", "1"}, {"limits of a, b", "latitude -5 to 5; land"}};
  CHECK(conventions_from(to_text(words)) == words);
  CHECK(conventions_from("").empty());
  CHECK_THROWS_WITH_AS(conventions_from("x"), doctest::Contains("damaged"), Error);
}
