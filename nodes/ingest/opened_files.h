// Files that stay open from one message of a reader to the next.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "nodes/ingest/field_files.h"

namespace ladcast {

/// Those of the path that was asked for last, as many times as tasks read them at once: many
/// initial times and leads share them. Thread-safe, but opens and closes files: the thread rule of
/// FieldFiles stands.
class OpenedFiles {
 public:
  explicit OpenedFiles(OpenFiles open) : open_(open) {}

  /// Files that no other task has, given back by its destructor. Not to outlive OpenedFiles.
  class Lease {
   public:
    Lease(OpenedFiles& home, std::filesystem::path path, std::unique_ptr<const FieldFiles> files)
        : home_(home), path_(std::move(path)), files_(std::move(files)) {}
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    ~Lease() { home_.give_back(path_, std::move(files_)); }
    const FieldFiles& operator*() const { return *files_; }
    const FieldFiles* operator->() const { return files_.get(); }

   private:
    OpenedFiles& home_;
    std::filesystem::path path_;
    std::unique_ptr<const FieldFiles> files_;
  };
  /// Throws Error where they cannot be opened.
  Lease at(const std::filesystem::path& path);

  void close();

 private:
  void give_back(const std::filesystem::path& path, std::unique_ptr<const FieldFiles> files);

  OpenFiles open_;
  std::mutex mutex_;  // of what follows
  std::filesystem::path path_;
  std::vector<std::unique_ptr<const FieldFiles>> idle_;
};

}  // namespace ladcast
