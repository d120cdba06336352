// The message of the Error that an expression throws.
#pragma once

#include <string>

#include "graph/error.h"

namespace ladcast {

/// Empty if `action` throws nothing.
template <class Action>
std::string error_of(Action action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace ladcast
