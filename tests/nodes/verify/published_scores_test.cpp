#include "nodes/verify/published_scores.h"

#include <doctest/doctest.h>

#include <cmath>
#include <map>

using namespace ladcast;

namespace {

const Channel kTemperature{"2m_temperature", {}, "K"};

ScoreRow row(const char* init, int lead_hours, const char* score, double value) {
  ScoreRow row{parse_time(init), lead_hours, "model", "global", kTemperature, score, {}, {}};
  row.value = value;
  return row;
}

// Shares of 0, 1/2 and 1: p = 0 at 4 of 10 points, of which 1 is an event, and so on.
std::vector<ScoreRow> diagram() {
  std::vector<ScoreRow> rows;
  for (const auto& [p, forecast, observed] :
       {std::tuple{0.0, 0.4, 0.1}, std::tuple{0.5, 0.4, 0.2}, std::tuple{1.0, 0.2, 0.2}}) {
    for (const auto& [score, value] :
         {std::pair{"forecast_share", forecast}, std::pair{"observed_share", observed}}) {
      rows.push_back(row("2002-01-11", 6, score, value));
      rows.back().event = "> 300";
      rows.back().bin = p;
    }
  }
  return rows;
}

}  // namespace

TEST_CASE("the root is taken after averaging over initial times") {
  MeanScores means;
  means.add(row("2002-01-11", 6, "mse", 1.0));
  means.add(row("2002-01-12", 6, "mse", 49.0));
  const auto rows = published_scores(means.rows());
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].score == "rmse");
  CHECK(rows[0].value == 5.0);
  CHECK(rows[0].count == 2);
  CHECK(!rows[0].init);
}

TEST_CASE("spread_skill is the root of a ratio of means") {
  MeanScores means;
  for (const auto& [init, mse, expected] :
       {std::tuple{"2002-01-11", 1.0, 4.0}, std::tuple{"2002-01-12", 7.0, 14.0}}) {
    means.add(row(init, 6, "mse", mse));
    means.add(row(init, 6, "variance", expected / 2));
    means.add(row(init, 6, "expected_mse", expected));
  }
  const auto rows = published_scores(means.rows());
  REQUIRE(rows.size() == 3);
  CHECK(rows[1].score == "spread");
  CHECK(rows[1].value == doctest::Approx(std::sqrt(4.5)));
  CHECK(rows[2].score == "spread_skill");
  CHECK(rows[2].value == doctest::Approx(1.5));
}

TEST_CASE("other scores are averaged as they are") {
  MeanScores means;
  means.add(row("2002-01-11", 6, "acc", 0.5));
  means.add(row("2002-01-12", 6, "acc", 1.0));
  CHECK(published_scores(means.rows())[0].value == 0.75);
}

TEST_CASE("the debiased spread-skill ratio compares the spread with the debiased error") {
  const auto rows = published_scores(
      {row("2002-01-11", 6, "variance", 4.0), row("2002-01-11", 6, "debiased_mse", 1.0)});
  REQUIRE(rows.size() == 3);
  CHECK(rows[2].score == "spread_skill_debiased");
  CHECK(rows[2].value == 2.0);
}

TEST_CASE("an event's diagram gives the parts of its Brier score, its ROC area and its table") {
  std::map<std::string, double> values;
  for (const ScoreRow& each : published_scores(diagram())) {
    CHECK(each.event == "> 300");
    values[each.score + (each.bin ? fmt::format(" {}", *each.bin) : "")] = each.value;
  }
  CHECK(values.at("observed_frequency 0") == doctest::Approx(0.25));
  CHECK(values.at("observed_frequency 0.5") == doctest::Approx(0.5));
  CHECK(values.at("observed_frequency 1") == doctest::Approx(1));
  CHECK(values.at("forecast_share 0.5") == doctest::Approx(0.4));
  CHECK(values.at("brier_uncertainty") == doctest::Approx(0.25));
  CHECK(values.at("brier_reliability") == doctest::Approx(0.4 * 0.0625));
  CHECK(values.at("brier_resolution") == doctest::Approx(0.4 * 0.0625 + 0.2 * 0.25));
  CHECK(values.at("brier_skill") == doctest::Approx((0.075 - 0.025) / 0.25));
  // (POFD, POD): (0, 0), (0, 0.4), (0.4, 0.8), (1, 1).
  CHECK(values.at("roc_area") == doctest::Approx(0.4 * 0.6 + 0.6 * 0.9));
  CHECK(values.at("pod") == doctest::Approx(0.8));
  CHECK(values.at("pofd") == doctest::Approx(0.4));
  // Where p was 0, events came: that was said to be impossible.
  CHECK(std::isinf(values.at("ignorance")));
  CHECK(values.at("frequency_bias") == doctest::Approx(0.6 / 0.5));
  CHECK(!values.contains("observed_share 0.5"));
}

