#include "graph/journal_status.h"

#include <algorithm>
#include <limits>
#include <map>
#include <set>

#include "graph/error.h"
#include "graph/journal.h"
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
    std::set<Mark> commits;
  };
  std::map<std::string, std::string> head;
  std::map<std::string, Sink> sinks;
  bool ended = false;
  bool torn = false;  // the last record

  void add(const std::vector<std::string>& fields) {
    const std::string& kind = fields.front();
    ended = kind == "end" || (ended && kind != "head");
    if (kind == "head") head[fields.at(1)] = fields.at(2);
    if (kind == "sink") sinks[fields.at(1)].total = std::stoll(fields.at(2));
    if (kind == "commit")
      sinks[fields.at(1)].commits.insert(
          {parse_time(fields.at(2)), std::stoi(fields.at(3)), std::stoi(fields.at(4))});
    if (kind == "lose") {
      constexpr int kLeast = std::numeric_limits<int>::min();
      const Time lost = parse_time(fields.at(2));
      auto& commits = sinks[fields.at(1)].commits;
      commits.erase(commits.lower_bound({lost, kLeast}),
                    commits.lower_bound({lost + std::chrono::seconds{1}, kLeast}));
    }
  }
};

/// Of a run of an optimiser: its iterations. Otherwise empty.
std::string iterations_of(const Summary& summary) {
  const auto found = summary.head.find("run.iterations");
  return found == summary.head.end() ? "" : found->second;
}

/// "2 initial times to 48 h" or "1000 iterations".
std::string extent_of(const Summary& summary) {
  if (const std::string count = iterations_of(summary); !count.empty())
    return count + (count == "1" ? " iteration" : " iterations");
  const auto fact = [&](const char* name) {
    const auto found = summary.head.find(name);
    return found == summary.head.end() ? std::string() : found->second;
  };
  const std::string inits = fact("run.inits");
  return fmt::format("{} to {} h",
                     format_count(std::count(inits.begin(), inits.end(), ' ') + 1, "initial time"),
                     fact("run.lead.until_hours"));
}

TableRow row_of(const std::string& node, const Summary::Sink& sink, bool iterations) {
  std::string last = "-";
  if (!sink.commits.empty()) {
    const Time time = sink.commits.rbegin()->init;
    last = iterations ? fmt::format("{}", time.time_since_epoch().count()) : short_time(time);
  }
  return {node, fmt::format("{}", sink.commits.size()), fmt::format("{}", sink.total), last};
}

Summary read_summary(const std::filesystem::path& path) {
  Summary summary;
  const auto extent = parse_journal(read_whole_file(path), [&](const auto& fields) {
    try {
      summary.add(fields);
    } catch (const std::exception&) {
      fail("{} holds a record '{}' that ladcast-flow did not write", path.string(), fields.front());
    }
  });
  summary.torn = extent.torn;
  return summary;
}

}  // namespace

bool holds_unfinished_run(const std::filesystem::path& folder) {
  const auto path = folder / "journal";
  if (!std::filesystem::exists(path)) return false;
  const Summary summary = read_summary(path);
  if (summary.ended) return false;
  std::error_code ignored;
  if (std::filesystem::exists(folder / "state", ignored) &&
      !std::filesystem::is_empty(folder / "state", ignored))
    return true;
  return std::any_of(summary.sinks.begin(), summary.sinks.end(),
                     [](const auto& each) { return !each.second.commits.empty(); });
}

std::string journal_status(const std::filesystem::path& journal) {
  auto path = journal;
  for (const char* inside : {".journal", "journal"})  // the output folder will do as well
    if (std::filesystem::exists(path / inside)) path /= inside;
  Summary summary = read_summary(path);
  if (!summary.head.contains("format")) fail("{} is not a journal of ladcast-flow", path.string());
  const bool iterations = !iterations_of(summary).empty();
  std::string text =
      fmt::format("{}: {}, {}\n", summary.head["program"], extent_of(summary),
                  summary.ended ? "complete" : "not complete; run with --resume to go on");
  std::vector<TableRow> rows{
      {"sink", "done", "of", iterations ? "last iteration" : "last initial time"}};
  for (const auto& [node, sink] : summary.sinks) rows.push_back(row_of(node, sink, iterations));
  text += format_table(rows, "lrrl", 2);
  if (summary.torn) text += "the last record is torn; that part is computed again\n";
  return text;
}

}  // namespace ladcast
