#include "nodes/fetch/transfer_progress.h"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "graph/text.h"

namespace ladcast {
namespace {

constexpr double kInterval = 0.2;  // s between two lines on a terminal

}  // namespace

std::string format_transfer(const std::string& name, const ProgressState& state) {
  std::string text = name + ": ";
  if (state.total > 0) text += fmt::format("{:.0f} %, ", std::floor(state.percent()));
  text += format_bytes(static_cast<std::uint64_t>(state.done));
  if (state.total > 0) text += " of " + format_bytes(static_cast<std::uint64_t>(state.total));
  if (state.rate) text += ", " + format_bytes(static_cast<std::uint64_t>(*state.rate)) + "/s";
  if (state.remaining) text += ", " + format_duration(*state.remaining) + " left";
  return text;
}

TransferProgress::TransferProgress(std::string name, std::ostream& out, int columns)
    : name_(std::move(name)), out_(out), columns_(columns) {}

void TransferProgress::update(std::uintmax_t bytes, std::optional<std::uintmax_t> size) {
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start_;
  if (elapsed.count() < shown_at_ + kInterval) return;
  shown_at_ = elapsed.count();
  ProgressState state{static_cast<std::int64_t>(bytes), static_cast<std::int64_t>(size.value_or(0)),
                      elapsed.count()};
  recent_.add(elapsed.count(), state.done);
  state.rate = recent_.rate();
  if (state.rate && state.total > 0)
    state.remaining = static_cast<double>(state.total - state.done) / *state.rate;
  if (columns_ > 0) {
    const std::string line = format_transfer(name_, state);
    out_ << "\r" << line.substr(0, static_cast<std::size_t>(columns_ - 1)) << "\x1b[K"
         << std::flush;
    shown_ = true;
  } else if (pace_.due(state)) {
    out_ << "  " << format_transfer(name_, state) << std::endl;
  }
}

void TransferProgress::say(const std::string& line) {
  erase();
  out_ << line << std::endl;
}

void TransferProgress::erase() {
  if (shown_) out_ << "\r\x1b[K" << std::flush;
  shown_ = false;
}

}  // namespace ladcast
