#include "graph/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>

#include "graph/commands.h"
#include "graph/diagnostics.h"
#include "graph/draw.h"
#include "graph/runtime.h"
#include "graph/version.h"

namespace ladcast {
namespace {

const VersionNote cli_note{"CLI11", [] { return std::string(CLI11_VERSION); }};

const std::map<std::string, ProgressStyle> kStyles{
    {"bar", ProgressStyle::bar}, {"plain", ProgressStyle::plain}, {"none", ProgressStyle::none}};

/// An option that may be given several times with one value each.
void add_list(CLI::App& app, const std::string& name, std::vector<std::string>& values,
              const std::string& doc, const std::string& kind) {
  app.add_option(name, values, doc)
      ->type_name(kind)
      ->expected(1)
      ->take_all()
      ->allow_extra_args(false);
}

std::vector<std::string> keys_of(const std::map<std::string, ProgressStyle>& map) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : map) keys.push_back(key);
  return keys;
}

/// All options of all commands, and the command that was chosen.
class Parser {
 public:
  explicit Parser(const Streams& streams) : streams_(streams) {
    app_.require_subcommand(1);
    app_.set_version_flag("--version", version_text,
                          "Print the versions of the program and its libraries");
    app_.footer(
        "Example:\n  ladcast-flow run pipelines/ens15d.toml --set run.members=10\n\n"
        "Exit codes: 0 done, 1 a node failed, 2 bad usage or pipeline, 3 stalled, 130 "
        "interrupted.");
    add_run();
    add_check();
    add_plan();
    add_graph();
    add_profile();
    add_inspect();
    add_models();
    add_fetch();
    add_retrieve();
    add_nodes();
    add_status();
    add_test();
    add_new();
    app_.get_formatter()->column_width(16);
  }

  int parse_and_run(std::vector<std::string> arguments) {
    check_command(arguments);
    std::reverse(arguments.begin(), arguments.end());  // as CLI11 takes them
    try {
      app_.parse(arguments);
    } catch (const CLI::Success& request) {  // --help, --version
      app_.exit(request, streams_.out, streams_.err);
      return kDone;
    } catch (const CLI::ExtrasError&) {
      fail_unexpected(app_.remaining(true));
    } catch (const CLI::ParseError& error) {
      fail("{}\n      = '{}' shows what there is", error.what(), help());
    }
    return command_();
  }

 private:
  /// The chosen command, or the program where none is chosen yet.
  const CLI::App& chosen() const {
    const auto commands = app_.get_subcommands();
    return commands.empty() ? app_ : *commands.front();
  }
  std::string help() const {
    return fmt::format("ladcast-flow {}--help",
                       &chosen() == &app_ ? "" : chosen().get_name() + " ");
  }

  [[noreturn]] void fail_unexpected(const std::vector<std::string>& words) const {
    const auto option = std::find_if(words.begin(), words.end(),
                                     [](const std::string& word) { return word.starts_with("-"); });
    const std::string word = option == words.end() ? words.front() : *option;
    std::vector<std::string> names;
    for (const auto* known : chosen().get_options()) names.push_back(known->get_name());
    const std::string hint = did_you_mean(word.substr(0, word.find('=')), names);
    fail("unexpected '{}'\n      = {}", word,
         hint.empty() ? fmt::format("'{}' shows what there is", help()) : hint);
  }

  CLI::App& add_command(const std::string& name, const std::string& doc, const std::string& example,
                        std::function<int()> command) {
    CLI::App* added = app_.add_subcommand(name, doc);
    added->footer("Example:\n  ladcast-flow " + name + " " + example);
    added->formatter(std::make_shared<CLI::Formatter>());
    added->get_formatter()->column_width(24);
    added->final_callback([this, command = std::move(command)] { command_ = command; });
    return *added;
  }

  void add_pipeline(CLI::App& command) {
    command.add_option("FILE", pipeline_.file, "Pipeline in TOML")->required()->type_name("");
    add_list(command, "--set", pipeline_.sets,
             "Change a variable, or any value by its path; repeatable", "KEY=VALUE");
    add_list(command, "--only", pipeline_.only,
             "Part of the plan: members=1-4,7 or inits=2002-01-11T00; repeatable", "AXIS=LIST");
  }

  void add_run() {
    auto& command = add_command(
        "run", "Compute",
        "pipelines/ens15d.toml --set out=/tmp/forecast --only members=1-10 --tap decode",
        [this] { return run(run_command(), streams_); });
    add_pipeline(command);
    add_list(command, "--tap", run_.taps,
             "Print what flows through an output: count, min, mean, max, finite share and hash of "
             "each message; repeatable",
             "NODE.PORT");
    command.add_flag(
        "--resume", run_.resume,
        "Go on where an earlier run of the same pipeline ended; also after until_hours "
        "or iterations were raised or inits were added");
    command.add_flag("--dry-run", run_.dry,
                     "Compute a short part (12 iterations, or the first initial time with its "
                     "first batch), keep no file, and tell how long the whole will take");
    command.add_option("--tap-dir", run_.tap_folder, "Save tapped messages as .npy files too")
        ->type_name("DIR");
    command
        .add_option("--trace", run_.trace,
                    "Record what each thread did when, for 'profile' and ui.perfetto.dev")
        ->type_name("TRACE");
    command.add_option("--progress", progress_, "bar (on a terminal), plain (elsewhere) or none")
        ->type_name("STYLE")
        ->check(CLI::IsMember(keys_of(kStyles)).description(""));
    command
        .add_option("--log", log_,
                    "text, or json: a JSON object for each line on standard error (start, "
                    "warnings, opened and finished nodes, progress each second, failures, done)")
        ->type_name("STYLE")
        ->check(CLI::IsMember({"text", "json"}).description(""));
  }

