#include "graph/journal.h"

#include <fcntl.h>
#include <fmt/ranges.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <limits>
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
constexpr const char* kIterations = "run.iterations";
constexpr std::size_t kStateHead = 65;  // a state file begins with its SHA-256 and a line end

std::string inits_text(const Plan& plan) {
  if (plan.iterations > 0) return "";
  std::vector<std::string> times;
  for (const Time init : plan.inits) times.push_back(short_time(init));
  return fmt::format("{}", fmt::join(times, " "));
}

/// What may grow.
RunOrigin::Facts growing_facts(const Plan& plan) {
  if (plan.iterations > 0) return {{kIterations, std::to_string(plan.iterations)}};
  return {{kInits, inits_text(plan)}, {kUntil, std::to_string(plan.lead_hours(plan.leads))}};
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

/// The first mark that an item can have.
Mark first_mark(Time init) { return {init, std::numeric_limits<int>::min(), 0}; }

void erase_commits(std::map<Mark, std::string>& commits, Time init) {
  commits.erase(commits.lower_bound(first_mark(init)),
                commits.lower_bound(first_mark(init + std::chrono::seconds{1})));
}

Mark parse_mark(const std::vector<std::string>& fields) {
  return {parse_time(fields.at(2)), std::stoi(fields.at(3)), std::stoi(fields.at(4))};
}

}  // namespace

Mark mark_of(const Plan& plan, const Key& key) {
  return {plan.inits[static_cast<std::size_t>(key.item)], key.lead, key.batch};
}

Journal::Journal(fs::path folder, const Plan& plan)
    : folder_(std::move(folder)), iterations_(plan.iterations > 0) {
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
  std::unique_ptr<Journal> journal(new Journal(folder, graph.plan));
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
  std::unique_ptr<Journal> journal(new Journal(folder, graph.plan));
  journal->read();
  if (journal->head_.empty())
    throw PipelineError(
        fmt::format("error: {} holds no run that could be continued\n      = run without --resume",
                    (folder / "journal").string()));
  journal->check_head(origin, graph);
  journal->find_states();
  journal->write_head(origin, graph);
  return journal;
}

void Journal::read() {
  const fs::path path = folder_ / "journal";
  const auto extent = parse_journal(read_whole_file(path), [&](const auto& record) {
    try {
      apply(record);
    } catch (const std::exception&) {
      fail("{} holds a record '{}' that this program did not write", path.string(), record.front());
    }
  });
  if (extent.torn && ::ftruncate(file_, static_cast<off_t>(extent.sound)) != 0)
    fail_io("cut the torn record off", path);
}

