#include "graph/journal.h"

#include <fcntl.h>
#include <fmt/ranges.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <optional>
#include <set>

#include "graph/diagnostics.h"
#include "graph/fingerprint.h"
#include "graph/journal_record.h"
#include "graph/whole_file.h"

namespace ladcast {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFormat = "1";
constexpr const char* kInits = "run.inits";
constexpr const char* kUntil = "run.lead.until_hours";

std::string inits_text(const Plan& plan) {
  std::vector<std::string> times;
  for (const Time init : plan.inits) times.push_back(short_time(init));
  return fmt::format("{}", fmt::join(times, " "));
}

/// What a run must agree with: everything but what may grow.
RunOrigin::Facts facts(const RunOrigin& origin) {
  RunOrigin::Facts all = {{"program", origin.program}};
  all.insert(all.end(), origin.settings.begin(), origin.settings.end());
  for (const auto& [path, print] : origin.files) all.emplace_back("file " + path, print);
  all.insert(all.end(), origin.machine.begin(), origin.machine.end());
  return all;
}

[[noreturn]] void fail_io(const char* what, const fs::path& path) {
  fail("cannot {} {}: {}", what, path.string(), std::strerror(errno));
}

std::optional<int> number_in(const std::string& text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return {};
  return value;
}

Mark parse_mark(const std::vector<std::string>& fields) {
  return {parse_time(fields.at(2)), std::stoi(fields.at(3)), std::stoi(fields.at(4))};
}

}  // namespace

Journal::Journal(fs::path folder) : folder_(std::move(folder)) {
  std::error_code failed;
  fs::create_directories(folder_ / "state", failed);
  if (failed) fail("cannot create the folder {}: {}", folder_.string(), failed.message());
  const fs::path path = folder_ / "journal";
  file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (file_ < 0) fail_io("write", path);
  if (::flock(file_, LOCK_EX | LOCK_NB) == 0) return;
  ::close(file_);
  fail("another run is writing to {}; wait for it, or take another folder", folder_.string());
}

Journal::~Journal() { ::close(file_); }

std::unique_ptr<Journal> Journal::begin(const fs::path& folder, const Graph& graph,
                                        const RunOrigin& origin) {
  std::unique_ptr<Journal> journal(new Journal(folder));
  if (::ftruncate(journal->file_, 0) != 0) fail_io("empty", folder / "journal");
  for (const auto& entry : fs::directory_iterator(folder / "state")) fs::remove(entry.path());
  journal->write_head(origin, graph);
  return journal;
}

std::unique_ptr<Journal> Journal::resume(const fs::path& folder, const Graph& graph,
                                         const RunOrigin& origin) {
  if (!fs::exists(folder / "journal"))
    throw PipelineError(fmt::format(
        "error: there is nothing to resume: {} does not exist\n      = run without --resume",
        (folder / "journal").string()));
  std::unique_ptr<Journal> journal(new Journal(folder));
  journal->read();
  journal->remove_damaged_states();
  if (journal->head_.empty())
    throw PipelineError(
        fmt::format("error: {} holds no run that could be continued\n      = run without --resume",
                    (folder / "journal").string()));
  journal->check_head(origin, graph);
  journal->write_head(origin, graph);
  return journal;
}

void Journal::read() {
  const fs::path path = folder_ / "journal";
  const auto journal = parse_journal(read_whole_file(path));
  if (journal.torn && ::ftruncate(file_, static_cast<off_t>(journal.sound)) != 0)
    fail_io("cut the torn record off", path);
  for (const auto& record : journal.records) try {
      apply(record);
    } catch (const std::exception&) {
      fail("{} holds a record '{}' that this program did not write", path.string(), record.front());
    }
}

void Journal::apply(const std::vector<std::string>& fields) {
  const std::string& kind = fields.front();
  if (kind == "head") {
    head_[fields.at(1)] = fields.at(2);
    ended_ = false;
  } else if (kind == "commit") {
    const Mark mark = parse_mark(fields);
    commits_[{fields.at(1), mark.init}][mark] = fields.at(5);
    holds_work_ = true;
  } else if (kind == "lose") {
    commits_.erase({fields.at(1), parse_time(fields.at(2))});
  } else if (kind == "end") {
    ended_ = true;
  }
}

