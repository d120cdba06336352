// Where members, leads and times stand in a store, and in which of its chunks.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "graph/error.h"

namespace ladcast {

/// The index of `value`, which `what` names. Throws Error where it is not there.
template <class T>
std::size_t index_in(const std::vector<T>& values, const T& value, const std::string& what) {
  const auto found = std::find(values.begin(), values.end(), value);
  if (found == values.end()) fail("the store has no {}", what);
  return static_cast<std::size_t>(found - values.begin());
}

/// The index of the chunk that begins at `index`. Throws Error where none does.
inline std::size_t chunk_at(std::size_t index, std::size_t length, const std::string& what) {
  if (index % length != 0) fail("no chunk begins at {}", what);
  return index / length;
}

}  // namespace ladcast
