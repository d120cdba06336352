// What the subcommands do once their options are read. Each returns the exit code.
#pragma once

#include <filesystem>
#include <ostream>
#include <string>
#include <vector>

#include "graph/command_line.h"
#include "graph/models.h"
#include "graph/progress.h"
#include "graph/retrieve.h"
#include "graph/run_log.h"

namespace ladcast {

/// Which pipeline, with which changes, and which part of its plan.
struct PipelineOptions {
  std::string file;
  std::vector<std::string> sets;
  std::vector<std::string> only;
};

struct RunCommand {
  PipelineOptions pipeline;
  std::vector<std::string> taps;
  std::string tap_folder;
  std::string trace;  // a file to write; empty for none
  ProgressStyle progress = ProgressStyle::plain;
  bool resume = false;
  bool dry = false;  // a short part, whose files are removed
  LogStyle log = LogStyle::text;
};

// All throw Error and its kinds.
/// With LogStyle::json a failure is logged, not thrown.
int run(const RunCommand& command, const Streams& streams);
int check(const PipelineOptions& options, bool open, const Streams& streams);
/// Runs the [[tests]] of each file; kFailed if one fails.
int test(const std::vector<std::string>& files, const std::vector<std::string>& sets,
         const Streams& streams);
int status(const std::string& journal, const Streams& streams);
int plan(const PipelineOptions& options, const Streams& streams);
/// What data files and model folders hold.
int inspect(const std::vector<std::string>& files, const std::string& model,
            const Streams& streams);
/// The models that can be found.
int models(const Streams& streams);
/// Brings the files of a model.
int fetch(const FetchCommand& command, const Streams& streams);
/// Requests for the data that a pipeline reads, which need not be there.
int retrieve(const PipelineOptions& options, const RetrieveOptions& request,
             const Streams& streams);
/// What a trace tells.
int profile(const std::string& trace, const Streams& streams);
/// `trace` is a file whose times are drawn, or empty; `output` a file, or empty for standard
/// output.
int draw(const PipelineOptions& options, const std::string& format, const std::string& trace,
         const std::string& output, const Streams& streams);
/// `format` is "text", "markdown" or "json"; `type` may be empty. With `plugins`, theirs alone.
int nodes(const std::string& type, const std::string& format,
          const std::vector<std::string>& plugins, const Streams& streams);

/// `folder` of the tree in the current folder.
int make_node(const std::string& name, const std::string& folder, const Streams& streams);
/// `folder` may be empty: that of the plugin's name.
int make_plugin(const std::string& name, const std::string& folder, const Streams& streams);

}  // namespace ladcast
