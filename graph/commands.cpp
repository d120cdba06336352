#include "graph/commands.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <set>

#include "graph/describe.h"
#include "graph/diagnostics.h"
#include "graph/disk.h"
#include "graph/draw.h"
#include "graph/dry_run.h"
#include "graph/estimate.h"
#include "graph/graph.h"
#include "graph/inspect.h"
#include "graph/install.h"
#include "graph/interrupt.h"
#include "graph/journal.h"
#include "graph/journal_status.h"
#include "graph/lane.h"
#include "graph/new_files.h"
#include "graph/pipeline_test.h"
#include "graph/plan_text.h"
#include "graph/plugin_loader.h"
#include "graph/plugin_search.h"
#include "graph/profile.h"
#include "graph/run_settings.h"
#include "graph/runtime.h"
#include "graph/scratch_folder.h"
#include "graph/tap.h"
#include "graph/text.h"
#include "graph/trace.h"
#include "graph/trace_file.h"
#include "graph/whole_file.h"

namespace ladcast {
namespace {

Selection selection_of(const PipelineOptions& options) {
  Selection selection;
  for (const auto& part : options.only) add_selection(selection, part);
  return selection;
}

Graph build(const PipelineOptions& options) {
  return build_graph(load_pipeline(options.file, options.sets), selection_of(options));
}

/// Whether what the lanes hold fits on their devices, and all else into the machine. A tenth is
/// left to libraries and fragments.
bool fits(Graph& graph) {
  const auto most = [](std::uint64_t bytes) { return bytes / 10 * 9; };
  for (auto& lane : graph.lanes) lane.devices = resolve_devices(lane.devices);
  const Estimate need = estimate(graph);
  std::uint64_t on_host = need.total();
  for (std::size_t i = 0; i < graph.lanes.size(); ++i)
    for (const auto& device : graph.lanes[i].devices) {
      if (device == "cpu") continue;
      on_host -= need.lanes[i].total();
      if (need.lanes[i].total() > most(device_support().memory(device))) return false;
    }
  return on_host <= most(machine_memory());
}

/// Turns run.batch = "auto" into the largest batch that fits. Lanes on the CPU share the members
/// among its threads. False if the batch is given.
bool settle_batch(PipelineOptions& options) {
  if (!asks_for_batch(load_pipeline(options.file, options.sets))) return false;
  const Graph graph = build(options);
  const int members = graph.plan.members();
  int parts = 1;
  for (const auto& lane : graph.lanes)
    for (const auto& device : resolve_devices(lane.devices))
      if (device == "cpu") parts = std::max(parts, graph.plan.threads);
  PipelineOptions settled;
  for (int batch = members + 1; batch > 1; ++parts) {
    const int next = std::max(1, (members + parts - 1) / parts);
    if (next == batch) continue;
    batch = next;
    settled = options;
    settled.sets.push_back(fmt::format("run.batch={}", batch));
    Graph smaller = build(settled);
    if (fits(smaller)) break;
  }
  options = settled;
  return true;
}

Graph load(PipelineOptions options) {
  settle_batch(options);
  return build(options);
}

Graph load(const PipelineOptions& options, const Streams& streams) {
  Graph graph = load(options);
  streams.err << graph.warnings;
  return graph;
}

/// Whether --only names an axis, as "members=".
bool selects(const PipelineOptions& options, const std::string& axis) {
  return std::any_of(options.only.begin(), options.only.end(),
                     [&](const std::string& part) { return part.starts_with(axis); });
}

/// Those of each lane.
std::vector<std::string> resolved_devices(const Graph& graph) {
  std::vector<std::string> devices;
  for (const auto& lane : graph.lanes) devices.push_back(join(resolve_devices(lane.devices)));
  return devices;
}

/// A line for each device of which there is something to tell.
std::string device_lines(const Graph& graph) {
  std::string lines;
  for (const auto& lane : graph.lanes)
    for (const auto& device : resolve_devices(lane.devices))
      if (const auto text = device_support().describe(device); !text.empty())
        lines += device + ": " + text + "\n";
  return lines;
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
  if (!journal || !journal->holds_work() || journal->ended()) return "";
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

  void say(const std::string& lines) {
    progress_.aside([&] { streams_.err << lines << std::flush; });
  }

  RunOptions options(LogStyle log) {
    RunOptions options{.taps = taps_.for_engine(),
                       .interrupted = InterruptGuard::interrupted,
                       .progress = [this](std::int64_t done, std::int64_t total) {
                         progress_.update(done, total);
                         if (done == total) progress_.finish();
                       }};
    options.print = [this](const std::string& text) {
      progress_.aside([&] { streams_.out << text << std::flush; });
    };
    options.notice = [this, log](const std::string& text) {
      say(log == LogStyle::json ? log_warnings(text) : text + "\n");
    };
    if (log == LogStyle::text) return options;
    options.phase_done = [this](auto& node, auto& phase, double seconds) {
      if (phase == "open" || phase == "finish") say(log_phase(node, phase, seconds));
    };
    options.item_done = [this](auto& node, auto& item) { say(log_item(node, item)); };
    return options;
  }

 private:
  const Streams& streams_;
  Progress progress_;
  Taps taps_;
};

/// Throws Error before a long run whose trace could not be written.
void check_folder_of(const std::filesystem::path& file) {
  const auto folder = file.parent_path();
  if (!folder.empty() && !std::filesystem::is_directory(folder))
    fail("cannot write {}: there is no folder {}", file.string(), folder.string());
}

/// Writes the trace also of a run that fails.
RunReport run_traced(Graph& graph, RunOptions options, const std::string& file) {
  Trace trace(graph);
  options.trace = &trace;
  RunReport report;
  try {
    report = run_graph(graph, options);
  } catch (const std::exception& failure) {
    try {
      trace.write(file, failure.what());
    } catch (const Error&) {  // the failure of the run is what matters
    }
    throw;
  }
  trace.write(file, "done");
  return report;
}

std::string done_line(const RunReport& report, double seconds) {
  const std::string before =
      report.tasks_before > 0 ? fmt::format(" ({} were done before)", report.tasks_before) : "";
  return fmt::format("done in {}: {}{}, payloads at most {}, process at most {}\n",
                     format_duration(seconds), format_count(report.tasks, "task"), before,
                     format_bytes(report.peak_bytes), format_bytes(peak_memory()));
}

int compute_settled(const RunCommand& command, const Streams& streams) {
  const bool json = command.log == LogStyle::json;
  const auto start = std::chrono::steady_clock::now();
  Graph graph = build(command.pipeline);
  streams.err << (json ? log_warnings(graph.warnings) : graph.warnings);
  check_inputs_stay(graph);
  if (!command.resume) {
    check_disk(volumes(graph));
    check_parts(graph, selects(command.pipeline, "members="), selects(command.pipeline, "inits="));
  }
  check_folder_of(command.trace);
  const auto devices = resolved_devices(graph);
  const auto origin = std::make_shared<const RunOrigin>(origin_of(graph, devices));
  const bool begins_anew =
      !command.resume && !graph.journal.empty() && holds_unfinished_run(graph.journal);
  const auto journal = open_journal(graph, *origin, command.resume);
  const InterruptGuard guard(
      json ? "{\"event\": \"stopping\", \"message\": \"work in hand is finished first\"}\n"
           : "\nstopping: work in hand is finished first; once more exits at once\n");
  RunReport report;
  try {
    Watch watch(command, graph, streams);
    watch.say(json ? log_start(graph, devices)
                   : run_line(graph, devices) + "\n" + device_lines(graph));
    RunOptions options = watch.options(command.log);
    if (begins_anew)
      options.notice("warning: " + graph.journal.string() +
                     " held an unfinished run; this one begins anew, --resume would have gone on");
    if (const auto needed = estimate(graph).total(); needed > machine_memory())
      options.notice(fmt::format(
          "warning: the run may need {} of memory, this machine has {}; a smaller run.batch or "
          "engine.in_flight needs less",
          format_bytes(needed), format_bytes(machine_memory())));
    options.origin = origin;
    options.journal = journal.get();
    options.resume = command.resume;
    report = command.trace.empty() ? run_graph(graph, options)
                                   : run_traced(graph, options, command.trace);
  } catch (const Interrupted& error) {
    throw Interrupted(error.what() + how_to_go_on(journal.get(), command));
  } catch (const ItemsFailed& error) {
    throw ItemsFailed(error.what() + how_to_go_on(journal.get(), command));
  } catch (const RunError& error) {
    throw RunError(error.what() + how_to_go_on(journal.get(), command), error.failures);
  }
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  streams.err << (json ? log_done(report, seconds.count(), peak_memory())
                       : done_line(report, seconds.count()));
  return kDone;
}

bool ran_out_of_memory(const RunError& error) {
  return std::any_of(error.failures.begin(), error.failures.end(), [](const NodeFailure& failure) {
    return failure.message.find("out of memory") != std::string::npos;
  });
}

/// Where a batch that was found by itself is too large for the device after all, half of it is
/// tried once.
int compute(const RunCommand& command, const Streams& streams) {
  RunCommand settled = command;
  const bool was_auto = settle_batch(settled.pipeline);
  try {
    return compute_settled(settled, streams);
  } catch (const RunError& error) {
    const int batch = build(settled.pipeline).plan.largest_batch();
    if (!was_auto || batch < 2 || !ran_out_of_memory(error)) throw;
    const int half = (batch + 1) / 2;
    streams.err << fmt::format(
        "the device ran out of memory with {} members at once; once more with {}\n", batch, half);
    settled.pipeline.sets.push_back(fmt::format("run.batch={}", half));
    settled.resume = false;
    return compute_settled(settled, streams);
  }
}

/// Twelve iterations, or the first initial time with its first batch of members: numbers that most
/// values of `accumulate` divide, and members that the networks take together.
PipelineOptions short_part(PipelineOptions options, const Plan& plan) {
  constexpr int kIterations = 12;
  if (plan.iterations > 0) {
    options.sets.push_back(
        fmt::format("run.iterations={}", std::min(kIterations, plan.iterations)));
  } else {
    options.only = {"inits=" + short_time(plan.inits.front())};
    if (!plan.batches.empty() && plan.members() > 1)
      options.only.push_back(fmt::format("members={}", fmt::join(plan.batches.front(), ",")));
  }
  return options;
}

int dry_run(const RunCommand& command, const Streams& streams) {
  const Graph whole = load(command.pipeline);
  const ScratchFolder scratch;
  if (command.resume) fail("--dry-run keeps nothing that --resume could go on with");
  RunCommand part = command;
  part.pipeline = short_part(command.pipeline, whole.plan);
  part.pipeline.sets.push_back("out=" + scratch.path().string());
  if (part.trace.empty()) part.trace = (scratch.path() / "trace.json").string();
  require_claims_in(load(part.pipeline), scratch.path(), "a dry run");
  compute(part, streams);
  streams.out << "\nnothing was kept; the whole run, from this part of it:\n"
              << dry_run_text(read_trace(part.trace), whole);
  return kDone;
}

NodeTimes times_of(const Graph& graph, const std::string& trace) {
  NodeTimes times;
  for (const auto& node : profile(read_trace(trace)).nodes) {
    if (graph.find(node.name) < 0)
      fail("{} is the trace of another pipeline: {} has no node '{}'", trace, graph.file,
           node.name);
    times[node.name] = {node.calls, node.busy};
  }
  return times;
}

/// All types, those of LADCAST_PLUGIN_PATH with them, or those of some plugins alone.
std::vector<const NodeType*> types_of(const std::vector<std::string>& plugins) {
  load_environment_plugins();
  std::set<std::string> files;
  for (const auto& name : plugins) files.insert(load_plugin(find_plugin(name, {})));
  std::vector<const NodeType*> types = node_types();
  if (!plugins.empty())
    std::erase_if(types, [&](const NodeType* type) { return !files.contains(type->file); });
  return types;
}

const NodeType& only(const std::vector<const NodeType*>& types, const std::string& name) {
  std::vector<std::string> names;
  for (const auto* type : types) {
    if (type->name == name) return *type;
    names.push_back(type->name);
  }
  const std::string hint = did_you_mean(name, names);
  fail("unknown node type '{}'\n      = {}", name,
       hint.empty() ? "'ladcast-flow nodes' lists the types; those of a plugin need --plugin NAME"
                    : hint);
}

/// A last line for the list of types; empty where no plugin comes with the program.
std::string installed_plugins_text() {
  std::vector<std::string> names;
  for (const auto& folder : installed_plugin_folders())
    for (const auto& file : plugin_files(folder)) names.push_back(file.stem());
  return names.empty()
             ? ""
             : fmt::format("\nPlugins: {} ('ladcast-flow nodes --plugin NAME' lists their types)\n",
                           join(names));
}

}  // namespace

int run(const RunCommand& command, const Streams& streams) {
  const auto perform = command.dry ? dry_run : compute;
  if (command.log == LogStyle::text) return perform(command, streams);
  try {
    return perform(command, streams);
  } catch (const std::exception& error) {
    streams.err << log_failure(error) << std::flush;
    return exit_code(error);
  }
}

int test(const std::vector<std::string>& files, const std::vector<std::string>& sets,
         const Streams& streams) {
  std::int64_t passed = 0, failed = 0;
  for (const auto& file : files) {
    const Pipeline pipeline = load_pipeline(file, sets);
    build_graph(pipeline);  // all that is wrong with the file, before any of its tests
    Diagnostics diagnostics;
    streams.out << file << "\n";
    for (const auto& each : read_tests(pipeline, diagnostics)) {
      const auto runs = static_cast<std::int64_t>(combinations(each).size());
      streams.out << fmt::format("  {}: {}, ", each.name, format_count(runs, "run")) << std::flush;
      std::vector<std::string> problems;
      try {
        problems = run_test(file, sets, each);
      } catch (const Interrupted&) {
        throw;
      } catch (const std::exception& error) {
        problems = {error.what()};
      }
      ++(problems.empty() ? passed : failed);
      streams.out << (problems.empty() ? "passed\n" : "FAILED\n");
      for (const auto& problem : problems) streams.out << "      = " << problem << "\n";
    }
  }
  streams.out << fmt::format("{} passed, {} failed\n", passed, failed);
  if (passed + failed == 0) fail("{} has no [[tests]]", join(files));
  return failed == 0 ? kDone : kFailed;
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

int inspect(const std::vector<std::string>& files, const std::string& model,
            const Streams& streams) {
  for (const auto& file : files) streams.out << Inspector::registered()(file, model);
  return kDone;
}

int models(const Streams& streams) {
  streams.out << ModelLibrary::registered().list();
  return kDone;
}

int fetch(const FetchCommand& command, const Streams& streams) {
  return ModelLibrary::registered().fetch(command, streams);
}

int retrieve(const PipelineOptions& options, const RetrieveOptions& request,
             const Streams& streams) {
  const Graph graph = read_graph(load_pipeline(options.file, options.sets), selection_of(options));
  streams.err << graph.warnings;
  if (graph.plan.iterations > 0)
    fail("{} runs iterations, not initial times: there is no request for its data", graph.file);
  streams.out << Retriever::registered()(graph, request);
  return kDone;
}

int profile(const std::string& trace, const Streams& streams) {
  const TraceFile file = read_trace(trace);
  streams.out << profile_text(file, profile(file));
  return kDone;
}

int draw(const PipelineOptions& options, const std::string& format, const std::string& trace,
         const std::string& output, const Streams& streams) {
  const Graph graph = load(options, streams);
  const std::string picture =
      draw(graph, format, trace.empty() ? NodeTimes{} : times_of(graph, trace));
  if (output.empty()) {
    streams.out << picture;
    return kDone;
  }
  write_whole_file(output, {picture});
  return kDone;
}

int nodes(const std::string& type, const std::string& format,
          const std::vector<std::string>& plugins, const Streams& streams) {
  std::vector<const NodeType*> types = types_of(plugins);
  if (!type.empty()) types = {&only(types, type)};
  if (format == "markdown")
    streams.out << types_as_markdown(types);
  else if (format == "json")
    streams.out << types_as_json(types);
  else if (type.empty())
    streams.out << list_types(types) << (plugins.empty() ? installed_plugins_text() : "");
  else
    streams.out << describe_type(*types.front());
  return kDone;
}

int make_node(const std::string& name, const std::string& folder, const Streams& streams) {
  for (const auto& file : new_node(name, folder, "")) streams.out << file.string() << '\n';
  streams.out << fmt::format(
      "Next: ninja -C build ladcast-flow {0}_tests && build/tests/nodes/{0}/{0}_tests, and at the "
      "end\n      build/ladcast-flow nodes --markdown > nodes/REFERENCE.md\n",
      folder);
  return kDone;
}

int make_plugin(const std::string& name, const std::string& folder, const Streams& streams) {
  for (const auto& file : new_plugin(name, folder.empty() ? name : folder))
    streams.out << file.string() << '\n';
  streams.out << "Next: read its README.md, which builds, tests and runs it\n";
  return kDone;
}

}  // namespace ladcast
