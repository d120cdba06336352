#include "nodes/report/comparison_figure.h"

#include <doctest/doctest.h>

using namespace ladcast;

namespace {

ComparedScore cell(const char* score, const char* region, int lead_hours, double relative,
                   Judgement judgement) {
  ComparedScore cell;
  cell.name.score = score;
  cell.name.region = region;
  cell.name.lead_hours = lead_hours;
  cell.name.channel = {"geopotential", 500, "m2 s-2"};
  cell.relative = relative;
  cell.judgement = judgement;
  return cell;
}

std::size_t times(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

}  // namespace

TEST_CASE("a scorecard colours what is significant, and shows what is asked for") {
  RunComparison comparison;
  comparison.cells = {cell("rmse", "global", 24, -0.1, Judgement::better),
                      cell("rmse", "global", 48, 0.05, Judgement::worse),
                      cell("rmse", "global", 72, 0.01, Judgement::no_difference),
                      cell("rmse", "tropics", 24, -0.9, Judgement::better),
                      cell("acc", "global", 24, 0.02, Judgement::better)};
  const Figure figure = comparison_figure(comparison, {{"rmse"}, {24, 48, 72}}, "A & B");
  CHECK(figure.title == "A & B");
  CHECK(figure.height > 0);
  CHECK(times(figure.body, "−10.0") == 1);
  CHECK(times(figure.body, "+5.0") == 1);
  CHECK(times(figure.body, "+1.0") == 1);
  CHECK(times(figure.body, "90.0") == 0);  // of another region
  CHECK(times(figure.body, "+2.0") == 0);  // of another score
  CHECK(times(figure.body, "Geopotential 500 hPa") == 1);
  CHECK(times(figure.body, "cell worse\" fill-opacity=\"0.15") == 1);
  CHECK(times(figure.body, "fill-opacity=\"0.00") == 1);
  CHECK(times(comparison_figure(comparison, {}, "all").body, "+2.0") == 1);
}
