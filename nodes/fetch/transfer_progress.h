// How far a file has come: a line that changes on a terminal, a line now and then elsewhere.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <ostream>
#include <string>

#include "graph/progress.h"

namespace ladcast {

/// "config.json: 40 %, 1.2 of 3.0 MiB, 1.1 MiB/s, 2 s left", of what is known; counts are bytes.
std::string format_transfer(const std::string& name, const ProgressState& state);

class TransferProgress {
 public:
  /// `columns` is the width of the terminal, 0 where `out` is none.
  TransferProgress(std::string name, std::ostream& out, int columns);
  ~TransferProgress() { erase(); }
  TransferProgress(const TransferProgress&) = delete;
  TransferProgress& operator=(const TransferProgress&) = delete;

  /// `size` of the whole file, where it is known.
  void update(std::uintmax_t bytes, std::optional<std::uintmax_t> size);
  /// Prints a line of its own.
  void say(const std::string& line);

 private:
  void erase();

  const std::string name_;
  std::ostream& out_;
  const int columns_;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  RecentRate recent_;
  PlainPace pace_;
  double shown_at_ = -1.0;  // s since the start
  bool shown_ = false;      // a line stands on the terminal
};

}  // namespace ladcast
