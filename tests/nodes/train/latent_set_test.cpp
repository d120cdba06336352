#include "nodes/train/latent_set.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <nlohmann/json.hpp>
#include <optional>

#include "graph/fingerprint.h"
#include "graph/graph.h"
#include "graph/harness.h"
#include "graph/journal.h"
#include "graph/whole_file.h"
#include "nodes/ladcast/statistics.h"
#include "nodes/output/zarr_writer.h"
#include "nodes/values/latent.h"
#include "nodes/values/moments.h"
#include "tests/nodes/error_message.h"
#include "tests/temporary_folder.h"

using namespace ladcast;
namespace fs = std::filesystem;

namespace {

const Model kModel = Model::read("pipelines/models/small-planet");
const Axes kEachInit{true, {}, false};

/// Values that tell the time, as encode sends them.
Latent scaled(Time init) {
  const auto hours = static_cast<std::uint64_t>(init.time_since_epoch().count() / 3600);
  auto generator = at::make_generator<at::CPUGeneratorImpl>(hours);
  return {at::randn({1, 64, 1, 8, 16}, generator, at::kFloat) * 0.5, init, {0}, {0}};
}

/// As the autoencoder has them.
at::Tensor frame(Time init) {
  return denormalise_latent(scaled(init).values, latent_moments(kModel), kModel.target_std, 1)
      .view({64, 8, 16});
}

std::optional<Time> absent;  // where there is no analysis

class Latents final : public Node {
  Out<Latent> latent{this, "latent", "random"};
  Axes source_axes(const Plan&) const override { return kEachInit; }
  void shape(Shape& shape) override { describe_latent(shape.out(latent), 64, 8, 16, 1, 1); }
  void run(Task& task) const override {
    if (task.init() == absent) fail("there is no analysis");
    task.send(latent, scaled(task.init()));
  }
};
const Registration kLatents(NodeType{"random_analyses", "",
                                     [] { return std::make_unique<Latents>(); }});

std::string pipeline(const fs::path& folder, const std::string& last = "2002-01-12T18") {
  return fmt::format(
      "flow = 1\n[run]\ninits = {{ first = \"2002-01-11\", last = \"{}\", every_hours = 6 }}\n"
      "[nodes.latents]\ntype = \"random_analyses\"\n"
      "[nodes.set]\ntype = \"latent_set_out\"\nin = \"latents\"\nmodel = \"small-planet\"\n"
      "path = \"{}/latents.zarr\"\n"
      "[nodes.statistics]\ntype = \"latent_statistics\"\nin = \"latents\"\n"
      "model = \"small-planet\"\npath = \"{}/latent_normal.json\"\n",
      last, folder.string(), folder.string());
}

/// At least `stop_after` tasks; true if all is done. -1: to the end. `said`: what nodes printed.
bool run_part(const std::string& text, const fs::path& journal, bool resume, int stop_after,
              std::string* said = nullptr) {
  Graph graph = build_graph(parse_pipeline(text, "test.toml"));
  RunOptions options;
  options.origin = std::make_shared<const RunOrigin>(origin_of(graph, {""}));
  const auto kept = resume ? Journal::resume(journal, graph, *options.origin)
                           : Journal::begin(journal, graph, *options.origin);
  std::atomic<int> tasks{0};
  options.journal = kept.get();
  options.resume = resume;
  options.interrupted = [&] { return stop_after >= 0 && tasks >= stop_after; };
  options.progress = [&](auto, auto) { ++tasks; };
  if (said != nullptr) options.print = [said](const std::string& line) { *said += line; };
  try {
    run_graph(graph, options);
  } catch (const Interrupted&) {
    return false;
  } catch (const ItemsFailed&) {
    return false;
  }
  return true;
}

std::map<std::string, std::string> sums_in(const fs::path& folder) {
  std::map<std::string, std::string> sums;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file())
      sums[fs::relative(entry.path(), folder)] = sha256_of_file(entry.path());
  return sums;
}

std::map<std::string, std::string> unbroken(const std::string& last = "2002-01-12T18") {
  const TemporaryFolder folder, journal;
  run_part(pipeline(folder.path(), last), journal.path(), false, -1);
  return sums_in(folder.path());
}

std::string refusal(const std::string& type, const Latent& latent) {
  const TemporaryFolder folder;
  Harness harness(type);
  harness.plan("inits = [\"2002-01-11\"]")
      .set("model", "\"small-planet\"")
      .set("path", '"' + (folder.path() / "made").string() + '"')
      .put_all<Latent>("latent", {{{}, latent}}, kEachInit);
  const std::string message = error_of([&] { harness.run(); });
  CHECK(fs::is_empty(folder.path()));
  return message;
}

}  // namespace

