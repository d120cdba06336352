#include "graph/commands.h"

#include <sys/resource.h>

#include <chrono>

#include "graph/describe.h"
#include "graph/diagnostics.h"
#include "graph/disk.h"
#include "graph/draw.h"
#include "graph/graph.h"
#include "graph/interrupt.h"
#include "graph/journal.h"
#include "graph/journal_status.h"
#include "graph/lane.h"
#include "graph/plan_text.h"
#include "graph/runtime.h"
#include "graph/tap.h"
#include "graph/text.h"
#include "graph/whole_file.h"

namespace ladcast {
namespace {

Graph load(const PipelineOptions& options, const Streams& streams) {
  Selection selection;
  for (const auto& part : options.only) add_selection(selection, part);
  Graph graph = build_graph(load_pipeline(options.file, options.sets), selection);
  streams.err << graph.warnings;
  return graph;
}

std::vector<std::string> resolved_devices(const Graph& graph) {
  std::vector<std::string> devices;
  for (const auto& lane : graph.lanes)
    devices.push_back(lane.device.empty() ? "" : device_support().resolve(lane.device));
  return devices;
}

/// The most memory that this process has had, in bytes.
std::uint64_t peak_memory() {
  struct rusage usage {};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
}

/// Null where the pipeline keeps no journal.
std::unique_ptr<Journal> open_journal(const Graph& graph, const RunOrigin& origin, bool resume) {
  if (!graph.journal.empty())
    return resume ? Journal::resume(graph.journal, graph, origin)
                  : Journal::begin(graph.journal, graph, origin);
  if (resume)
    throw PipelineError(
        "error: this pipeline keeps no journal, so there is nothing to resume\n"
        "      = set engine.journal to a folder, or a variable 'out'");
  return nullptr;
}

/// The line that tells how a broken run is continued.
std::string how_to_go_on(const Journal* journal, const RunCommand& command) {
  if (!journal) return "";
  std::string words = "ladcast-flow run " + command.pipeline.file;
  for (const auto& set : command.pipeline.sets) words += " --set '" + set + "'";
  for (const auto& part : command.pipeline.only) words += " --only " + part;
  return "\n      = what is done is kept; continue with: " + words + " --resume";
}

/// Throws PipelineError where a node does not open: what it names is wrong.
void open_and_close(Graph& graph) {
  RunOptions options;
  options.open_only = true;
  try {
    run_graph(graph, options);
  } catch (const RunError& error) {
    throw PipelineError(error.what());
  }
}

/// Ends taps and progress in good order, also when the run throws.
class Watch {
 public:
  Watch(const RunCommand& command, const Graph& graph, const Streams& streams)
      : streams_(streams),
        progress_(command.progress, streams.err, streams.columns),
        taps_(graph, command.taps, command.tap_folder, [this](const std::string& text) {
          progress_.aside([&] { streams_.out << text << std::flush; });
        }) {}
  ~Watch() { taps_.flush(); }
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  void say(const std::string& line) {
    progress_.aside([&] { streams_.err << line << std::endl; });
  }

  RunOptions options() {
    return {.taps = taps_.for_engine(),
            .interrupted = InterruptGuard::interrupted,
            .progress =
                [this](std::int64_t done, std::int64_t total) {
                  progress_.update(done, total);
                  if (done == total) progress_.finish();
                },
            .notice = [this](const std::string& text) { say(text); }};
  }

 private:
  const Streams& streams_;
  Progress progress_;
  Taps taps_;
};

}  // namespace

int run(const RunCommand& command, const Streams& streams) {
  const auto start = std::chrono::steady_clock::now();
  Graph graph = load(command.pipeline, streams);
  if (!command.resume) check_disk(volumes(graph));
  const auto devices = resolved_devices(graph);
  const std::string line = run_line(graph, devices);
  const auto origin = std::make_shared<const RunOrigin>(origin_of(graph, devices));
  const auto journal = open_journal(graph, *origin, command.resume);
  const InterruptGuard guard;
  RunReport report;
  try {
    Watch watch(command, graph, streams);
    watch.say(line);
    RunOptions options = watch.options();
    options.origin = origin;
    options.journal = journal.get();
    options.resume = command.resume;
    report = run_graph(graph, options);
  } catch (const Interrupted& error) {
    throw Interrupted(error.what() + how_to_go_on(journal.get(), command));
  } catch (const ItemsFailed& error) {
    throw ItemsFailed(error.what() + how_to_go_on(journal.get(), command));
  } catch (const RunError& error) {
    throw RunError(error.what() + how_to_go_on(journal.get(), command));
  }
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  streams.err << fmt::format(
      "done in {}: {}{}, payloads at most {}, process at most {}\n",
      format_duration(seconds.count()), format_count(report.tasks, "task"),
      report.tasks_before > 0 ? fmt::format(" ({} were done before)", report.tasks_before) : "",
      format_bytes(report.peak_bytes), format_bytes(peak_memory()));
  return kDone;
}

int status(const std::string& journal, const Streams& streams) {
  streams.out << journal_status(journal);
  return kDone;
}

int check(const PipelineOptions& options, bool open, const Streams& streams) {
  Graph graph = load(options, streams);
  std::size_t edges = 0;
  for (const auto& node : graph.nodes)
    for (const auto& port : node.inputs) edges += port.size();
  const auto nodes = static_cast<std::int64_t>(graph.nodes.size());
  if (open) open_and_close(graph);
  streams.out << fmt::format("{}: ok ({}, {}{})\n", graph.file, format_count(nodes, "node"),
                             format_count(static_cast<std::int64_t>(edges), "edge"),
                             open ? ", all opened" : "");
  return kDone;
}

int plan(const PipelineOptions& options, const Streams& streams) {
  const Graph graph = load(options, streams);
  const auto disks = volumes(graph);
  streams.out << plan_text(graph, disks) << std::flush;
  check_disk(disks);
  return kDone;
}

int draw(const PipelineOptions& options, const std::string& format, const std::string& output,
         const Streams& streams) {
  const std::string picture = draw(load(options, streams), format);
  if (output.empty()) {
    streams.out << picture;
    return kDone;
  }
  write_whole_file(output, {picture});
  return kDone;
}

int nodes(const std::string& type, const std::string& format, const Streams& streams) {
  std::vector<const NodeType*> types = node_types();
  if (!type.empty()) {
    std::vector<std::string> names;
    for (const auto* known : types) names.push_back(known->name);
    const NodeType* found = find_node_type(type);
    if (!found) {
      const std::string hint = did_you_mean(type, names);
      fail("unknown node type '{}'\n      = {}", type,
           hint.empty() ? "'ladcast-flow nodes' lists the types" : hint);
    }
    types = {found};
  }
  if (format == "markdown")
    streams.out << types_as_markdown(types);
  else if (format == "json")
    streams.out << types_as_json(types);
  else
    streams.out << (type.empty() ? list_types(types) : describe_type(*types.front()));
  return kDone;
}

}  // namespace ladcast
