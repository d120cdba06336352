#include <doctest/doctest.h>

#include "graph/harness.h"
#include "graph/whole_file.h"
#include "nodes/output/csv_file.h"
#include "nodes/values/fields_payload.h"
#include "nodes/values/health.h"
#include "nodes/values/scores.h"
#include "tests/nodes/report/score_points.h"
#include "tests/temporary_folder.h"

using namespace ladcast;

namespace {

const char* const kTwoInits =
    "inits = [\"2002-01-11T00:00:00Z\", \"2002-01-12T00:00:00Z\"]\n"
    "lead = { step_hours = 6, until_hours = 12 }";
const Axes kEachLead{true, {1, 1, 2}, false};

Scores scores(const char* init, int lead_hours, double mse) {
  Scores all;
  for (const char* forecast : {"model", "climatology"}) {
    ScoreRow row = score_row("mse", lead_hours, mse, forecast);
    row.init = parse_time(init);
    all.rows.push_back(row);
  }
  return all;
}

std::map<Key, Scores> two_inits() {
  return {{{0, 1, 0}, scores("2002-01-11", 6, 1)},
          {{0, 2, 0}, scores("2002-01-11", 12, 4)},
          {{1, 1, 0}, scores("2002-01-12", 6, 49)},
          {{1, 2, 0}, scores("2002-01-12", 12, 4)}};
}

std::string toml(const std::filesystem::path& path) { return '"' + path.string() + '"'; }

}  // namespace

TEST_CASE("report draws the means over initial times and names their rows") {
  const TemporaryFolder folder;
  Harness("report")
      .plan(kTwoInits)
      .set("path", toml(folder.path() / "page.html"))
      .set("title", "\"Two days\"")
      .put_all<Scores>("scores", two_inits(), kEachLead)
      .run();
  const std::string html = read_whole_file(folder.path() / "page.html");
  CHECK(html.find("<h1>Two days</h1>") != std::string::npos);
  ScoreRow mean = score_row("rmse", 6, 5);
  mean.count = 2;
  CHECK(html.find(csv_line(mean)) != std::string::npos);
  CHECK(count(html, "class=\"band s0\"") > 0);
  CHECK(html.find("95 % confidence intervals") != std::string::npos);
  const std::string figure = read_whole_file(folder.path() / "figures" / "rmse-global.svg");
  CHECK(figure.starts_with("<svg xmlns="));
}

TEST_CASE("report without figures writes the page alone, and one initial time has no bands") {
  const TemporaryFolder folder;
  Harness("report")
      .set("path", toml(folder.path() / "page.html"))
      .set("figures", "\"\"")
      .put("scores", scores("2000-01-01", 6, 4))
      .run();
  CHECK(count(read_whole_file(folder.path() / "page.html"), "class=\"band s0\"") == 0);
  CHECK_FALSE(std::filesystem::exists(folder.path() / "figures"));
}

TEST_CASE("report says so where there was no truth") {
  const TemporaryFolder folder;
  Harness("report").set("path", toml(folder.path() / "page.html")).put("scores", Scores{}).run();
  CHECK(read_whole_file(folder.path() / "page.html").find("no truth to score it against") !=
        std::string::npos);
}

TEST_CASE("report begins with the verdicts of a health node") {
  const TemporaryFolder folder;
  Health health;
  health.checks.push_back({.init = parse_time("2000-01-01"),
                           .lead_hours = 6,
                           .signature = Signature::drift,
                           .measure = "global mean",
                           .channel = kZ500,
                           .member = {},
                           .where = {},
                           .value = 9,
                           .upper = 1,
                           .verdict = Verdict::warn,
                           .advice = "Look at it."});
  Harness("report")
      .set("path", toml(folder.path() / "page.html"))
      .put("scores", scores("2000-01-01", 6, 4))
      .put("health", health)
      .run();
  const std::string html = read_whole_file(folder.path() / "page.html");
  CHECK(html.find("Drift, global mean") < html.find("At a glance</h2>"));
  CHECK(html.find("Look at it.") != std::string::npos);
}

TEST_CASE("report draws maps of the leads that it is asked for") {
  const TemporaryFolder folder;
  Fields members;
  members.grid = {{-45, 45}, {0, 90, 180, 270}};
  members.channels = {{"2m_temperature", {}, "K"}};
  members.init = parse_time("2002-01-11");
  members.members = {1, 2};
  std::map<Key, Fields> fields, truths;
  for (const int lead : {1, 2}) {
    members.lead_hours = {6 * lead};
    members.members = {1, 2};
    members.allocate();
    for (std::size_t i = 0; i < members.values.size(); ++i)
      members.values[i] = 270 + static_cast<float>(i);
    fields[{0, lead, 0}] = members;
    members.members = {0};
    members.allocate(275);
    truths[{0, lead, 0}] = members;
  }
  auto rows = two_inits();
  std::erase_if(rows, [](const auto& each) { return each.first.item == 1; });
  Harness("report")
      .plan("lead = { step_hours = 6, until_hours = 12 }\nmembers = 2\nbatch = 2")
      .set("path", toml(folder.path() / "page.html"))
      .set("map_leads", "[12]")
      .put_all<Scores>("scores", rows, kEachLead)
      .put_all<Fields>("fields", fields, Axes{true, {1, 1, 2}, true})
      .put_all<Fields>("truth", truths, kEachLead)
      .run();
  const std::string html = read_whole_file(folder.path() / "page.html");
  CHECK(html.find("id=\"map-2m-temperature-12h\"") != std::string::npos);
  CHECK(html.find("id=\"stamps-2m-temperature-12h\"") != std::string::npos);
  CHECK(html.find("2m-temperature-6h") == std::string::npos);
  CHECK(html.find("Error of the mean</") != std::string::npos);
  CHECK(std::filesystem::exists(folder.path() / "figures" / "map-2m-temperature-12h.svg"));
}