TEST_CASE("a training set gives back what the autoencoder made, in any order") {
  const TemporaryFolder folder, journal;
  run_part(pipeline(folder.path()), journal.path(), false, -1);
  const LatentSet set(folder.path() / "latents.zarr");
  CHECK(set.shape().channels == 64);
  CHECK(set.shape().rows == 8);
  CHECK(set.shape().columns == 16);
  CHECK(set.resident_bytes() == 0);
  const auto times = set.times();
  REQUIRE(times.size() == 8);
  for (const std::size_t i : {7U, 0U, 3U, 7U}) {
    CHECK((times[i] == parse_time("2002-01-11") + std::chrono::hours{6 * i}));
    CHECK(at::equal(set.read(times[i]), frame(times[i])));
  }
  CHECK(contains(error_of([&] { set.read(parse_time("2002-01-13")); }),
                 "latents.zarr: it does not hold 2002-01-13T00"));
}

TEST_CASE("latent statistics are those of the frames, of the population") {
  const TemporaryFolder folder, journal;
  run_part(pipeline(folder.path()), journal.path(), false, -1);
  const Moments moments = read_latent_moments(folder.path() / "latent_normal.json", 64);
  std::vector<at::Tensor> frames;
  for (int i = 0; i < 8; ++i)
    frames.push_back(frame(parse_time("2002-01-11") + std::chrono::hours{6 * i}));
  const auto all = at::stack(frames, 1).to(at::kDouble).flatten(1);  // [channel, value]
  for (std::int64_t c = 0; c < 64; ++c) {
    const auto i = static_cast<std::size_t>(c);
    CHECK(moments.mean[i] == doctest::Approx(all[c].mean().item<double>()).epsilon(1e-13));
    CHECK(moments.std[i] == doctest::Approx(all[c].std(false).item<double>()).epsilon(1e-13));
  }
}

TEST_CASE(
    "a training set and its statistics that were broken off anywhere become the unbroken ones") {
  const auto expected = unbroken();
  for (int stop = 0; stop < 24; stop += 2) {
    CAPTURE(stop);
    const TemporaryFolder folder, journal;
    if (!run_part(pipeline(folder.path()), journal.path(), false, stop)) {
      if (fs::exists(folder.path() / "latents.zarr"))
        CHECK(contains(error_of([&] { LatentSet(folder.path() / "latents.zarr"); }),
                       "it is not finished"));
      CHECK(run_part(pipeline(folder.path()), journal.path(), true, -1));
    }
    CHECK(sums_in(folder.path()) == expected);
  }
}

TEST_CASE("a chunk that is lost comes again, and a finished set may get later times") {
  const TemporaryFolder folder, journal;
  run_part(pipeline(folder.path(), "2002-01-12T06"), journal.path(), false, -1);
  fs::remove(folder.path() / "latents.zarr" / "latents" / "3.0.0.0");
  CHECK(run_part(pipeline(folder.path()), journal.path(), true, -1));
  CHECK(sums_in(folder.path()) == unbroken());
}

TEST_CASE("an analysis that is absent is named and not among the times, and may come later") {
  const TemporaryFolder folder, journal;
  const auto text = [&](const char* last) {
    return pipeline(folder.path(), last) + "[engine]\non_error = \"skip_item\"\n";
  };
  const Time lost = parse_time("2002-01-11T12");
  std::string said;
  absent = lost;
  CHECK(!run_part(text("2002-01-12T06"), journal.path(), false, -1, &said));
  absent.reset();
  CHECK(contains(said,
                 "latents.zarr: latents of 5 analyses, 2002-01-11T00 to 2002-01-12T06; 1 "
                 "were absent: 2002-01-11T12\n"));
  const LatentSet set(folder.path() / "latents.zarr");
  const auto times = set.times();
  CHECK(times.size() == 5);
  CHECK(std::find(times.begin(), times.end(), lost) == times.end());
  CHECK(contains(error_of([&] { set.read(lost); }), "it does not hold 2002-01-11T12"));
  CHECK(run_part(text("2002-01-12T18"), journal.path(), true, -1));
  CHECK(sums_in(folder.path()) == unbroken());
}

TEST_CASE("where no analysis is there, an earlier set stays") {
  const TemporaryFolder folder, first, second;
  run_part(pipeline(folder.path(), "2002-01-11"), first.path(), false, -1);
  const auto before = sums_in(folder.path());
  absent = parse_time("2002-01-11");
  CHECK(contains(error_of([&] {
                   run_part(pipeline(folder.path(), "2002-01-11") +
                                "[engine]\non_error = \"skip_item\"\n",
                            second.path(), false, -1);
                 }),
                 "latents.zarr: none of the 1 analyses is there"));
  absent.reset();
  CHECK(sums_in(folder.path()) == before);
}

