#include <doctest/doctest.h>

#include <fstream>

#include "graph/harness.h"
#include "graph/whole_file.h"
#include "nodes/values/scores.h"
#include "tests/nodes/error_message.h"
#include "tests/temporary_folder.h"

using namespace ladcast;

namespace {

constexpr const char* kHeader =
    "init,lead_hours,forecast,region,variable,level,score,event,bin,value,weight,count\n";
constexpr const char* kPlan =
    "inits = [\"2002-01-11T00\"]\nlead = { step_hours = 6, until_hours = 12 }";

std::string line(const char* init, int lead_hours, const char* forecast, double rmse) {
  return fmt::format("{},{},{},global,2m_temperature,,rmse,,,{},1,100\n", init, lead_hours,
                     forecast, rmse);
}

Harness reader(const std::filesystem::path& file) {
  Harness harness("scores_in");
  harness.plan(kPlan).set("path", '"' + file.string() + '"');
  return harness;
}

}  // namespace

TEST_CASE("scores_in sends the rows of each initial time and lead, to be averaged again") {
  const TemporaryFolder folder;
  const auto file = folder.path() / "scores.csv";
  write_whole_file(file, {kHeader, line("2002-01-11T00:00:00Z", 6, "model", 2),
                          line("2002-01-11T00:00:00Z", 6, "persistence", 5),
                          line("2002-01-12T00:00:00Z", 6, "model", 7), line("", 6, "model", 4)});
  const auto all = reader(file).all<Scores>("scores");
  REQUIRE(all.size() == 2);
  REQUIRE(all[0].rows.size() == 2);
  CHECK(all[0].rows[0].score == "mse");
  CHECK(all[0].rows[0].value == 4);
  CHECK(all[0].rows[1].forecast == "persistence");
  CHECK(all[1].rows.empty());
  auto one = reader(file);
  one.set("forecasts", "[\"persistence\"]");
  CHECK(one.all<Scores>("scores")[0].rows.size() == 1);
}

TEST_CASE("scores_in says which initial time a table lacks") {
  const TemporaryFolder folder;
  const auto file = folder.path() / "scores.csv";
  write_whole_file(file, {kHeader, line("2002-01-12T00:00:00Z", 6, "model", 7)});
  CHECK(contains(error_of([&] { reader(file).all<Scores>("scores"); }),
                 "scores.csv has no scores of 2002-01-11T00; take it out of run.inits"));
  auto misspelt = reader(file);
  misspelt.set("forecasts", "[\"modell\"]");
  CHECK(contains(error_of([&] { misspelt.all<Scores>("scores"); }),
                 "has no forecasts 'modell', it has model"));
  write_whole_file(file, {""});
  CHECK(contains(error_of([&] { reader(file).all<Scores>("scores"); }), "scores.csv: it is empty"));
  write_whole_file(file, {kHeader, line("", 6, "model", 7)});
  CHECK(contains(error_of([&] { reader(file).all<Scores>("scores"); }), "each_init = true"));
}
