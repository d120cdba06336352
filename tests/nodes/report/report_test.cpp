#include <doctest/doctest.h>

#include "graph/harness.h"
#include "graph/pipeline.h"
#include "graph/whole_file.h"
#include "nodes/output/csv_file.h"
#include "nodes/report/figures.h"
#include "nodes/values/health.h"
#include "nodes/values/scores.h"
#include "nodes/values/tracks.h"
#include "tests/nodes/error_message.h"
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

/// Of the globe, at each lead.
class OneScore final : public Node {
  Out<Scores> out{this, "scores", "of each lead"};

  Axes source_axes(const Plan& plan) const override { return {true, plan.each_lead(), false}; }
  void run(Task& task) const override {
    task.send(out, scores("2000-01-01", task.lead_hours(), 4));
  }
};

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

TEST_CASE("report shows the maps of a channel one after the other, as figures of their own too") {
  const TemporaryFolder folder;
  const auto of_lead = [](const std::string& lead) {
    return Figures{{{{.id = "heights-" + lead, .title = "", .caption = ""}},
                    {{.id = "winds-" + lead, .title = "", .caption = ""}}}};
  };
  Harness("report")
      .plan("lead = { step_hours = 6, until_hours = 12 }")
      .set("path", toml(folder.path() / "page.html"))
      .put_all<Figures>("maps", {{{0, 1, 0}, of_lead("6h")}, {{0, 2, 0}, of_lead("12h")}},
                        kEachLead)
      .run();
  const std::string html = read_whole_file(folder.path() / "page.html");
  CHECK(html.find("id=\"heights-6h\"") < html.find("id=\"heights-12h\""));
  CHECK(html.find("id=\"heights-12h\"") < html.find("id=\"winds-6h\""));
  CHECK(html.find("id=\"winds-12h\"") != std::string::npos);
  CHECK(html.find("truth") == std::string::npos);  // no scores were asked for
  CHECK(std::filesystem::exists(folder.path() / "figures" / "winds-12h.svg"));
}

TEST_CASE("report draws the tracks of the first initial time that has any, with the best track") {
  const TemporaryFolder folder;
  const auto best = folder.path() / "storms.csv";
  write_whole_file(best, {"SID,SEASON,NAME,ISO_TIME,LAT,LON,WMO_WIND,WMO_PRES\n"
                          " ,Year, , ,degrees_north,degrees_east,kts,mb\n"
                          "2002012N10314,2002,ANN,2002-01-12 00:00:00,17.9,-65.0,70,990\n"
                          "2002012N10314,2002,ANN,2002-01-12 06:00:00,18.8,-65.5,70,990\n"});
  const auto tracks = [](const char* init, int member) {
    return Tracks{parse_time(init), {6, 12}, {member}, {}};
  };
  std::map<Key, Tracks> all{{{0, 0, 0}, tracks("2002-01-11", 1)},
                            {{0, 0, 1}, tracks("2002-01-11", 2)},
                            {{1, 0, 0}, tracks("2002-01-12", 1)},
                            {{1, 0, 1}, tracks("2002-01-12", 2)}};
  for (auto& [key, each] : all)
    if (key.item == 1)
      each.tracks = {{"2002012N10314",
                      key.batch + 1,
                      {{6, {18, 294}, 99000, 30}, {12, {19, 293}, 98500, 32}}}};
  Harness("report")
      .plan(kTwoInits)
      .plan("members = 2\nbatch = 1")
      .set("path", toml(folder.path() / "page.html"))
      .set("storms", toml(best))
      .put_all<Scores>("scores", two_inits(), kEachLead)
      .put_all<Tracks>("tracks", all, Axes{true, {}, true})
      .run();
  const std::string html = read_whole_file(folder.path() / "page.html");
  CHECK(count(html, "<figure id=\"tracks-2002012n10314\">") == 1);  // once, not at each lead
  CHECK(count(html, "class=\"curve s0 thin\"") == 1 + 2);           // the legend and two members
  CHECK(count(html, "class=\"curve s1 solid\"") == 1 + 1);          // the legend and the best track
  CHECK(html.find("Forecast from 2002-01-12T00.") != std::string::npos);
  CHECK(std::filesystem::exists(folder.path() / "figures" / "tracks-2002012n10314.svg"));
}

TEST_CASE(
    "report compares its scores with those of another run, and gives the lines of the table") {
  const TemporaryFolder folder;
  auto others = two_inits();
  for (auto& [key, each] : others)
    for (ScoreRow& row : each.rows) row.value *= 4;  // the root of a mean of squares twice as large
  Harness("report")
      .plan(kTwoInits)
      .set("path", toml(folder.path() / "page.html"))
      .set("leads", "[6, 12]")
      .put_all<Scores>("scores", two_inits(), kEachLead)
      .put_all<Scores>("reference", others, kEachLead)
      .run();
  const std::string html = read_whole_file(folder.path() / "page.html");
  CHECK(count(html, ">−50.0<") == 2);
  CHECK(html.find("lead_hours,region,variable,level,score,event,bin,run,reference") !=
        std::string::npos);
  CHECK(html.find("\n6,global,geopotential,500,rmse,,,5,10,-5,-0.5,too few,2,") !=
        std::string::npos);
  CHECK(html.find("\n12,global,geopotential,500,rmse,,,2,4,-2,-0.5,too few,2,") !=
        std::string::npos);
}