TEST_CASE("what was published of one initial time can be averaged again") {
  std::vector<ScoreRow> rows = {
      row("2002-01-11", 6, "mse", 4.0), row("2002-01-11", 6, "variance", 9.0),
      row("2002-01-11", 6, "expected_mse", 10.0), row("2002-01-11", 6, "acc", 0.5)};
  for (const ScoreRow& each : diagram()) rows.push_back(each);
  const auto back = averageable_scores(published_scores(rows));
  REQUIRE(back.size() == rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    CHECK(back[i].score == rows[i].score);
    CHECK(back[i].bin == rows[i].bin);
    CHECK(back[i].value == doctest::Approx(rows[i].value).epsilon(1e-14));
  }
}

TEST_CASE("events above thresholds make a ranked probability score") {
  std::vector<ScoreRow> rows;
  for (const auto& [event, brier] :
       {std::pair{"> 1", 0.2}, std::pair{"> 5", 0.1}, std::pair{"< 0", 0.4}}) {
    rows.push_back(row("2002-01-11", 6, "brier", brier));
    rows.back().event = event;
  }
  const auto published = published_scores(rows);
  REQUIRE(published.size() == 4);
  CHECK(published[3].score == "rps");
  CHECK(published[3].event == "");
  CHECK(published[3].value == doctest::Approx(0.3));
  CHECK(averageable_scores(published).size() == 3);
}

TEST_CASE("a histogram tells how far from flat it is") {
  std::vector<ScoreRow> rows;
  for (const double share : {0.5, 0.25, 0.25}) {
    rows.push_back(row("2002-01-11", 6, "rank_histogram", share));
    rows.back().bin = static_cast<double>(rows.size() - 1);
  }
  std::map<std::string, double> values;
  for (const ScoreRow& each : published_scores(rows))
    values[each.score + (each.bin ? fmt::format(" {:.2f}", *each.bin) : "")] = each.value;
  CHECK(values.size() == 8);
  CHECK(values.at("rank_reliability_index") == doctest::Approx(1.0 / 3));
  CHECK(values.at("rank_outliers") == doctest::Approx(0.75 - 2.0 / 3));
  CHECK(values.at("rank_entropy") == doctest::Approx(1.5 * std::log(2.0) / std::log(3.0)));
  CHECK(values.at("central_share 0.33") == doctest::Approx(0.25));
  CHECK(values.at("central_share 1.00") == doctest::Approx(1));
  CHECK(averageable_scores(published_scores(rows)).size() == 3);
  for (ScoreRow& each : rows) each.score = "pit_histogram";
  const auto published = published_scores(rows);
  CHECK(published.size() == 4);
  CHECK(published.back().score == "pit_reliability_index");
  CHECK(published.back().value == doctest::Approx(1.0 / 3));
}

TEST_CASE("fractions skill is a ratio of means over initial times") {
  MeanScores means;
  for (const auto& [init, error, reference] :
       {std::tuple{"2002-01-11", 0.1, 0.4}, std::tuple{"2002-01-12", 0.0, 0.0}}) {
    for (const auto& [score, value] : {std::pair{"fbs", error}, {"fbs_reference", reference}}) {
      ScoreRow each = row(init, 6, score, value);
      each.event = "> 1";
      each.bin = 3;
      means.add(each);
    }
  }
  const auto published = published_scores(means.rows());
  REQUIRE(published.size() == 3);
  CHECK(published[2].score == "fss");
  CHECK(published[2].value == doctest::Approx(0.75));
  CHECK(published[2].bin == 3);
  CHECK(averageable_scores(published).size() == 2);
}
