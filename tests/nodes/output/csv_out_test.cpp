#include <doctest/doctest.h>

#include <fstream>
#include <limits>

#include "graph/harness.h"
#include "nodes/output/csv_file.h"
#include "nodes/values/scores.h"
#include "tests/nodes/error_message.h"
#include "tests/nodes/output/numbered_fields.h"
#include "tests/temporary_folder.h"

using namespace ladcast;

namespace {

const char* const kTwoInits =
    "inits = [\"2002-01-11T00:00:00Z\", \"2002-01-12T00:00:00Z\"]\n"
    "lead = { step_hours = 6, until_hours = 12 }";

Scores scores(const char* init, int lead_hours, double mse) {
  return {{{parse_time(init),
            lead_hours,
            "model",
            "global",
            {"2m_temperature", {}, "K"},
            "mse",
            {},
            {},
            mse,
            1.0,
            2}}};
}

std::vector<std::string> lines_of(const std::filesystem::path& file) {
  std::vector<std::string> lines;
  std::ifstream text(file);
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  return lines;
}

/// All members are missing at 12 h.
class SomeScores final : public Node {
  Out<Scores> out{this, "scores", "of each lead"};

  Axes source_axes(const Plan& plan) const override { return {true, plan.each_lead(), false}; }
  void run(Task& task) const override {
    const double none = std::numeric_limits<double>::quiet_NaN();
    task.send(out, scores("2002-01-11", task.lead_hours(), task.lead_hours() == 6 ? 4 : none));
  }
};

/// What csv_out prints of these.
std::string printed(const std::filesystem::path& path, const std::string& more) {
  static const Registration source(
      NodeType{"some_scores", "", [] { return std::make_unique<SomeScores>(); }});
  Graph graph = numbered::graph_of(
      fmt::format("flow = 1\n[run]\ninits = [\"2002-01-11T00\"]\n"
                  "lead = {{ step_hours = 6, until_hours = 12 }}\n"
                  "[nodes.scores]\ntype = \"some_scores\"\n"
                  "[nodes.table]\ntype = \"csv_out\"\nin = \"scores\"\npath = \"{}\"\n{}",
                  path.string(), more));
  std::string said;
  RunOptions options;
  options.print = [&](const std::string& text) { said += text; };
  run_graph(graph, options);
  return said;
}

}  // namespace

TEST_CASE("csv_out writes the rows of each initial time in plan order, then their means") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "scores.csv";
  Harness("csv_out")
      .plan(kTwoInits)
      .set("path", '"' + path.string() + '"')
      .set("table", "[]")
      .put_all<Scores>("scores",
                       {{{0, 1, 0}, scores("2002-01-11", 6, 1)},
                        {{0, 2, 0}, {}},  // no truth
                        {{1, 1, 0}, scores("2002-01-12", 6, 49)},
                        {{1, 2, 0}, scores("2002-01-12", 12, 9)}},
                       Axes{true, {1, 1, 2}, false})
      .run();
  CHECK(lines_of(path) == std::vector<std::string>{
                              csv_header(),
                              "2002-01-11T00:00:00Z,6,model,global,2m_temperature,,rmse,,,1,1,2",
                              "2002-01-12T00:00:00Z,6,model,global,2m_temperature,,rmse,,,7,1,2",
                              "2002-01-12T00:00:00Z,12,model,global,2m_temperature,,rmse,,,3,1,2",
                              ",6,model,global,2m_temperature,,rmse,,,5,1,2",
                              ",12,model,global,2m_temperature,,rmse,,,3,1,1"});
}

TEST_CASE("each_init = false writes the means alone") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "scores.csv";
  Harness("csv_out")
      .set("path", '"' + path.string() + '"')
      .set("table", "[]")
      .set("each_init", "false")
      .put("scores", scores("2000-01-01", 6, 4))
      .run();
  CHECK(lines_of(path).size() == 2);
}

TEST_CASE("csv_out tells which scores to print there are not, and where nothing was scored") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "scores.csv";
  const std::string usual = printed(path, "");
  CHECK(contains(usual, "  rmse         model     2.000        -\n"));
  CHECK(contains(usual, "2m_temperature of model, global: nothing was there to be scored at 12 h"));
  CHECK_FALSE(contains(usual, "table names"));
  CHECK(contains(printed(path, "table = [\"rmse\", \"rmsd\"]\n"),
                 "table names rmsd, which no forecast has; there are rmse\n"));
}
