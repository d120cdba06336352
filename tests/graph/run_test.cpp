#include <doctest/doctest.h>
#include <fmt/format.h>

#include "graph/estimate.h"
#include "tests/graph/toy_nodes.h"

using namespace ladcast;

namespace {

/// A whole forecast: analysis, rollout, decode, a gather against the truth, a fold, writers.
std::string forecast(int items, int members, int batch, int leads, const std::string& engine,
                     int frames = 4) {
  return toy::head(items, members, batch, leads, engine) + fmt::format(R"(
[nodes.analysis]
type = "toy_analysis"
[nodes.rollout]
type = "toy_rollout"
in.seed = "analysis"
in.next = "step"
frames = {0}
[nodes.step]
type = "toy_step"
in = "rollout"
lane = "model"
[nodes.decode]
type = "toy_decode"
in = "step"
frames = {0}
[nodes.unscale]
type = "toy_join"
in.a = "decode"
in.b = "analysis"
[nodes.fields]
type = "toy_item_sink"
in = "unscale"
label = "fields"
lane = "service"
[nodes.truth]
type = "toy_truth"
[nodes.scores]
type = "toy_gather"
in = "unscale"
[nodes.error]
type = "toy_join"
in.a = "scores"
in.b = "truth"
in.c = "analysis"
[nodes.table]
type = "toy_sink"
in = "error"
label = "table"
[nodes.mean]
type = "toy_fold"
in = "unscale"
[nodes.means]
type = "toy_item_sink"
in = "mean"
label = "means"
)",
                                                                       frames);
}

}  // namespace

TEST_CASE("a forecast runs to its end and every sink sees its plan") {
  const RunReport report = toy::run(forecast(2, 5, 2, 10, ""));
  CHECK(toy::diary().seen.at("fields") == 2 * 3 * 10);
  CHECK(toy::diary().seen.at("table") == 2 * 10);
  CHECK(toy::diary().seen.at("means") == 2 * 10);
  CHECK(toy::diary().opened == 12);
  CHECK(toy::diary().closed == toy::diary().opened);
  CHECK(report.left_payloads == 0);
}

TEST_CASE("results do not depend on threads, window, trajectories in flight or timing") {
  toy::run(forecast(3, 5, 2, 10, "threads = 1"));
  const auto expected = toy::diary().hashes;
  toy::set_jitter(300);
  for (const int threads : {1, 2, 8})
    for (const char* rest : {"window = 1", "window = 3\nin_flight = 7", "in_flight = 3"}) {
      CAPTURE(threads);
      CAPTURE(rest);
      toy::run(forecast(3, 5, 2, 10, fmt::format("threads = {}\n{}", threads, rest)));
      CHECK(toy::diary().hashes == expected);
    }
  toy::set_jitter(0);
}

TEST_CASE("a member's noise does not depend on its batch") {
  const std::string text = toy::head(1, 4, 1, 4, "") + R"(
[nodes.analysis]
type = "toy_analysis"
[nodes.rollout]
type = "toy_rollout"
in.seed = "analysis"
in.next = "step"
[nodes.step]
type = "toy_step"
in = "rollout"
[nodes.sink]
type = "toy_trajectory_sink"
in = "step"
label = "s"
)";
  toy::run(text);
  const auto all = toy::diary().hashes;
  Selection third;
  add_selection(third, "members=3");
  Graph graph = build_graph(parse_pipeline(text, "toy.toml"), third);
  toy::diary() = {};
  run_graph(graph);
  CHECK(toy::diary().hashes.at("s 0 0") == all.at("s 0 2"));
}

