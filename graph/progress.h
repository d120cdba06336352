// Progress of a run: counted by the engine's threads, printed by a thread of its own.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <ostream>
#include <string>
#include <thread>
#include <utility>

namespace ladcast {

/// What a line of progress shows. Times in seconds.
struct ProgressState {
  std::int64_t done = 0;
  std::int64_t total = 0;
  double elapsed = 0.0;
  std::optional<double> rate{};       // tasks a second, recently
  std::optional<double> remaining{};  // once there is something to estimate from

  double percent() const {
    return total > 0 ? 100.0 * static_cast<double>(done) / static_cast<double>(total) : 0.0;
  }
};

/// One line of at most `columns` characters, without an end of line.
std::string format_bar(const ProgressState& state, int columns);
/// "40 %: 24 of 60 tasks, 1.9 tasks/s, 12.6 s so far, 19.0 s left".
std::string format_plain(const ProgressState& state);
/// One JSON object, a line of `run --log json`; what is not known yet is null.
std::string format_json(const ProgressState& state);

/// Tasks a second over the last half minute: a run's stages differ too much for an average over
/// all.
class RecentRate {
 public:
  void add(double elapsed, std::int64_t done);
  /// Empty in the first seconds and before the first task.
  std::optional<double> rate() const;

 private:
  std::deque<std::pair<double, std::int64_t>> samples_;
};

/// Says when a plain line is due: at each 10 % or each 30 s, whichever is later.
class PlainPace {
 public:
  bool due(const ProgressState& state);

 private:
  double next_percent_ = 10.0;
  double next_elapsed_ = 30.0;
};

enum class ProgressStyle { bar, plain, json, none };

/// Thread-safe. Nothing is printed after finish() or the destructor.
class Progress {
 public:
  /// `columns` is the width of the terminal, for the bar.
  Progress(ProgressStyle style, std::ostream& out, int columns = 80);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void update(std::int64_t done, std::int64_t total);
  /// Prints something else with the bar out of its way.
  void aside(const std::function<void()>& print);
  /// Leaves the last line of a bar standing.
  void finish();

 private:
  void serve();
  void tick();
  void erase();
  double elapsed() const;

  const ProgressStyle style_;
  std::ostream& out_;
  const int columns_;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();

  std::mutex mutex_;
  std::condition_variable wake_;
  ProgressState state_;
  RecentRate recent_;
  PlainPace pace_;
  bool shown_ = false;  // a bar stands in the last line of the terminal
  bool closing_ = false;
  std::thread thread_;
};

}  // namespace ladcast
