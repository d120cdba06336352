#include "graph/journal_status.h"

#include <algorithm>
#include <map>
#include <set>

#include "graph/error.h"
#include "graph/journal_record.h"
#include "graph/text.h"
#include "graph/time.h"
#include "graph/whole_file.h"

namespace ladcast {
namespace {

/// What the records add up to.
struct Summary {
  struct Sink {
    std::int64_t total = 0;
    std::map<Time, std::set<std::string>> commits;
  };
  std::map<std::string, std::string> head;
  std::map<std::string, Sink> sinks;
  bool ended = false;

  void add(const std::vector<std::string>& fields) {
    const std::string& kind = fields.front();
    ended = kind == "end" || (ended && kind != "head");
    if (kind == "head") head[fields.at(1)] = fields.at(2);
    if (kind == "sink") sinks[fields.at(1)].total = std::stoll(fields.at(2));
    if (kind == "commit")
      sinks[fields.at(1)].commits[parse_time(fields.at(2))].insert(fields.at(3) + " " +
                                                                   fields.at(4));
    if (kind == "lose") sinks[fields.at(1)].commits.erase(parse_time(fields.at(2)));
  }
};

TableRow row_of(const std::string& node, const Summary::Sink& sink) {
  std::size_t count = 0;
  for (const auto& [init, marks] : sink.commits) count += marks.size();
  return {node, fmt::format("{}", count), fmt::format("{}", sink.total),
          sink.commits.empty() ? "-" : short_time(sink.commits.rbegin()->first)};
}

/// `path` is that of the journal, for the message.
Summary sum_up(const JournalRecords& records, const std::filesystem::path& path) {
  Summary summary;
  for (const auto& fields : records.records) try {
      summary.add(fields);
    } catch (const std::exception&) {
      fail("{} holds a record '{}' that ladcast-flow did not write", path.string(), fields.front());
    }
  return summary;
}

}  // namespace

bool holds_unfinished_run(const std::filesystem::path& folder) {
  const auto path = folder / "journal";
  if (!std::filesystem::exists(path)) return false;
  const Summary summary = sum_up(parse_journal(read_whole_file(path)), path);
  return !summary.ended &&
         std::any_of(summary.sinks.begin(), summary.sinks.end(),
                     [](const auto& each) { return !each.second.commits.empty(); });
}

std::string journal_status(const std::filesystem::path& journal) {
  auto path = journal;
  for (const char* inside : {".journal", "journal"})  // the output folder will do as well
    if (std::filesystem::exists(path / inside)) path /= inside;
  const auto records = parse_journal(read_whole_file(path));
  Summary summary = sum_up(records, path);
  if (!summary.head.contains("format")) fail("{} is not a journal of ladcast-flow", path.string());
  const std::string& inits = summary.head["run.inits"];
  std::string text =
      fmt::format("{}: {} to {} h, {}\n", summary.head["program"],
                  format_count(std::count(inits.begin(), inits.end(), ' ') + 1, "initial time"),
                  summary.head["run.lead.until_hours"],
                  summary.ended ? "complete" : "not complete; run with --resume to go on");
  std::vector<TableRow> rows{{"sink", "done", "of", "last initial time"}};
  for (const auto& [node, sink] : summary.sinks) rows.push_back(row_of(node, sink));
  text += format_table(rows, "lrrl", 2);
  if (records.torn) text += "the last record is torn; that part is computed again\n";
  return text;
}

}  // namespace ladcast
