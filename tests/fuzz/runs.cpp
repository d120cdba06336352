// What a run leaves behind for later: its journal and its trace.
#include "graph/journal.h"
#include "graph/journal_record.h"
#include "graph/journal_status.h"
#include "graph/profile.h"
#include "tests/fuzz/parsers.h"

namespace ladcast::fuzz {
namespace {

const RunOrigin kOrigin = {"ladcast-flow", "", {{"run.seed", "1"}}, {{"a.nc", "12"}}, {}, {}};

const Graph& graph() {
  static const Graph graph =
      build_graph(parse_pipeline("flow = 1\n[run]\ninits = [\"2002-01-11T00\"]\nmembers = 2\n"
                                 "lead = { step_hours = 6, until_hours = 12 }\n"
                                 "[nodes.truth]\ntype = \"toy_truth\"\n"
                                 "[nodes.kept]\ntype = \"toy_item_sink\"\nin = \"truth\"\n",
                                 "fuzz.toml"));
  return graph;
}

// The records without their checksums, which the parser has to find right.

std::vector<std::string> valid_journals() {
  const std::string head =
      "head\tformat\t1\nhead\tprogram\tladcast-flow\nhead\trun.seed\t1\nhead\tfile a.nc\t12\n"
      "head\trun.inits\t2002-01-11T00\nhead\trun.lead.until_hours\t12\nsink\tkept\t4\n";
  return {head, head +
                    "commit\tkept\t2002-01-11T00:00:00Z\t1\t0\tnote \\\\ \\t\n"
                    "commit\tkept\t2002-01-11T00:00:00Z\t2\t-1\t\n"
                    "lose\tkept\t2002-01-11T00:00:00Z\nend\n"};
}

void read_records(const std::string& text) {
  const auto folder = scratch_file("run/journal", text).parent_path();
  holds_unfinished_run(folder);
  const auto journal = Journal::resume(folder, graph(), kOrigin);
  journal->commits("kept", graph().plan.inits.at(0));
  journal_status(folder);
}

void read_journal(const std::string& input) {
  std::string text;
  for (const auto& line : split(input, '\n')) {
    if (line.empty()) continue;
    std::string record = journal_line(split(line, '\t'));
    text += record;
  }
  read_records(text);
}

/// As it lies on the disk: most changes tear a record.
std::vector<std::string> valid_torn() {
  std::vector<std::string> all;
  for (const auto& journal : valid_journals()) {
    all.emplace_back();
    for (const auto& line : split(journal, '\n'))
      if (!line.empty()) all.back() += journal_line(split(line, '\t'));
  }
  return all;
}

std::vector<std::string> valid_traces() {
  return {R"({"displayTimeUnit": "ms",
"otherData": {"ladcast_trace": 1, "pipeline": "small.toml", "outcome": "done", "threads": 2,
  "lanes": [{"name": "model", "device": "cpu", "threads": 1}, {"name": "netcdf", "device": "", "threads": 1}],
  "peak_bytes": 2048, "left_out": 0},
"traceEvents": [
{"ph": "M", "pid": 1, "tid": 1, "name": "thread_name", "args": {"name": "main"}},
{"ph": "M", "pid": 1, "tid": 2, "name": "thread_name", "args": {"name": "lane model"}},
{"ph": "M", "pid": 1, "tid": 3, "name": "thread_name", "args": {"name": "lane netcdf"}},
{"ph": "X", "pid": 1, "tid": 2, "ts": 0, "dur": 100, "cat": "open", "name": "open step", "args": {"node": "step"}},
{"ph": "X", "pid": 1, "tid": 3, "ts": 200, "dur": 100, "cat": "run", "name": "read", "args": {"node": "read"}},
{"ph": "X", "pid": 1, "tid": 2, "ts": 310, "dur": 400, "cat": "run", "name": "step", "args": {"node": "step", "engine_us": 20}},
{"ph": "X", "pid": 1, "tid": 2, "ts": 720, "dur": 300, "cat": "fold", "name": "step", "args": {"node": "step", "engine_us": 5, "waited": {"workers": 420, "order": 1}}},
{"ph": "X", "pid": 1, "tid": 1, "ts": 1030, "dur": 100, "cat": "run", "name": "scale", "args": {"node": "scale", "waited": {"credit": 3}}},
{"ph": "s", "pid": 1, "tid": 3, "ts": 290, "id": 1, "cat": "message", "name": "message"},
{"ph": "f", "bp": "e", "pid": 1, "tid": 2, "ts": 310, "id": 1, "cat": "message", "name": "message"},
{"ph": "s", "pid": 1, "tid": 2, "ts": 700, "id": 3, "cat": "message", "name": "message"},
{"ph": "f", "bp": "e", "pid": 1, "tid": 1, "ts": 1030, "id": 3, "cat": "message", "name": "message"}
]})"};
}

void read_traced(const std::string& input) {
  const TraceFile trace = read_trace(scratch_file("trace.json", input));
  profile_text(trace, profile(trace));
}

}  // namespace

void add_runs(std::vector<Parser>& all) {
  const std::vector<std::string> records = {"head", "commit", "lose", "end", "sink", "\t\t", "\\n"};
  all.push_back({"journal", valid_journals, read_journal, records});
  all.push_back({"torn_journal", valid_torn, read_records, records});
  all.push_back({"trace", valid_traces, read_traced, {"\"ph\": \"X\",", "\"dur\": -1,", "waited"}});
}

}  // namespace ladcast::fuzz
