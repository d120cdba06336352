#include <doctest/doctest.h>

#include <fstream>

#include "graph/harness.h"
#include "nodes/output/csv_file.h"
#include "nodes/values/scores.h"
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
