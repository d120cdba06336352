#include "nodes/train/training_figures.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "tests/nodes/error_message.h"

namespace ladcast {
namespace {

/// Losses that fall as 1 / iteration, and a validation every 100th that is lowest at 700.
LoggedTraining training(const std::string& name, int iterations) {
  LoggedTraining made{name, {}};
  for (int i = 1; i <= iterations; ++i) {
    made.numbers.push_back({i, i / 50.0, "loss", "", 1.0 / i});
    if (i % 100 == 0)
      made.numbers.push_back(
          {i, i / 50.0, "validation rmse", "K", 2.0 + (i - 700) * (i - 700) * 1e-6});
  }
  return made;
}

TEST_CASE("numbers of an iteration are read back from the log") {
  const TrainingStep step{.iteration = 7,
                          .epoch = 1.25,
                          .loss = 0.5,
                          .gradient_norm = 3.0,
                          .learning_rate = 1e-3,
                          .network = {},
                          .validation = {{"rmse geopotential 500 hPa", "m2 s-2", 120.5}}};
  const auto numbers = numbers_from_csv(to_csv(numbers_of(step)));
  REQUIRE(numbers.size() == 4);
  CHECK(numbers[0].name == "loss");
  CHECK(numbers[0].unit.empty());
  CHECK(numbers[3].iteration == 7);
  CHECK(numbers[3].epoch == 1.25);
  CHECK(numbers[3].name == "validation rmse geopotential 500 hPa");
  CHECK(numbers[3].unit == "m2 s-2");
  CHECK(numbers[3].value == 120.5);
}

TEST_CASE("a gradient that made no update is not logged") {
  TrainingStep step;
  step.gradient_norm = std::numeric_limits<double>::quiet_NaN();
  CHECK(numbers_of(step).size() == 2);
}

TEST_CASE("a panel for each number, a curve for each training") {
  const auto figures = training_figures({training("a", 1000), training("b", 300)});
  REQUIRE(figures.size() == 2);
  CHECK(figures[0].title == "Loss");
  CHECK(contains(figures[0].body, "curve s0"));
  CHECK(contains(figures[0].body, "curve s1"));
  CHECK(figures[0].numbers.size() < 400);
  CHECK(figures[1].numbers.size() == 13);
  CHECK(figures[1].numbers.front() == "a,100,validation rmse,K,2.36");
}

TEST_CASE("a rate that only rises is a search, whose losses are drawn by rate") {
  LoggedTraining search{"search", {}};
  for (int i = 0; i <= 200; ++i) {
    search.numbers.push_back({i + 1, 0.1, "loss", "", 2.0});
    search.numbers.push_back({i + 1, 0.1, "learning_rate", "", std::pow(10.0, i / 50.0 - 6.0)});
  }
  const auto figures = training_figures({search});
  CHECK(std::any_of(figures.begin(), figures.end(),
                    [](const Figure& figure) { return figure.id == "search"; }));
  for (const auto& figure : training_figures({training("a", 1000)})) CHECK(figure.id != "search");
}

TEST_CASE("the table tells when the validation was lowest") {
  const auto rows = training_table({training("a", 1000)});
  REQUIRE(rows.size() == 2);
  CHECK(rows[0][4] == "lowest rmse");
  CHECK(rows[1][1] == "1000");
  CHECK(contains(rows[1][4], "at iteration 700"));
  CHECK(contains(training_finding(training("a", 1000)), "+4.5 % higher") == false);
  CHECK(contains(training_finding(training("a", 1000)), "at iteration 1000 it was 2.09"));
  CHECK(contains(training_finding(training("a", 700)), "may fall further"));
  CHECK(training_finding({"none", {}}) == "There was no validation.");
}

}  // namespace
}  // namespace ladcast