  RunCommand run_command() {
    RunCommand command = run_;
    command.pipeline = pipeline_;
    command.progress = streams_.columns > 0 ? ProgressStyle::bar : ProgressStyle::plain;
    if (log_ == "json") {
      if (!progress_.empty() && progress_ != "none")
        fail(
            "--log json tells the progress itself, and --progress {} is given\n      = leave out "
            "--progress, or give --progress none",
            progress_);
      command.log = LogStyle::json;
      command.progress = ProgressStyle::json;
    }
    if (!progress_.empty()) command.progress = kStyles.at(progress_);
    if (command.taps.empty() && !command.tap_folder.empty())
      fail("--tap-dir saves what --tap names, and no --tap is given\n      = add --tap NODE.PORT");
    return command;
  }

  void add_check() {
    auto& command = add_command("check", "Apply all static rules", "pipelines/ens15d.toml --open",
                                [this] { return check(pipeline_, open_, streams_); });
    add_pipeline(command);
    command.add_flag("--open", open_, "Open the nodes too: weights, files, statistics");
  }

  void add_plan() {
    add_pipeline(add_command("plan", "Show tasks, messages, files, memory and disk of a run",
                             "pipelines/ens15d.toml --set run.members=200",
                             [this] { return plan(pipeline_, streams_); }));
  }

  void add_test() {
    auto& command = add_command("test", "Run the [[tests]] of pipelines", "pipelines/ens15d.toml",
                                [this] { return test(files_, pipeline_.sets, streams_); });
    command.add_option("FILE", files_, "Pipelines in TOML")->required()->type_name("");
    add_list(command, "--set", pipeline_.sets,
             "Change a variable, or any value by its path; repeatable", "KEY=VALUE");
  }

  void add_status() {
    auto& command =
        add_command("status", "Show what a run has done, from its journal", "out/ens15d/.journal",
                    [this] { return status(journal_, streams_); });
    command.add_option("JOURNAL", journal_, "Folder of the journal")->required()->type_name("");
  }

  void add_graph() {
    auto& command = add_command(
        "graph", "Draw the pipeline", "pipelines/ens15d.toml --format svg -o ens15d.svg",
        [this] { return draw(pipeline_, format_, trace_, output_, streams_); });
    add_pipeline(command);
    command.add_option("--format", format_, "dot, mermaid, json or svg (by Graphviz)")
        ->type_name("FORMAT")
        ->capture_default_str()
        ->check(CLI::IsMember(draw_formats()).description(""));
    command.add_option("--trace", trace_, "Draw the times of a run that was traced")
        ->type_name("TRACE");
    command.add_option("-o,--output", output_, "File to write instead of standard output")
        ->type_name("OUT");
  }

  void add_profile() {
    add_command("profile", "Show where the time of a traced run went", "t.json",
                [this] { return profile(trace_, streams_); })
        .add_option("TRACE", trace_, "File of 'run --trace'")
        ->required()
        ->type_name("");
  }

  void add_inspect() {
    auto& command = add_command(
        "inspect", "Show what a data file holds: channels found and missing, times, grid",
        "analysis.grib --model ladcast-375m", [this] { return inspect(files_, model_, streams_); });
    command.add_option("FILE", files_, "GRIB or NetCDF files, Zarr stores, model folders")
        ->required()
        ->type_name("");
    command.add_option("--model", model_, "Model whose channels are looked for")
        ->type_name("NAME")
        ->capture_default_str();
  }

  void add_models() {
    add_command("models", "List the models that can be found", "",
                [this] { return models(streams_); });
  }

  void add_fetch() {
    auto& command =
        add_command("fetch", "Bring the files of a model into the cache; goes on where it ended",
                    "ladcast-375m", [this] { return fetch(fetch_, streams_); });
    command.add_option("MODEL", fetch_.model, "Name, or folder with a model.toml")
        ->required()
        ->type_name("");
    command
        .add_option("--mirror", fetch_.mirror,
                    "Where a folder of models such as the cache is served; replaces base and url")
        ->type_name("URL");
    command.add_option("--to", fetch_.to, "Folder of models instead of the cache")
        ->type_name("DIR");
    command.add_flag("--offline", fetch_.offline, "Only tell what is there and what is missing");
    command
        .add_option("--timeout", fetch_.timeout_s,
                    "Seconds without data after which the connection is made anew")
        ->type_name("S")
        ->capture_default_str()
        ->check(CLI::Range(1, 3600).description(""));
  }

