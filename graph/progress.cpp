#include "graph/progress.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "graph/text.h"

namespace ladcast {
namespace {

constexpr double kWindowSeconds = 30.0;
constexpr double kFirstSeconds = 5.0;  // no estimate before

std::string format_rate(double rate) {
  if (rate >= 10.0) return fmt::format("{:.0f} tasks/s", rate);
  if (rate >= 0.1) return fmt::format("{:.1f} tasks/s", rate);
  return fmt::format("{:.1f} tasks/min", rate * 60.0);
}

std::string number_or_null(const std::optional<double>& value) {
  return value ? fmt::format("{:.3f}", *value) : "null";
}

}  // namespace

std::string format_bar(const ProgressState& state, int columns) {
  std::string text =
      fmt::format(" {:3.0f} %  {}/{}", std::floor(state.percent()), state.done, state.total);
  if (state.rate) text += "  " + format_rate(*state.rate);
  text += "  " + format_duration(state.elapsed);
  if (state.remaining) text += "  " + format_duration(*state.remaining) + " left";
  const int cells = std::min(40, columns - static_cast<int>(text.size()) - 3);
  if (cells < 5) return text.substr(1, static_cast<std::size_t>(std::max(0, columns - 1)));
  const auto filled = static_cast<std::size_t>(state.percent() / 100.0 * cells);
  const auto cell_count = static_cast<std::size_t>(cells);
  return fmt::format("[{:.<{}}]{}", std::string(filled, '#'), cell_count, text);
}

std::string format_plain(const ProgressState& state) {
  std::string text =
      fmt::format("{:.0f} %: {} of {} tasks", std::floor(state.percent()), state.done, state.total);
  if (state.rate) text += ", " + format_rate(*state.rate);
  text += ", " + format_duration(state.elapsed) + " so far";
  if (state.remaining) text += ", " + format_duration(*state.remaining) + " left";
  return text;
}

std::string format_json(const ProgressState& state) {
  return fmt::format(
      R"({{"event": "progress", "done": {}, "total": {}, "elapsed_s": {:.3f}, "tasks_per_s": {}, "remaining_s": {}}})",
      state.done, state.total, state.elapsed, number_or_null(state.rate),
      number_or_null(state.remaining));
}

void RecentRate::add(double elapsed, std::int64_t done) {
  samples_.emplace_back(elapsed, done);
  while (samples_.size() > 2 && samples_[1].first <= elapsed - kWindowSeconds) samples_.pop_front();
}

std::optional<double> RecentRate::rate() const {
  if (samples_.size() < 2 || samples_.back().first < kFirstSeconds) return {};
  const double seconds = samples_.back().first - samples_.front().first;
  const auto tasks = static_cast<double>(samples_.back().second - samples_.front().second);
  if (seconds <= 0.0 || tasks <= 0.0) return {};
  return tasks / seconds;
}

bool PlainPace::due(const ProgressState& state) {
  if (state.percent() < next_percent_ || state.elapsed < next_elapsed_) return false;
  next_percent_ = 10.0 * (std::floor(state.percent() / 10.0) + 1.0);
  next_elapsed_ = state.elapsed + 30.0;
  return true;
}

Progress::Progress(ProgressStyle style, std::ostream& out, int columns)
    : style_(style), out_(out), columns_(columns) {
  recent_.add(0.0, 0);
  if (style_ != ProgressStyle::none) thread_ = std::thread([this] { serve(); });
}

Progress::~Progress() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
    erase();
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

double Progress::elapsed() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
}

void Progress::update(std::int64_t done, std::int64_t total) {
  const std::lock_guard lock(mutex_);
  state_.done = std::max(state_.done, done);  // threads may tell in another order
  state_.total = total;
}

void Progress::aside(const std::function<void()>& print) {
  const std::lock_guard lock(mutex_);
  erase();
  print();
}

void Progress::finish() {
  const std::lock_guard lock(mutex_);
  if (closing_) return;
  tick();
  if (shown_) out_ << std::endl;
  shown_ = false;
  closing_ = true;
}

void Progress::erase() {
  if (shown_) out_ << "\r\x1b[K" << std::flush;
  shown_ = false;
}

void Progress::serve() {
  const auto interval = std::chrono::milliseconds(style_ == ProgressStyle::bar ? 200 : 1000);
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, interval, [this] { return closing_; })) tick();
}

/// Requires: mutex_ is held.
void Progress::tick() {
  state_.elapsed = elapsed();
  recent_.add(state_.elapsed, state_.done);
  state_.rate = recent_.rate();
  state_.remaining.reset();
  if (state_.rate)
    state_.remaining = static_cast<double>(state_.total - state_.done) / *state_.rate;
  switch (style_) {
    case ProgressStyle::bar:
      if (state_.total == 0) return;  // still opening
      out_ << "\r" << format_bar(state_, columns_) << "\x1b[K" << std::flush;
      shown_ = true;
      return;
    case ProgressStyle::plain:
      if (pace_.due(state_)) out_ << format_plain(state_) << std::endl;
      return;
    case ProgressStyle::json:
      out_ << format_json(state_) << std::endl;
      return;
    case ProgressStyle::none:
      return;
  }
}

}  // namespace ladcast
