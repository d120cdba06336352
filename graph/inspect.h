// How `ladcast-flow inspect` learns what a file of data holds: graph/ itself reads no such file.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

namespace ladcast {

/// Several lines on a data file or a folder, its channels in the terms of the model called so.
/// Throws Error.
using Inspect = std::function<std::string(const std::filesystem::path&, const std::string& model)>;

/// Made once at namespace scope by the library that reads data.
class Inspector {
 public:
  explicit Inspector(Inspect inspect) { registered() = std::move(inspect); }

  /// Empty where no such library is linked.
  static Inspect& registered() {
    static Inspect inspect;
    return inspect;
  }
};

}  // namespace ladcast
