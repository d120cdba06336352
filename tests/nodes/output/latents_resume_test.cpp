#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <doctest/doctest.h>

#include <atomic>

#include "graph/diagnostics.h"
#include "graph/disk.h"
#include "graph/fingerprint.h"
#include "graph/graph.h"
#include "graph/harness.h"
#include "graph/journal.h"
#include "graph/whole_file.h"
#include "nodes/values/latent.h"
#include "tests/nodes/error_message.h"
#include "tests/temporary_folder.h"

using namespace ladcast;
namespace fs = std::filesystem;

namespace {

/// Values that tell initial time, member, lead and the run's seed.
at::Tensor frame(std::uint64_t seed, Time init, int member, int lead) {
  const auto hours = static_cast<std::uint64_t>(init.time_since_epoch().count() / 3600);
  auto generator = at::make_generator<at::CPUGeneratorImpl>(
      seed + 10000 * hours + static_cast<std::uint64_t>(100 * member + lead));
  return at::randn({64, 8, 16}, generator, at::kFloat) * 0.5;
}

/// As a rollout would send them.
class Steps final : public Node {
  Out<Latent> latent{this, "latent", "random"};

  Axes source_axes(const Plan& plan) const override {
    return {true, {1, 4, (plan.leads + 3) / 4}, true};
  }
  void shape(Shape& shape) override {
    describe_latent(shape.out(latent), 64, 8, 16, shape.plan().largest_batch(), 4);
  }
  void run(Task& task) const override {
    Latent next{{}, task.init(), {}, task.members()};
    std::vector<at::Tensor> members;
    for (const int member : next.members) {
      std::vector<at::Tensor> leads;
      for (int i = 0; i < 4; ++i)
        leads.push_back(frame(plan().seed, task.init(), member, task.key().lead + i));
      members.push_back(at::stack(leads, 1));
    }
    for (int i = 0; i < 4; ++i) next.lead_hours.push_back(plan().lead_hours(task.key().lead + i));
    next.values = at::stack(members);
    task.send(latent, next);
  }
};
const Registration kSteps(NodeType{"random_steps", "", [] { return std::make_unique<Steps>(); }});

class Start final : public Node {
  Out<Latent> latent{this, "latent", "random"};

  Axes source_axes(const Plan&) const override { return {true, {}, false}; }
  void shape(Shape& shape) override { describe_latent(shape.out(latent), 64, 8, 16, 1, 1); }
  void run(Task& task) const override {
    task.send(latent, Latent{frame(plan().seed, task.init(), 0, 0).unsqueeze(1).unsqueeze(0),
                             task.init(),
                             {0},
                             {0}});
  }
};
const Registration kStart(NodeType{"random_start", "", [] { return std::make_unique<Start>(); }});

/// Five members in three batches, of two initial times.
std::string run_of(int until_hours) {
  return fmt::format(
      "flow = 1\n[run]\ninits = [\"2002-01-11T00\", \"2002-01-12T00\"]\nmembers = 5\nbatch = 2\n"
      "lead = {{ step_hours = 6, until_hours = {} }}\n",
      until_hours);
}

std::string writes(const fs::path& folder, const std::string& extension,
                   const std::string& analysis = "in.analysis = \"start\"\n") {
  return fmt::format(
      "[nodes.steps]\ntype = \"random_steps\"\n[nodes.start]\ntype = \"random_start\"\n"
      "[nodes.latents]\ntype = \"latents_out\"\nin.latent = \"steps\"\n{}"
      "model = \"small-planet\"\npath = \"{}/{{init}}{}\"\n",
      analysis, folder.string(), extension);
}

std::string reads(const fs::path& folder, const std::string& extension) {
  return fmt::format(
      "[nodes.archive]\ntype = \"latents_in\"\nmodel = \"small-planet\"\npath = "
      "\"{}/{{init}}{}\"\n",
      folder.string(), extension);
}

Graph graph_of(const std::string& text, const Selection& selection = {}) {
  return build_graph(parse_pipeline(text, "test.toml"), selection);
}

void run(const std::string& text) {
  Graph graph = graph_of(text);
  run_graph(graph);
}

struct Part {
  bool done = false;
  std::vector<std::string> notices;
};

/// Runs a part of a plan: at least `stop_after` tasks, and until `needed` is there.
Part run_part(const std::string& text, const fs::path& journal, bool resume, int stop_after,
              const fs::path& needed = {}) {
  Graph graph = graph_of(text);
  RunOptions options;
  options.origin = std::make_shared<const RunOrigin>(origin_of(graph, {""}));
  const auto kept = resume ? Journal::resume(journal, graph, *options.origin)
                           : Journal::begin(journal, graph, *options.origin);
  std::atomic<int> tasks{0};
  Part part;
  options.journal = kept.get();
  options.resume = resume;
  options.interrupted = [&] {
    return stop_after >= 0 && tasks >= stop_after && (needed.empty() || fs::exists(needed));
  };
  options.progress = [&](auto, auto) { ++tasks; };
  options.notice = [&](const std::string& notice) { part.notices.push_back(notice); };
  try {
    run_graph(graph, options);
    part.done = true;
  } catch (const Interrupted&) {
  }
  return part;
}

using Sums = std::map<std::string, std::string>;

/// SHA-256 of each file.
Sums sums_in(const fs::path& folder) {
  Sums sums;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file())
      sums[fs::relative(entry.path(), folder)] = sha256_of_file(entry.path());
  return sums;
}

/// What an unbroken run writes.
Sums whole(const std::string& extension, int until_hours) {
  const TemporaryFolder folder, journal;
  run_part(run_of(until_hours) + writes(folder.path(), extension), journal.path(), false, -1);
  return sums_in(folder.path());
}

}  // namespace