void Journal::check_head(const RunOrigin& origin, const Graph& graph) const {
  std::vector<std::string> differences;
  const auto differ = [&](const std::string& what, const std::string& then,
                          const std::string& now) {
    differences.push_back(fmt::format("{}: {} in the journal, {} now", what, then, now));
  };
  std::set<std::string> known = {"format", kInits, kUntil};
  // Files may come with more initial times, and go once they were used.
  const auto is_file = [](const std::string& name) { return name.starts_with("file "); };
  for (const auto& [name, now] : facts(origin)) {
    known.insert(name);
    const auto then = head_.find(name);
    if (then != head_.end() ? then->second != now : !is_file(name))
      differ(name, then == head_.end() ? "nothing" : then->second, now);
  }
  for (const auto& [name, then] : head_)
    if (!known.contains(name) && !is_file(name)) differ(name, then, "nothing");
  const auto then = [this](const char* name) {
    const auto found = head_.find(name);
    return found == head_.end() ? std::string() : found->second;
  };
  const std::string inits = inits_text(graph.plan);
  if (then("format") != kFormat) differ("format", then("format"), kFormat);
  if (inits != then(kInits) && !inits.starts_with(then(kInits) + " "))
    differ(std::string(kInits) + " (times may only be added at the end)", then(kInits), inits);
  const int until = graph.plan.lead_hours(graph.plan.leads);
  if (const auto least = number_in(then(kUntil)); !least || until < *least)
    differ(kUntil, then(kUntil), std::to_string(until));
  if (differences.empty()) return;
  std::string text = fmt::format("error: {} is the journal of another run", folder_.string());
  for (const auto& line : differences) text += "\n      = " + line;
  throw PipelineError(text +
                      "\n      = make them equal, or run without --resume, which begins anew");
}

void Journal::write_head(const RunOrigin& origin, const Graph& graph) {
  auto all = facts(origin);
  all.insert(all.begin(), {"format", kFormat});
  all.emplace_back(kInits, inits_text(graph.plan));
  all.emplace_back(kUntil, std::to_string(graph.plan.lead_hours(graph.plan.leads)));
  for (const auto& [name, value] : all) {
    const auto known = head_.find(name);
    if (known != head_.end() && known->second == value) continue;
    head_[name] = value;
    append({"head", name, value});
  }
  for (const auto& node : graph.nodes)
    if (node.stage->order() && node.stage->outputs().empty())
      append({"sink", node.name, std::to_string(graph.plan.count(node.axes))});
}

void Journal::append(const std::vector<std::string>& fields) {
  const std::string line = journal_line(fields);
  std::size_t written = 0;
  while (written < line.size()) {
    const auto count = ::write(file_, line.data() + written, line.size() - written);
    if (count < 0 && errno != EINTR) fail_io("write", folder_ / "journal");
    if (count > 0) written += static_cast<std::size_t>(count);
  }
  // A record that the machine loses costs time, not truth: once in a while is enough.
  const auto now = std::chrono::steady_clock::now();
  if (now - synced_ < std::chrono::seconds(2)) return;
  ::fdatasync(file_);
  synced_ = now;
}

void Journal::commit(const std::string& node, const Mark& mark, const std::string& note) {
  const std::lock_guard lock(mutex_);
  holds_work_ = true;
  append({"commit", node, format_time(mark.init), std::to_string(mark.lead),
          std::to_string(mark.batch), note});
}

void Journal::lose(const std::string& node, Time init) {
  const std::lock_guard lock(mutex_);
  append({"lose", node, format_time(init)});
  commits_.erase({node, init});
}

std::vector<Commit> Journal::commits(const std::string& node, Time init) const {
  const std::lock_guard lock(mutex_);
  std::vector<Commit> list;
  const auto found = commits_.find({node, init});
  if (found == commits_.end()) return list;
  for (const auto& [mark, note] : found->second) list.push_back({mark, note});
  return list;
}

fs::path Journal::state_file(const std::string& node, const Mark& mark) const {
  return folder_ / "state" /
         fmt::format("{}.{}.{}.{}", node, compact_time(mark.init), mark.batch, mark.lead);
}

void Journal::save_state(const std::string& node, const Mark& mark, const std::string& bytes) {
  write_whole_file(state_file(node, mark), {sha256(bytes), "\n", bytes});
  holds_work_ = true;
}

bool Journal::has_state(const std::string& node, const Mark& mark) const {
  return fs::exists(state_file(node, mark));
}

std::string Journal::state(const std::string& node, const Mark& mark) const {
  const std::string text = read_whole_file(state_file(node, mark));
  return text.substr(text.find('\n') + 1);
}

/// What the machine lost as it went down; the steps before are computed again.
void Journal::remove_damaged_states() const {
  for (const auto& entry : fs::directory_iterator(folder_ / "state")) {
    const std::string text = read_whole_file(entry.path());
    const auto line = text.find('\n');
    if (line == std::string::npos || sha256(text.substr(line + 1)) != text.substr(0, line))
      fs::remove(entry.path());
  }
}

void Journal::forget_states(Time init) {
  // Names are NODE.INIT.BATCH.LEAD.
  std::map<std::string, std::map<int, fs::path>> trajectories;
  for (const auto& entry : fs::directory_iterator(folder_ / "state")) {
    const std::string name = entry.path().filename();
    const auto dot = name.rfind('.');
    if (dot == std::string::npos || name.find("." + compact_time(init) + ".") == std::string::npos)
      continue;
    trajectories[name.substr(0, dot)].emplace(std::atoi(name.c_str() + dot + 1), entry.path());
  }
  for (const auto& [trajectory, states] : trajectories)
    for (const auto& [lead, path] : states)
      if (lead != states.rbegin()->first) fs::remove(path);
}

void Journal::end() {
  const std::lock_guard lock(mutex_);
  append({"end"});
  ::fdatasync(file_);
}

}  // namespace ladcast
