// The one exception type of the project.
#pragma once

#include <fmt/format.h>

#include <stdexcept>
#include <string>
#include <utility>

namespace ladcast {

/// A failure that a user can act on: what happened to which thing, with which value, and the cure.
/// Context is added where it is known, outermost last: `catch (Error& e) { throw e.in("file.nc");
/// }`.
class Error : public std::runtime_error {
 public:
  explicit Error(const std::string& message) : std::runtime_error(message) {}

  /// The same error inside `context`: "context: message".
  Error in(const std::string& context) const { return Error(context + ": " + what()); }
};

/// Throws an Error with a message formatted by fmt.
template <class... Args>
[[noreturn]] void fail(fmt::format_string<Args...> format, Args&&... args) {
  throw Error(fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace ladcast
