// A folder for what is not kept.
#pragma once

#include <filesystem>

namespace ladcast {

/// Among the system's temporary files; removed with all that is in it.
class ScratchFolder {
 public:
  /// Throws Error.
  ScratchFolder();
  ~ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace ladcast
