// The journal of a run: what is done for good, so that a broken run can go on.
//
// A folder with one text file of records, a line each that begins with its checksum, and a file for
// each saved state. A record is appended after what it tells is safe on disk, never before, and
// reading stops at the first record that is torn: what is lost is computed again. So whenever the
// process or the machine dies, the journal tells less than the truth, never more.
#pragma once

#include <atomic>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "graph/origin.h"

namespace ladcast {

/// A task as the journal names it: by time, not by index, since the plan may grow.
struct Mark {
  Time init{};  // of an iteration: iteration_time()
  int lead = 0;
  int batch = 0;

  auto operator<=>(const Mark&) const = default;
};

Mark mark_of(const Plan& plan, const Key& key);

/// What a sink has brought to safety.
struct Commit {
  Mark mark;
  std::string note;  // the sink's own
};

/// Thread-safe.
class Journal {
 public:
  /// Begins anew; what an earlier run left in the folder is removed. Throws Error, also where
  /// another process is writing to the folder.
  static std::unique_ptr<Journal> begin(const std::filesystem::path& folder, const Graph& graph,
                                        const RunOrigin& origin);
  /// Goes on. Throws PipelineError with a line for each difference where the folder belongs to
  /// another run; more initial times at the end, more iterations and later leads are none.
  static std::unique_ptr<Journal> resume(const std::filesystem::path& folder, const Graph& graph,
                                         const RunOrigin& origin);
  ~Journal();
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  void commit(const std::string& node, const Mark& mark, const std::string& note);
  /// What a sink committed of an item is lost and has to be done again.
  void lose(const std::string& node, Time init);
  /// Of one item, by lead and batch.
  std::vector<Commit> commits(const std::string& node, Time init) const;

  /// What is saved for the same task is replaced once the new state is whole. `lasting`: waits
  /// until it is on the disk. Throws Error.
  void save_state(const std::string& node, const Mark& mark, std::string_view bytes, bool lasting);
  bool has_state(const std::string& node, const Mark& mark) const;
  /// Requires: has_state().
  std::string state(const std::string& node, const Mark& mark) const;
  void remove_state(const std::string& node, const Mark& mark);
  /// Removes the states of a rollout in a finished item, but the last of each trajectory: a run
  /// that is extended starts there.
  void forget_states(const std::string& node, Time init);
  /// What was told so far outlasts the machine. Throws Error, also where an earlier attempt failed.
  void sync();

  /// The whole plan is done.
  void end();
  /// Whether it is, and has not grown since.
  bool ended() const { return ended_; }

  /// Whether a run that goes on finds anything of use.
  bool holds_work() const { return holds_work_; }

 private:
  Journal(std::filesystem::path folder, const Plan& plan);

  void read();
  void find_states();
  void apply(const std::vector<std::string>& fields);
  void check_head(const RunOrigin& origin, const Graph& graph) const;
  void write_head(const RunOrigin& origin, const Graph& graph);
  void append(const std::vector<std::string>& fields);
  void write_back();
  std::string item_text(Time init) const;
  std::string state_name(const std::string& node, const Mark& mark) const;
  std::filesystem::path state_file(const std::string& name) const {
    return folder_ / "state" / name;
  }
  void erase_state(const std::string& name);

  std::filesystem::path folder_;
  const bool iterations_;
  int file_ = -1;
  std::chrono::steady_clock::time_point synced_{};
  std::string unsafe_;  // why not all records are on the disk; empty where none failed
  bool ended_ = false;
  std::atomic<bool> holds_work_ = false;

  mutable std::mutex mutex_;
  std::map<std::string, std::string> head_;
  std::map<std::string, std::map<Mark, std::string>> commits_;  // by node
  std::set<std::string> states_;                                // names of files
};

}  // namespace ladcast