TEST_CASE("report says in place of a comparison that there was no truth") {
  const TemporaryFolder folder;
  Harness("report")
      .set("path", toml(folder.path() / "page.html"))
      .put("scores", Scores{})
      .put("reference", scores("2000-01-01", 6, 4))
      .run();
  const std::string html = read_whole_file(folder.path() / "page.html");
  CHECK(html.find("There was no truth to score it against.") != std::string::npos);
  CHECK(html.find("<p class=\"text\">There was no truth to score this run against") !=
        std::string::npos);
}

TEST_CASE("report compares at the last lead where none of its leads was scored") {
  const TemporaryFolder folder;
  Harness("report")
      .plan(kTwoInits)
      .set("path", toml(folder.path() / "page.html"))
      .put_all<Scores>("scores", two_inits(), kEachLead)
      .put_all<Scores>("reference", two_inits(), kEachLead)
      .run();
  const std::string html = read_whole_file(folder.path() / "page.html");
  CHECK(html.find("\n12,global,geopotential,500,rmse,") != std::string::npos);
  CHECK(html.find("\n6,global,geopotential,500,rmse,") == std::string::npos);
  CHECK(html.find("lines of the table that a scorecard_out node writes") != std::string::npos);
}

TEST_CASE("report names the region that stands first unless it is the globe") {
  const TemporaryFolder folder;
  Scores tropics = scores("2000-01-01", 6, 4);
  for (ScoreRow& row : tropics.rows) row.region = "tropics";
  Harness("report").set("path", toml(folder.path() / "page.html")).put("scores", tropics).run();
  const std::string html = read_whole_file(folder.path() / "page.html");
  CHECK(html.find(">At a glance, tropics</h2>") != std::string::npos);
  CHECK(html.find("hPa over tropics, the mean of 'model'") != std::string::npos);
}

TEST_CASE("report says that no cyclone was found") {
  const TemporaryFolder folder;
  Harness("report")
      .set("path", toml(folder.path() / "page.html"))
      .put("tracks", Tracks{parse_time("2000-01-01"), {6}, {1}, {}})
      .run();
  CHECK(read_whole_file(folder.path() / "page.html").find("No cyclone was found.") !=
        std::string::npos);
}

TEST_CASE("report tells what it is asked for and was not scored") {
  const TemporaryFolder folder;
  const Registration source(NodeType{"one_score", "", [] { return std::make_unique<OneScore>(); }});
  const auto said = [&](const std::string& settings, const std::vector<std::string>& sets = {}) {
    Graph graph = build_graph(
        parse_pipeline("flow = 1\n[run]\ninits = [\"2000-01-01\"]\nlead = { step_hours = 6, "
                       "until_hours = 6 }\n[nodes.one]\ntype = \"one_score\"\n[nodes.report]\n"
                       "type = \"report\"\nin.scores = \"one\"\npath = " +
                           toml(folder.path() / "page.html") + "\n" + settings,
                       "test.toml", sets));
    std::string text;
    RunOptions options;
    options.print = [&](const std::string& printed) { text += printed; };
    run_graph(graph, options);
    return text;
  };
  CHECK(said("regions = [\"globall\", \"europe\"]\n") ==
        "report.regions asks for globall, europe, which are not there; there are global: did you "
        "mean 'global'?\n");
  CHECK(said("channels = [\"2m_temperature\"]\nleads = [12, 6]\n") ==
        "report.channels asks for 2m_temperature, which is not there; there are geopotential 500 "
        "hPa\nreport.leads asks for 12 h, which is not there; there are 6 h\n");
  CHECK(said("") == "");
  CHECK(contains(error_of([&] { said("leads = [23]"); }),
                 "23 h is no lead of a run in steps of 6 h"));
  CHECK(said("", {"nodes.report.leads=[12]"}) ==
        "report.leads asks for 12 h, which is not there; there are 6 h\n");
}

TEST_CASE("report says what it lacks") {
  const auto message = [](Harness& harness) {
    return error_of([&] { harness.set("path", "\"page.html\"").run(); });
  };
  Harness nothing("report"), no_scores("report"), no_tracks("report");
  no_scores.put("reference", scores("2000-01-01", 6, 4));
  no_scores.put("health", Health{});
  no_tracks.put("scores", scores("2000-01-01", 6, 4)).set("storms", "\"storms.csv\"");
  CHECK(contains(message(nothing), "there is nothing to report"));
  CHECK(contains(message(no_scores), "there are no scores to compare with the reference"));
  CHECK(contains(message(no_tracks), "there are no tracks to draw the storms beside"));
}