TEST_CASE("payloads alive stay within the bound that the plan gives, with a slow sink") {
  for (const int window : {1, 2, 4}) {
    const auto text =
        forecast(3, 6, 2, 40, fmt::format("threads = 4\nwindow = {}\nin_flight = 3", window));
    const auto bound = estimate(build_graph(parse_pipeline(text, "toy.toml")));
    toy::set_jitter(200);
    const RunReport report = toy::run(text);
    toy::set_jitter(0);
    CAPTURE(window);
    CHECK(report.peak_payloads <= static_cast<std::size_t>(bound.payloads));
    CHECK(report.peak_bytes <= bound.payload_bytes);
    const auto longer = forecast(3, 6, 2, 80, fmt::format("window = {}\nin_flight = 3", window));
    const auto longer_bound = estimate(build_graph(parse_pipeline(longer, "toy.toml")));
    CHECK(longer_bound.payload_bytes == bound.payload_bytes);
  }
}

TEST_CASE("the last step is cut at the last lead asked for") {
  toy::run(forecast(1, 1, 1, 5, ""));
  CHECK(toy::diary().seen.at("fields") == 5);
}

TEST_CASE("streams that only items have flow without trajectories") {
  toy::run(toy::head(5, 1, 1, 0, "") + R"(
[nodes.analysis]
type = "toy_analysis"
[nodes.pass]
type = "toy_pass"
in = "analysis"
[nodes.sink]
type = "toy_sink"
in = ["analysis", "pass"]
label = "s"
)");
  CHECK(toy::diary().seen.at("s") == 5);
}

TEST_CASE("stored forecasts stream along lead, batch by batch") {
  const RunReport report = toy::run(toy::head(2, 4, 2, 30, "") + R"(
[nodes.stored]
type = "toy_truth"
members = true
[nodes.truth]
type = "toy_truth"
[nodes.join]
type = "toy_join"
in.a = "stored"
in.b = "truth"
[nodes.gather]
type = "toy_gather"
in = "join"
[nodes.sink]
type = "toy_sink"
in = "gather"
label = "s"
)");
  CHECK(toy::diary().seen.at("s") == 60);
  CHECK(report.peak_payloads <= 30);
}

TEST_CASE("items are finished in turn and the whole once") {
  toy::run(forecast(2, 2, 1, 4, ""));
  const auto& finished = toy::diary().finished;
  CHECK(std::count(finished.begin(), finished.end(), "fields 0") == 1);
  CHECK(std::count(finished.begin(), finished.end(), "fields 1") == 1);
  CHECK(std::count(finished.begin(), finished.end(), "fields") == 1);
}

TEST_CASE("two models side by side share their trajectories") {
  toy::run(toy::head(2, 4, 2, 8, "window = 1") + R"(
[nodes.analysis]
type = "toy_analysis"
[nodes.a]
type = "toy_rollout"
in.seed = "analysis"
in.next = "step_a"
[nodes.step_a]
type = "toy_step"
in = "a"
[nodes.b]
type = "toy_rollout"
in.seed = "analysis"
in.next = "step_b"
[nodes.step_b]
type = "toy_step"
in = "b"
[nodes.both]
type = "toy_join"
in.a = "step_a"
in.b = "step_b"
[nodes.sink]
type = "toy_item_sink"
in = "both"
label = "s"
)");
  CHECK(toy::diary().seen.at("s") == 2 * 2 * 2);
}

TEST_CASE("an interrupted run ends early, closes everything and frees all payloads") {
  std::atomic<int> asked{0};
  RunOptions options;
  options.interrupted = [&] { return ++asked > 200; };
  CHECK_THROWS_AS(toy::run(forecast(3, 5, 1, 40, ""), {}, options), Interrupted);
  CHECK(toy::diary().closed == toy::diary().opened);
  CHECK(toy::diary().finished.size() < 3);
}

TEST_CASE("a tap sees every message of an output") {
  Graph graph = build_graph(parse_pipeline(forecast(1, 4, 2, 8, ""), "toy.toml"));
  int seen = 0;
  RunOptions options;
  options.taps.push_back({graph.find("decode"), 0, [&](const Key&, const Payload&) { ++seen; }});
  run_graph(graph, options);
  CHECK(seen == 2 * 8);
}
