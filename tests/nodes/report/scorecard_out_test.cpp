#include <doctest/doctest.h>

#include "graph/harness.h"
#include "graph/whole_file.h"
#include "nodes/values/scores.h"
#include "tests/nodes/error_message.h"
#include "tests/nodes/report/score_points.h"
#include "tests/temporary_folder.h"

using namespace ladcast;

namespace {

/// Of a run and its reference, at 6 h.
Harness scorecard(const TemporaryFolder& folder, const std::string& key, const std::string& value) {
  Scores scores{{score_row("mse", 6, 4)}};
  scores.rows[0].init = parse_time("2000-01-01");
  Harness harness("scorecard_out");
  harness.plan("lead = { step_hours = 6, until_hours = 6 }")
      .set("path", '"' + (folder.path() / "card.csv").string() + '"')
      .set(key, value)
      .put("run", scores)
      .put("reference", scores);
  return harness;
}

}  // namespace

TEST_CASE("a scorecard that would show nothing says what there is, and the table is kept") {
  const TemporaryFolder folder;
  CHECK(contains(error_of([&] { scorecard(folder, "scores", "[\"crps\"]").run(); }),
                 "it has the scores rmse at 6 h, and scores = [\"crps\"]"));
  CHECK(contains(read_whole_file(folder.path() / "card.csv"), "rmse"));
  CHECK(contains(error_of([&] { scorecard(folder, "leads", "[12]").run(); }), "leads = [12]"));
  CHECK(contains(error_of([&] { scorecard(folder, "leads", "[7]").run(); }),
                 "7 h is no lead of a run in steps of 6 h"));
  scorecard(folder, "leads", "[6, 12]").run();
}

TEST_CASE("a run without truth has no scores to compare") {
  const TemporaryFolder folder;
  Harness harness("scorecard_out");
  harness.set("path", '"' + (folder.path() / "card.csv").string() + '"')
      .put("run", Scores{})
      .put("reference", Scores{{score_row("mse", 6, 4)}});
  CHECK(contains(error_of([&] { harness.run(); }), "the run has no scores: there was no truth"));
}