void Journal::apply(const std::vector<std::string>& fields) {
  const std::string& kind = fields.front();
  if (kind == "head") {
    head_[fields.at(1)] = fields.at(2);
    ended_ = false;
  } else if (kind == "commit") {
    const Mark mark = parse_mark(fields);
    commits_[fields.at(1)][mark] = fields.at(5);
    holds_work_ = true;
  } else if (kind == "lose") {
    erase_commits(commits_[fields.at(1)], parse_time(fields.at(2)));
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
  std::set<std::string> known = {"format", kInits, kUntil, kIterations};
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
  if (then("format") != kFormat) differ("format", then("format"), kFormat);
  const auto least = [&](const char* name) { return number_in(then(name)); };
  const Plan& plan = graph.plan;
  if (const auto before = least(kIterations).value_or(0);
      (before > 0) != iterations_ || plan.iterations < before) {
    differ(kIterations, before > 0 ? then(kIterations) : "nothing",
           iterations_ ? std::to_string(plan.iterations) : "nothing");
  } else if (!iterations_) {
    const std::string inits = inits_text(plan);
    if (inits != then(kInits) && !inits.starts_with(then(kInits) + " "))
      differ(std::string(kInits) + " (times may only be added at the end)", then(kInits), inits);
    const int until = plan.lead_hours(plan.leads);
    if (!least(kUntil) || until < *least(kUntil))
      differ(kUntil, then(kUntil), std::to_string(until));
  }
  if (differences.empty()) return;
  std::string text = fmt::format("error: {} is the journal of another run", folder_.string());
  for (const auto& line : differences) text += "\n      = " + line;
  throw PipelineError(text +
                      "\n      = make them equal, or run without --resume, which begins anew");
}

void Journal::write_head(const RunOrigin& origin, const Graph& graph) {
  auto all = facts(origin);
  all.insert(all.begin(), {"format", kFormat});
  for (const auto& fact : growing_facts(graph.plan)) all.push_back(fact);
  for (const auto& [name, value] : all) {
    const auto known = head_.find(name);
    if (known != head_.end() && known->second == value) continue;
    head_[name] = value;
    ended_ = false;
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
  if (std::chrono::steady_clock::now() - synced_ < std::chrono::seconds(2)) return;
  write_back();
}

/// A failure is kept, since the system tells of it once.
void Journal::write_back() {
  if (::fdatasync(file_) != 0 && unsafe_.empty()) unsafe_ = std::strerror(errno);
  synced_ = std::chrono::steady_clock::now();
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
  erase_commits(commits_[node], init);
}

std::vector<Commit> Journal::commits(const std::string& node, Time init) const {
  const std::lock_guard lock(mutex_);
  std::vector<Commit> list;
  const auto found = commits_.find(node);
  if (found == commits_.end()) return list;
  for (auto at = found->second.lower_bound(first_mark(init));
       at != found->second.end() && at->first.init == init; ++at)
    list.push_back({at->first, at->second});
  return list;
}

std::string Journal::item_text(Time init) const {
  return iterations_ ? fmt::format("iteration{}", init.time_since_epoch().count())
                     : compact_time(init);
}

std::string Journal::state_name(const std::string& node, const Mark& mark) const {
  return fmt::format("{}.{}.{}.{}", node, item_text(mark.init), mark.batch, mark.lead);
}

void Journal::save_state(const std::string& node, const Mark& mark, std::string_view bytes,
                         bool lasting) {
  const std::string name = state_name(node, mark);
  (lasting ? write_lasting_file : write_whole_file)(state_file(name), {sha256(bytes), "\n", bytes});
  holds_work_ = true;
  const std::lock_guard lock(mutex_);
  states_.insert(name);
}

bool Journal::has_state(const std::string& node, const Mark& mark) const {
  const std::lock_guard lock(mutex_);
  return !states_.empty() && states_.contains(state_name(node, mark));
}

std::string Journal::state(const std::string& node, const Mark& mark) const {
  return read_whole_file(state_file(state_name(node, mark)), kStateHead);
}

/// Those that are whole. What the machine lost as it went down is removed: the steps before are
/// computed again.
void Journal::find_states() {
  for (const auto& entry : fs::directory_iterator(folder_ / "state")) {
    if (!entry.is_regular_file()) continue;
    const fs::path& file = entry.path();
    std::string head(kStateHead, ' ');
    std::ifstream(file, std::ios::binary).read(head.data(), kStateHead);
    if (file.extension() != ".partial" && entry.file_size() >= kStateHead &&
        head == sha256_of_file(file, kStateHead) + "\n")
      states_.insert(file.filename());
    else
      fs::remove(file);
  }
  holds_work_ = holds_work_ || !states_.empty();
}

/// Requires: mutex_ is held.
void Journal::erase_state(const std::string& name) {
  states_.erase(name);
  fs::remove(state_file(name));
}

void Journal::remove_state(const std::string& node, const Mark& mark) {
  const std::lock_guard lock(mutex_);
  erase_state(state_name(node, mark));
}

void Journal::forget_states(const std::string& node, Time init) {
  // Names are NODE.INIT.BATCH.LEAD.
  const std::lock_guard lock(mutex_);
  const std::string prefix = fmt::format("{}.{}.", node, item_text(init));
  std::map<std::string, std::map<int, std::string>> trajectories;
  for (auto at = states_.lower_bound(prefix); at != states_.end() && at->starts_with(prefix);
       ++at) {
    const auto dot = at->rfind('.');
    trajectories[at->substr(0, dot)].emplace(std::atoi(at->c_str() + dot + 1), *at);
  }
  for (const auto& [trajectory, states] : trajectories)
    for (const auto& [lead, name] : states)
      if (lead != states.rbegin()->first) erase_state(name);
}

void Journal::sync() {
  const std::lock_guard lock(mutex_);
  write_back();
  if (!unsafe_.empty())
    fail("cannot write {} to the disk: {}", (folder_ / "journal").string(), unsafe_);
}

void Journal::end() {
  const std::lock_guard lock(mutex_);
  append({"end"});
  write_back();
  ended_ = true;
}

}  // namespace ladcast
