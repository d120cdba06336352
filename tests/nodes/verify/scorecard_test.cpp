#include "nodes/verify/scorecard.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <random>

#include "graph/error.h"

using namespace ladcast;

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

Time init_at(int index) { return parse_time("2018-01-01") + std::chrono::hours(12 * index); }

ScoreRow row_of(int index, const char* score, double value) {
  ScoreRow row;
  row.init = init_at(index);
  row.lead_hours = 24;
  row.forecast = "model";
  row.region = "global";
  row.channel = {"geopotential", 500, ""};
  row.score = score;
  row.value = value;
  return row;
}

std::vector<ScoreRow> series(const char* score, int count,
                             const std::function<double(int)>& value) {
  std::vector<ScoreRow> rows;
  for (int i = 0; i < count; ++i) rows.push_back(row_of(i, score, value(i)));
  return rows;
}

double wave(int i) { return std::sin(1.7 * i) + 0.5 * std::cos(2.9 * i); }

ComparedScore only_cell(const std::vector<ScoreRow>& run, const std::vector<ScoreRow>& reference) {
  const RunComparison comparison = compare_runs(run, reference, {});
  REQUIRE(comparison.cells.size() == 1);
  return comparison.cells[0];
}

// The verdict on a run whose score is `shift` more than 0.5, with little noise.
Judgement judgement(const char* score, double shift) {
  const auto reference = series(score, 40, [](int i) { return 0.5 + 0.01 * wave(i); });
  const auto run = series(score, 40, [&](int i) { return 0.5 + shift + 0.01 * wave(i + 7); });
  return only_cell(run, reference).judgement;
}

}  // namespace

TEST_CASE("a clear difference is judged by what the score is good for") {
  CHECK(judgement("mae", -0.1) == Judgement::better);
  CHECK(judgement("mae", 0.1) == Judgement::worse);
  CHECK(judgement("rmse", 0.1) == Judgement::worse);
  CHECK(judgement("crps_fair", -0.1) == Judgement::better);
  CHECK(judgement("acc", 0.1) == Judgement::better);
  CHECK(judgement("acc", -0.1) == Judgement::worse);
  CHECK(judgement("spread", 0.1) == Judgement::larger);
  CHECK(judgement("spread", -0.1) == Judgement::smaller);
  CHECK(judgement("mae", 0.0001) == Judgement::no_difference);
}

TEST_CASE("a bias of either sign is judged by its size") {
  const auto bias = [](double mean) {
    return series("bias", 40, [=](int i) { return mean + 0.01 * wave(i); });
  };
  const ComparedScore cell = only_cell(bias(-0.2), bias(0.5));
  CHECK(cell.judgement == Judgement::better);
  CHECK(cell.run == doctest::Approx(-0.2).epsilon(0.01));
  CHECK(cell.difference == doctest::Approx(-0.3).epsilon(0.01));
  CHECK(cell.relative == doctest::Approx(-0.6).epsilon(0.01));
  CHECK(only_cell(bias(-0.7), bias(0.5)).judgement == Judgement::worse);
}

TEST_CASE("the root is taken last and its linear part is tested") {
  const std::vector<ScoreRow> run{row_of(0, "rmse", 3), row_of(1, "rmse", 4), row_of(2, "rmse", 5),
                                  row_of(3, "rmse", 6)};
  const std::vector<ScoreRow> reference{row_of(0, "rmse", 2), row_of(1, "rmse", 2),
                                        row_of(2, "rmse", 2), row_of(3, "rmse", 2)};
  const ComparedScore cell = only_cell(run, reference);
  const double root = std::sqrt((9.0 + 16 + 25 + 36) / 4);
  CHECK(cell.run == doctest::Approx(root));
  CHECK(cell.reference == doctest::Approx(2.0));
  CHECK(cell.difference == doctest::Approx(root - 2.0));
  CHECK(cell.relative == doctest::Approx((root - 2.0) / 2.0));
  CHECK(cell.iid.mean == doctest::Approx(root - 2.0));
  // The variance of m / (2 rmse) with m = 9, 16, 25, 36.
  const double variance = (156.25 + 30.25 + 12.25 + 210.25) / 3 / (4 * root * root);
  CHECK(cell.iid.standard_error == doctest::Approx(std::sqrt(variance / 4)));
}

TEST_CASE("spread over skill is the ratio of the means, nearer to 1 is better") {
  std::vector<ScoreRow> run, reference;
  for (int i = 0; i < 40; ++i) {
    const double rmse = 2.0 + 0.1 * wave(i);
    for (auto* const rows : {&run, &reference}) rows->push_back(row_of(i, "rmse", rmse));
    run.push_back(row_of(i, "spread_skill", 1.05 + 0.01 * wave(i + 3)));
    reference.push_back(row_of(i, "spread_skill", 0.8 + 0.01 * wave(i + 5)));
  }
  const RunComparison comparison = compare_runs(run, reference, {});
  REQUIRE(comparison.cells.size() == 2);
  CHECK(comparison.cells[0].judgement == Judgement::no_difference);
  CHECK(comparison.cells[0].geer.p == 1.0);
  double expected = 0.0, mse = 0.0;
  for (int i = 0; i < 40; ++i) {
    const double rmse = run[2 * static_cast<std::size_t>(i)].value;
    const double ratio = run[2 * static_cast<std::size_t>(i) + 1].value;
    expected += ratio * ratio * rmse * rmse;
    mse += rmse * rmse;
  }
  const ComparedScore& cell = comparison.cells[1];
  CHECK(cell.run == doctest::Approx(std::sqrt(expected / mse)).epsilon(1e-12));
  CHECK(cell.difference == doctest::Approx(-0.15).epsilon(0.05));
  CHECK(cell.iid.mean == doctest::Approx(cell.difference).epsilon(1e-9));
  CHECK(cell.judgement == Judgement::better);

  std::erase_if(run, [](const ScoreRow& row) { return row.score == "rmse"; });
  CHECK_THROWS_WITH_AS(compare_runs(run, reference, {}), doctest::Contains("without its rmse"),
                       Error);
}

