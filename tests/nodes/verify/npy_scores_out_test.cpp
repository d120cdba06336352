#include <doctest/doctest.h>

#include <cmath>

#include "graph/harness.h"
#include "graph/npy.h"
#include "nodes/values/fields_payload.h"
#include "nodes/values/scores.h"
#include "tests/nodes/error_message.h"
#include "tests/temporary_folder.h"

using namespace ladcast;

namespace {

Scores scores(int lead_hours, std::vector<float> values, const char* score) {
  Scores result;
  for (std::size_t channel = 0; channel < values.size(); ++channel) {
    ScoreRow row;
    row.lead_hours = lead_hours;
    row.forecast = "model";
    row.channel = {"temperature", 100 * static_cast<int>(channel + 1), "K"};
    row.score = score;
    row.value = static_cast<double>(values[channel]);
    result.rows.push_back(row);
    row.forecast = "persistence";
    result.rows.push_back(row);
  }
  return result;
}

Scores all_scores(int lead_hours, const std::vector<float>& values) {
  Scores result;
  for (const char* name : {"mse", "acc", "crps_skill", "crps_spread", "crps_fair"})
    for (auto& row : scores(lead_hours, values, name).rows) result.rows.push_back(row);
  return result;
}

const Axes kLeads{true, {1, 1, 3}, false};

Harness writer(const TemporaryFolder& folder) {
  Harness harness("npy_scores_out");
  harness.plan("inits = [\"2018-01-01T00\"]\nlead = { step_hours = 6, until_hours = 18 }")
      .set("path", '"' + (folder.path() / "scores/{init}").string() + '"');
  return harness;
}

}  // namespace

TEST_CASE("scores are written by channel and lead under the reference's names") {
  const TemporaryFolder folder;
  writer(folder)
      .put_all<Scores>("scores",
                       {{{0, 1, 0}, all_scores(6, {1, 2})},
                        {{0, 2, 0}, Scores{}},
                        {{0, 3, 0}, all_scores(18, {5, 6})}},
                       kLeads)
      .run();
  for (const char* name : {"ens_acc", "ens_mse", "crps_spread", "crps_skill", "crps"}) {
    const auto file = NpyFile::open(folder.path() / fmt::format("scores/20180101T00_{}.npy", name));
    REQUIRE(python_tuple(file.shape()) == "(2, 3)");
    std::vector<float> values(6);
    file.read(0, values);
    CHECK(values[0] == 1);
    CHECK(std::isnan(values[1]));
    CHECK(values[2] == 5);
    CHECK(values[3] == 2);
    CHECK(values[5] == 6);
  }
}

TEST_CASE("a score that the reference has and the input has not is named, with the cure") {
  const TemporaryFolder folder;
  auto harness = writer(folder);
  harness.put_all<Scores>("scores",
                          {{{0, 1, 0}, scores(6, {1}, "mse")},
                           {{0, 2, 0}, scores(12, {1}, "mse")},
                           {{0, 3, 0}, scores(18, {1}, "mse")}},
                          kLeads);
  CHECK(
      contains(error_of([&] { harness.run(); }), "there is no 'acc' of 'model' at 2018-01-01T00"));
}

TEST_CASE("scores of another preset are refused before the run") {
  const auto fields = [](std::vector<int> members, std::vector<float> values) {
    return Fields{Grid{{-45, 45}, {0}},     {{"2m_temperature", {}, "K"}},
                  parse_time("2000-01-01"), {6},
                  std::move(members),       false,
                  std::move(values)};
  };
  const TemporaryFolder folder;
  const auto error_with = [&](const char* preset) {
    Harness harness("scores");
    harness.plan("members = 2\nlead = { step_hours = 6, until_hours = 6 }")
        .set("preset", preset)
        .set("extra", R"(["crps_skill", "crps_spread"])")
        .put_all<Fields>("forecast", {{{0, 1, 0}, fields({1, 2}, {1, 2, 3, 4})}},
                         {true, {1, 1, 1}, true})
        .put_all<Fields>("truth", {{{0, 1, 0}, fields({0}, {1, 2})}}, {true, {1, 1, 1}, false})
        .put_all<Fields>("climatology", {{{0, 1, 0}, fields({0}, {2, 1})}},
                         {true, {1, 1, 1}, false});
    return error_of([&] {
      harness.run("[nodes.npy]\ntype = \"npy_scores_out\"\nin = \"node\"\npath = \"" +
                  (folder.path() / "{init}").string() + "\"\n");
    });
  };
  CHECK(contains(error_with("\"wb2\""), "the scores have the preset wb2"));
  CHECK(contains(error_with("\"wb2\""), "set preset = \"ladcast\""));
  CHECK(error_with("\"ladcast\"").empty());
}
