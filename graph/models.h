// How `ladcast-flow models` and `fetch` reach the models: graph/ itself knows none.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <utility>

#include "graph/command_line.h"
#include "graph/error.h"

namespace ladcast {

struct FetchCommand {
  std::string model;
  std::string mirror;        // a URL; empty for where the model is published
  bool offline = false;      // tell what is there, and fetch nothing
  std::filesystem::path to;  // a folder of models; empty for the cache
  int timeout_s = 30;        // without data, before the connection is made anew
};

/// A file could not be brought here. Exit code 1.
struct NotFetched : Error {
  using Error::Error;
};

struct ModelCommands {
  /// The models that can be found, as text.
  std::function<std::string()> list;
  /// Returns the exit code. Throws Error, NotFetched and Interrupted.
  std::function<int(const FetchCommand&, const Streams&)> fetch;
};

/// Made once at namespace scope by the library that knows models.
class ModelLibrary {
 public:
  explicit ModelLibrary(ModelCommands commands) { registered() = std::move(commands); }

  /// Both empty where no such library is linked.
  static ModelCommands& registered() {
    static ModelCommands commands;
    return commands;
  }
};

}  // namespace ladcast