TEST_CASE("a set with other times is not replaced") {
  const TemporaryFolder folder, first, second;
  run_part(pipeline(folder.path()), first.path(), false, -1);
  const auto before = sums_in(folder.path());
  CHECK(contains(
      error_of([&] { run_part(pipeline(folder.path(), "2002-01-12"), second.path(), false, -1); }),
      "latents.zarr holds 2002-01-12T06, which this run would remove"));
  CHECK(sums_in(folder.path()) == before);
}

TEST_CASE("latents that are not finite or of another shape are refused") {
  for (const char* type : {"latent_set_out", "latent_statistics"}) {
    CAPTURE(type);
    const Time time = parse_time("2002-01-11");
    Latent latent = scaled(time);
    latent.values[0][3][0][1][2] = NAN;
    CHECK(contains(refusal(type, latent), "1 of 8192 latents of the analysis of 2002-01-11T00"));
    latent.values = at::zeros({1, 64, 1, 8, 8});
    CHECK(contains(refusal(type, latent), "latents of [1, 64, 1, 8, 8] are not those of one"));
  }
  Latent dead = scaled(parse_time("2002-01-11"));
  dead.values.select(1, 7).fill_(0);
  CHECK(
      contains(refusal("latent_statistics", dead),
               fmt::format("latent channel 7 is {:g} everywhere", latent_moments(kModel).mean[7])));
}

TEST_CASE("a training set that xarray wrote, with chunks of its own, is read whole") {
  const LatentSet set("tests/data/zarr/v2_latents");
  CHECK(set.resident_bytes() == 5 * 3 * 2 * 4 * sizeof(float));
  const auto times = set.times();
  REQUIRE(times.size() == 5);
  CHECK((times[0] == parse_time("1979-01-01T05")));
  CHECK((times[4] == parse_time("1979-01-02T05")));
  const auto all = at::arange(5 * 3 * 2 * 4, at::kFloat).view({5, 3, 2, 4}) / 8;
  for (std::int64_t i = 0; i < 5; ++i)
    CHECK(at::equal(set.read(times[static_cast<std::size_t>(i)]), all[i]));
  CHECK(contains(error_of([] { LatentSet("tests/data/zarr/v2_latents", 100); }),
                 "its chunks of 4 x 2 x 2 x 4 hold parts of many times"));
  const TemporaryFolder folder;
  fs::copy("tests/data/zarr/v2_latents", folder.path(), fs::copy_options::recursive);
  for (const char* chunk : {"1.0.0.0", "1.1.0.0"}) fs::remove(folder.path() / "latents" / chunk);
  CHECK((LatentSet(folder.path()).times() == std::vector(times.begin(), times.begin() + 4)));
}

TEST_CASE("what is no whole training set is refused") {
  CHECK(contains(error_of([] { LatentSet("tests/data/zarr/v2_zlib"); }),
                 "v2_zlib: it is no training set of latents: it has no array 'latents'"));
  CHECK(contains(error_of([] { LatentSet("tests/data/zarr/absent"); }), "no such folder"));

  const TemporaryFolder folder;
  const ZarrWriter writer(folder.path());
  writer.group({});
  writer.data({"latents", {"time", "C", "H", "W"}, {2, 1, 1, 2}, {1, 1, 1, 2}},
              nlohmann::json::object());
  const auto time = parse_time("2002-01-11"), next = parse_time("2002-01-12");
  writer.time_axis({time}, false);
  CHECK(contains(error_of([&] { LatentSet(folder.path()); }), "'time' is not the axis"));
  writer.time_axis({time, time}, false);
  CHECK(contains(error_of([&] { LatentSet(folder.path()); }), "it holds 2002-01-11T00 twice"));
  writer.time_axis({next, time}, false);
  CHECK(contains(error_of([&] { LatentSet(folder.path()); }), "it holds no latents"));
  write_chunk(folder.path() / "latents", "0.0.0.0", {3, NAN});
  write_chunk(folder.path() / "latents", "1.0.0.0", {1, 2});
  const LatentSet set(folder.path());
  CHECK((set.times() == std::vector{time, next}));
  CHECK(at::equal(set.read(time), at::tensor({1.0F, 2.0F}).view({1, 1, 2})));
  CHECK(contains(error_of([&] { set.read(next); }), "latents of 2002-01-12T00 are not finite"));
}
