#include "graph/commands.h"

#include <sys/resource.h>

#include <chrono>
#include <set>

#include "graph/describe.h"
#include "graph/diagnostics.h"
#include "graph/disk.h"
#include "graph/draw.h"
#include "graph/graph.h"
#include "graph/install.h"
#include "graph/interrupt.h"
#include "graph/lane.h"
#include "graph/new_files.h"
#include "graph/plan_text.h"
#include "graph/plugin_loader.h"
#include "graph/plugin_search.h"
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
            .progress = [this](std::int64_t done, std::int64_t total) {
              progress_.update(done, total);
              if (done == total) progress_.finish();
            }};
  }

 private:
  const Streams& streams_;
  Progress progress_;
  Taps taps_;
};

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
  const auto start = std::chrono::steady_clock::now();
  Graph graph = load(command.pipeline, streams);
  check_disk(volumes(graph));
  const std::string line = run_line(graph, resolved_devices(graph));
  const InterruptGuard guard;
  RunReport report;
  {
    Watch watch(command, graph, streams);
    watch.say(line);
    report = run_graph(graph, watch.options());
  }
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  streams.err << fmt::format("done in {}: {}, payloads at most {}, process at most {}\n",
                             format_duration(seconds.count()), format_count(report.tasks, "task"),
                             format_bytes(report.peak_bytes), format_bytes(peak_memory()));
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
