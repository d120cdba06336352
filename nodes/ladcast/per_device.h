// What a node holds once for each device of its lane: weights, tables.
#pragma once

#include <map>
#include <string>
#include <utility>

#include "graph/lane.h"

namespace ladcast {

/// Filled in open(), which the engine calls on each device in turn; then read from all of them.
template <class T>
class PerDevice {
 public:
  /// The calling thread's device gets `value`.
  void set(T value) { values_.insert_or_assign(current_device(), std::move(value)); }
  /// That of the calling thread's device. Requires: set() was called there.
  const T& get() const { return values_.at(current_device()); }

 private:
  std::map<std::string, T> values_;
};

}  // namespace ladcast
