#include "graph/tap.h"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <limits>

#include "tests/graph/toy_nodes.h"
#include "tests/temporary_folder.h"

using namespace ladcast;

namespace {

/// Two initial times, three members in two batches, four leads.
std::string pipeline() {
  return toy::head(2, 3, 2, 4, "threads = 2") + R"(
[nodes.analysis]
type = "toy_analysis"
[nodes.rollout]
type = "toy_rollout"
in.seed = "analysis"
in.next = "step"
frames = 1
[nodes.step]
type = "toy_step"
in = "rollout"
[nodes.spell]
type = "toy_spell"
in = "step"
[nodes.table]
type = "toy_item_sink"
in = "step"
)";
}

using Lines = std::vector<std::string>;

Lines run_with_taps(const std::vector<std::string>& outputs,
                    const std::filesystem::path& folder = {}) {
  Graph graph = build_graph(parse_pipeline(pipeline(), "toy.toml"));
  Lines lines;
  Taps taps(graph, outputs, folder, [&](const std::string& text) { lines.push_back(text); });
  run_graph(graph, {.taps = taps.for_engine()});
  taps.flush();
  return lines;
}

}  // namespace

TEST_CASE("statistics leave out what is not finite, and say so") {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const std::array<float, 4> values{1.0F, nan, -2.0F, 4.0F};
  const Statistics s = statistics(values);
  CHECK(s.count == 4);
  CHECK(s.finite == 3);
  CHECK(s.min == -2.0);
  CHECK(s.mean == 1.0);
  CHECK(s.max == 4.0);
  CHECK(std::isnan(statistics(std::span(values).subspan(1, 1)).mean));
  CHECK(statistics({}).hash == 0xcbf29ce484222325ULL);  // the offset basis of 64-bit FNV-1a
}

TEST_CASE("the hash is that of the bytes") {
  const std::array<float, 1> one{1.0F};  // bytes 00 00 80 3f
  CHECK(format_array({"x", {1}, one}) ==
        "[1] count 1, min 1, mean 1, max 1, finite 100 %, hash 4b72477f9c5c2f98");
}

TEST_CASE("a share just below 100 % is not shown as 100 %") {
  std::vector<float> values(1000000, 1.0F);
  values[5] = std::numeric_limits<float>::infinity();
  CHECK(format_array({"x", {1000, 1000}, values}).find("finite 99.999 %") != std::string::npos);
}

TEST_CASE("tap files are named by output, initial time, members and lead") {
  const Plan plan{
      .inits = {parse_time("2002-01-11")}, .batches = {{1, 2, 3}, {5, 7, 8}}, .leads = 60};
  const Axes all{true, plan.each_lead(), true};
  CHECK(tap_file_name("decode.fields", plan, all, {0, 7, 1}) ==
        "decode.fields_20020111T00_5,7-8_042h.npy");
  CHECK(tap_file_name("scores.scores", plan, {true, plan.each_lead(), false}, {0, 60, 0}) ==
        "scores.scores_20020111T00_360h.npy");
  CHECK(tap_file_name("mean.m", plan, {false, {}, false}, {}, "mean") == "mean.m_mean.npy");
}

TEST_CASE("a tap prints each message once, in the order of the plan, whatever the timing") {
  toy::set_jitter(300);
  const auto tapped = run_with_taps({"step"});
  toy::set_jitter(0);
  REQUIRE(tapped.size() == 2 * 2 * 4);
  CHECK(tapped[0].starts_with("step.out init 2002-01-01T00, members 1-2, lead 6 h: [8] count 8, "));
  CHECK(tapped[1].starts_with("step.out init 2002-01-01T00, member 3, lead 6 h: "));
  CHECK(tapped[2].starts_with("step.out init 2002-01-01T00, members 1-2, lead 12 h: "));
  CHECK(tapped[15].starts_with("step.out init 2002-01-02T00, member 3, lead 24 h: "));
  CHECK(run_with_taps({"step.out"}) == tapped);
}

TEST_CASE("a payload without numbers is still seen") {
  const auto tapped = run_with_taps({"spell.word"});
  CHECK(tapped.at(0) ==
        "spell.word init 2002-01-01T00, members 1-2, lead 6 h: no numbers in Word\n");
}

TEST_CASE("a tap folder gets a file for each message and nothing else") {
  const TemporaryFolder folder;
  run_with_taps({"step", "analysis"}, folder.path() / "taps");
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path() / "taps")) {
    CHECK(entry.path().extension() == ".npy");
    CHECK(entry.file_size() == 128 + 8 * sizeof(float));
    ++files;
  }
  CHECK(files == 16 + 2);
  CHECK(std::filesystem::exists(folder.path() / "taps" / "step.out_20020102T00_1-2_024h.npy"));
}

TEST_CASE("what still waits is printed when a run fails") {
  Graph graph = build_graph(parse_pipeline(pipeline(), "toy.toml"));
  std::vector<std::string> lines;
  Taps taps(graph, {"step"}, {}, [&](const std::string& text) { lines.push_back(text); });
  const auto ledger = std::make_shared<Ledger>();
  const Tap tap = taps.for_engine().at(0);
  tap.see({0, 1, 1}, Payload::make(Numbers{{1.0F}}, ledger));
  CHECK(lines.empty());
  taps.flush();
  CHECK(lines.size() == 1);
}

TEST_CASE("taps of outputs that are not there name the cure") {
  const auto tap = [](const std::string& output) { run_with_taps({output}); };
  CHECK_THROWS_WITH_AS(tap("stop"),
                       "cannot tap 'stop': there is no node 'stop'\n      = did you mean 'step'?",
                       Error);
  CHECK_THROWS_WITH_AS(
      tap("step.ou"),
      "cannot tap 'step.ou': 'step' has no such output\n      = did you mean 'out'?", Error);
  CHECK_THROWS_WITH_AS(tap("spell"),
                       "cannot tap 'spell': 'spell' has 2 outputs\n      = outputs: analysis.out, "
                       "rollout.state, step.out, spell.word, spell.copy",
                       Error);
  CHECK_THROWS_WITH_AS(tap("table"), doctest::Contains("'table' has 0 outputs"), Error);
}