TEST_CASE("latents_out stopped anywhere and resumed gives the unbroken bytes") {
  for (const std::string extension : {".zarr", ".npy"}) {
    CAPTURE(extension);
    const Sums expected = whole(extension, 36);
    for (int stop = 0; stop < 26; stop += 3) {
      CAPTURE(stop);
      const TemporaryFolder folder, journal;
      const std::string text = run_of(36) + writes(folder.path(), extension);
      if (!run_part(text, journal.path(), false, stop).done)
        CHECK(run_part(text, journal.path(), true, -1).notices.empty());
      CHECK(sums_in(folder.path()) == expected);
    }
  }
}

TEST_CASE("finished archives stay as they are, and longer ones have the unbroken bytes") {
  for (const std::string extension : {".zarr", ".npy"}) {
    CAPTURE(extension);
    const TemporaryFolder folder, journal;
    const auto text = [&](int hours) { return run_of(hours) + writes(folder.path(), extension); };
    run_part(text(24), journal.path(), false, -1);
    const Sums shorter = sums_in(folder.path());
    CHECK(run_part(text(24), journal.path(), true, -1).notices.empty());
    CHECK(sums_in(folder.path()) == shorter);
    const bool anew = !run_part(text(48), journal.path(), true, -1).notices.empty();
    CHECK(anew == (extension == ".npy"));  // its leads lie elsewhere
    CHECK(sums_in(folder.path()) == whole(extension, 48));
  }
}

TEST_CASE("an .npy file that was changed or made by another run is begun anew") {
  const Sums expected = whole(".npy", 36);
  const TemporaryFolder folder, journal;
  const std::string text = run_of(36) + writes(folder.path(), ".npy");
  const auto part = folder.path() / "20020111T00.npy.part";
  REQUIRE(!run_part(text, journal.path(), false, 14, part).done);
  REQUIRE(fs::exists(part));
  std::string bytes = read_whole_file(part);
  bytes[128] = static_cast<char>(bytes[128] ^ 1);  // of the analysis, with the first step
  write_whole_file(part, {bytes});
  const Part rest = run_part(text, journal.path(), true, -1);
  REQUIRE(rest.notices.size() == 1);
  CHECK(contains(rest.notices[0], "what node 'latents' wrote for init 2002-01-11T00 is lost"));
  CHECK(sums_in(folder.path()) == expected);
}

TEST_CASE("a run without a journal that is stopped leaves no archive") {
  for (const std::string extension : {".zarr", ".npy"}) {
    CAPTURE(extension);
    const TemporaryFolder folder;
    Graph graph = graph_of(run_of(36) + writes(folder.path(), extension));
    std::atomic<int> tasks{0};
    RunOptions options;
    options.interrupted = [&] { return tasks >= 9; };
    options.progress = [&](auto, auto) { ++tasks; };
    CHECK_THROWS_AS(run_graph(graph, options), Interrupted);
    for (const auto& entry : fs::directory_iterator(folder.path()))
      CHECK(entry.path().filename() == "20020111T00" + extension);  // at most a finished one
    CHECK(!fs::exists(folder.path() / "20020112T00.npy.part"));
  }
}

TEST_CASE("an archive that a run reads is not written over") {
  for (const std::string extension : {".zarr", ".npy"}) {
    CAPTURE(extension);
    const TemporaryFolder folder;
    run(run_of(12) + writes(folder.path(), extension));
    const std::string copies = run_of(12) + reads(folder.path(), extension);
    CHECK(contains(
        error_of([&] { check_inputs_stay(graph_of(copies + writes(folder.path(), extension))); }),
        "node 'latents' would write over " + (folder.path() / "20020111T00").string() + extension +
            ", which node 'archive' reads"));
    check_inputs_stay(graph_of(copies + writes(folder.path() / "elsewhere", extension)));
  }
}

TEST_CASE("a run that reads an archive is not resumed with another one") {
  for (const std::string extension : {".zarr", ".npy"}) {
    CAPTURE(extension);
    const TemporaryFolder from, to, journal, first;
    run_part(run_of(24) + writes(from.path(), extension), first.path(), false, -1);
    const std::string copies = fmt::format(
        "{}{}[nodes.start]\ntype = \"random_start\"\n[nodes.latents]\ntype = \"latents_out\"\n"
        "in.latent = \"archive\"\nin.analysis = \"start\"\nmodel = \"small-planet\"\n"
        "path = \"{}/{{init}}.npy\"\n",
        run_of(24), reads(from.path(), extension), to.path().string());
    run_part(copies, journal.path(), false, 4);
    run_part(copies, journal.path(), true, 4);
    run_part(run_of(24) + "seed = 5\n" + writes(from.path(), extension), first.path(), false, -1);
    const std::string changed = error_of([&] { run_part(copies, journal.path(), true, -1); });
    CHECK(contains(changed, "is the journal of another run"));
    CHECK(contains(changed, "20020111T00" + extension));
  }
}

TEST_CASE("an .npy archive needs the analysis, and members from 1") {
  const TemporaryFolder folder;
  const std::string head = run_of(12);
  CHECK(contains(error_of([&] { graph_of(head + writes(folder.path(), ".npy", "")); }),
                 "in an .npy file lead 0 is the analysis, which is not wired"));
  graph_of(head + writes(folder.path(), ".zarr", ""));
  Selection some;
  add_selection(some, "members=3-4");
  CHECK(contains(error_of([&] { graph_of(head + writes(folder.path(), ".npy"), some); }),
                 "an .npy file counts its members from 1, and the run makes 3-4"));
  graph_of(head + writes(folder.path(), ".zarr"), some);
}