  void add_retrieve() {
    auto& command =
        add_command("retrieve", "Print the ERA5 request for the data that a pipeline reads",
                    "pipelines/ens15d.toml --set model=ladcast-375m > request.py",
                    [this] { return retrieve(pipeline_, retrieve_, streams_); });
    add_pipeline(command);
    command
        .add_option("--format", retrieve_.format,
                    "cds: a Python program for the Climate Data Store; mars: a MARS request")
        ->type_name("FORMAT")
        ->capture_default_str()
        ->check(CLI::IsMember({"cds", "mars"}).description(""));
    command.add_flag("--leads", retrieve_.leads,
                     "Also for nodes with at = \"lead\": the truth of each lead");
  }

  void add_nodes() {
    auto& command =
        add_command("nodes", "List the types of nodes, or describe one", "normalise", [this] {
          return nodes(type_, markdown_ ? "markdown" : json_ ? "json" : "text", plugins_, streams_);
        });
    command.add_option("TYPE", type_, "Type to describe")->type_name("");
    auto* markdown = command.add_flag("--markdown", markdown_, "As a reference page");
    command.add_flag("--json", json_, "For programs")->excludes(markdown);
    add_list(command, "--plugin", plugins_,
             "Only the types of this plugin, by name or file; repeatable", "NAME");
  }

  void add_new() {
    auto& command =
        add_command("new", "Write the files of a node or of a plugin", "plugin my_index", [this] {
          return what_ == "node" ? make_node(name_, node_folder_, streams_)
                                 : make_plugin(name_, plugin_folder_, streams_);
        });
    command
        .add_option("WHAT", what_,
                    "node: in the tree of ladcast-flow; plugin: in a folder of its own")
        ->required()
        ->type_name("")
        ->check(CLI::IsMember({"node", "plugin"}).description(""));
    command.add_option("NAME", name_, "Node type, in small letters, digits and _")
        ->required()
        ->type_name("");
    command.add_option("--folder", node_folder_, "Of a node: folder of nodes/ that it belongs to")
        ->type_name("FOLDER")
        ->capture_default_str();
    command.add_option("--dir", plugin_folder_, "Of a plugin: folder to write; its name otherwise")
        ->type_name("DIR");
  }

  /// Throws Error where the first word is no command.
  void check_command(const std::vector<std::string>& arguments) const {
    std::vector<std::string> names;
    for (const auto* command : app_.get_subcommands([](const CLI::App*) { return true; }))
      names.push_back(command->get_name());
    if (arguments.empty()) fail("no command is given\n      = commands: {}", join(names));
    const std::string& word = arguments.front();
    if (word.starts_with("-") || std::find(names.begin(), names.end(), word) != names.end()) return;
    const std::string hint = did_you_mean(word, names);
    fail("unknown command '{}'\n      = {}", word,
         hint.empty() ? "commands: " + join(names) : hint);
  }

  const Streams& streams_;
  CLI::App app_{"Ensemble weather forecasts with LaDCast in a oneTBB flow graph described in TOML.",
                "ladcast-flow"};
  PipelineOptions pipeline_;
  RunCommand run_;
  std::string progress_;
  std::string log_;
  bool open_ = false;
  std::string format_ = "dot";
  std::string output_;
  std::string journal_;
  std::vector<std::string> files_;
  std::string trace_;
  std::string model_ = "ladcast-375m";
  FetchCommand fetch_;
  RetrieveOptions retrieve_;
  std::string type_;
  bool markdown_ = false;
  bool json_ = false;
  std::vector<std::string> plugins_;
  std::string what_;
  std::string name_;
  std::string node_folder_ = "transform";
  std::string plugin_folder_;
  std::function<int()> command_;
};

}  // namespace

int exit_code(const std::exception& error) {
  if (dynamic_cast<const RunError*>(&error)) return kFailed;
  if (dynamic_cast<const ItemsFailed*>(&error)) return kFailed;
  if (dynamic_cast<const NotFetched*>(&error)) return kFailed;
  if (dynamic_cast<const StallError*>(&error)) return kStalled;
  if (dynamic_cast<const Interrupted*>(&error)) return kInterrupted;
  return kBadUsage;
}

int command_line(const std::vector<std::string>& arguments, const Streams& streams) {
  const auto report = [&streams](const std::string& text, int code) {
    streams.out << std::flush;
    streams.err << text << std::endl;
    return code;
  };
  try {
    const int code = Parser(streams).parse_and_run(arguments);
    if (!streams.out.flush()) return report("error: cannot write to standard output", kFailed);
    return code;
  } catch (const PipelineError& error) {
    return report(error.what(), kBadUsage);
  } catch (const std::exception& error) {
    const int code = exit_code(error);
    return report((code == kBadUsage ? "error: " : "") + std::string(error.what()), code);
  }
}

}  // namespace ladcast