TEST_CASE("what independence alone would call significant is no difference") {
  // Half a slow wave: its mean is far from 0 by the variance of single values only.
  const auto zero = series("mae", 120, [](int) { return 1.0; });
  const auto slow = series("mae", 120, [](int i) { return 1.0 + std::sin(0.06 * i) - 0.3; });
  const ComparedScore cell = only_cell(slow, zero);
  CHECK(cell.iid.p < 0.01);
  CHECK(cell.judgement == Judgement::no_difference);
}

TEST_CASE("initial times are paired, missing values and gaps are counted") {
  auto run = series("mae", 20, [](int i) { return 1.0 + 0.01 * wave(i); });
  auto reference = series("mae", 20, [](int i) { return 2.0 + 0.01 * wave(i + 1); });
  run[3].value = kNaN;
  reference.erase(reference.begin() + 7);
  reference.pop_back();
  ScoreRow mean = run[0];
  mean.init.reset();
  run.push_back(mean);
  const ComparedScore cell = only_cell(run, reference);
  CHECK(cell.iid.count == 17);
  CHECK(cell.unpaired == 3);
  CHECK(cell.gaps == 2);
  CHECK(cell.judgement == Judgement::better);
}

TEST_CASE("too few initial times give no verdict, none at all no number") {
  const auto three = series("mae", 3, [](int i) { return 1.0 + i; });
  CHECK(only_cell(three, three).judgement == Judgement::too_few);
  const ComparedScore cell = only_cell(series("mae", 3, [](int) { return kNaN; }), three);
  CHECK(cell.judgement == Judgement::too_few);
  CHECK(std::isnan(cell.run));
  CHECK(std::isnan(cell.difference));
}

TEST_CASE("of many cells without a difference few are called significant") {
  std::mt19937 random(5);
  std::normal_distribution<double> normal;
  std::vector<ScoreRow> run, reference;
  for (int level = 1; level <= 100; ++level)
    for (int i = 0; i < 60; ++i)
      for (auto* const rows : {&run, &reference}) {
        rows->push_back(row_of(i, "mae", 10.0 + normal(random)));
        rows->back().channel.level = level;
      }
  std::size_t single = 0, together = 0;
  for (const auto& cell : compare_runs(run, reference, {}).cells) {
    single += static_cast<std::size_t>(cell.geer.p < 0.05);
    together += static_cast<std::size_t>(cell.judgement != Judgement::no_difference);
  }
  CHECK(single >= 2);
  CHECK(together == 0);
}

TEST_CASE("scores that are no means and cells of one run alone are told") {
  auto run = series("mae", 10, [](int i) { return 1.0 + i; });
  auto reference = run;
  run.push_back(row_of(0, "rank_histogram", 0.1));
  reference.push_back(row_of(0, "rank_histogram", 0.1));
  run.push_back(row_of(0, "acc", 0.9));
  const RunComparison comparison = compare_runs(run, reference, {});
  CHECK(comparison.left_out == std::vector<std::string>{"rank_histogram"});
  CHECK(comparison.only_in_one == 1);
  CHECK(comparison.cells.size() == 1);
}

TEST_CASE("runs that cannot be compared are refused") {
  const auto rows = series("mae", 5, [](int i) { return i; });
  CHECK_THROWS_WITH_AS(compare_runs(rows, rows, {.run_forecast = "gfs"}),
                       doctest::Contains("no rows of the forecast 'gfs', only of model"), Error);
  auto means = rows;
  for (auto& row : means) row.init.reset();
  CHECK_THROWS_WITH_AS(compare_runs(rows, means, {}), doctest::Contains("each_init = true"), Error);
  auto twice = rows;
  twice.push_back(rows[0]);
  CHECK_THROWS_WITH_AS(compare_runs(twice, rows, {}), doctest::Contains("two rows"), Error);
  const auto other = series("acc", 5, [](int i) { return i; });
  CHECK_THROWS_WITH_AS(compare_runs(rows, other, {}), doctest::Contains("in common"), Error);
}

TEST_CASE("the scorecard as a table and as CSV") {
  std::vector<ScoreRow> run, reference;
  for (const int lead : {24, 30}) {
    for (int i = 0; i < 40; ++i) {
      run.push_back(row_of(i, "mae", (lead == 24 ? 0.9 : 1.0) + 0.001 * wave(i)));
      reference.push_back(row_of(i, "mae", 1.0 + 0.001 * wave(i + 7)));
      run.back().lead_hours = reference.back().lead_hours = lead;
    }
  }
  const RunComparison comparison = compare_runs(run, reference, {});
  const std::string table = scorecard_table(comparison, {});
  INFO(table);
  CHECK(table.find("\nmae, global\n"
                   "lead                     1 d      30 h\n"
                   "geopotential 500 hPa   -10.0 +") != std::string::npos);
  CHECK(table.find("\n1 better, 0 worse, 0 larger or smaller, 1 not significant, 0 too few\n") !=
        std::string::npos);
  const std::string csv = scorecard_csv(comparison);
  const auto line = csv.substr(csv.find('\n') + 1);
  CHECK(line.starts_with("24,global,geopotential,500,mae,,,0.9"));
  CHECK(line.find(",better,40,0,0,") != std::string::npos);
  const auto columns = [](const std::string& text) {
    return std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(text.find('\n')),
                      ',');
  };
  CHECK(columns(csv) == columns(line));
}
