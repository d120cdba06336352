#include "nodes/ingest/opened_files.h"

namespace ladcast {

OpenedFiles::Lease OpenedFiles::at(const std::filesystem::path& path) {
  std::unique_ptr<const FieldFiles> files;
  {
    std::vector<std::unique_ptr<const FieldFiles>> closed;  // outside the lock
    const std::lock_guard lock(mutex_);
    if (path != path_) closed.swap(idle_);
    path_ = path;
    if (!idle_.empty()) {
      files = std::move(idle_.back());
      idle_.pop_back();
    }
  }
  if (!files) files = open_(path);
  return {*this, path, std::move(files)};
}

void OpenedFiles::give_back(const std::filesystem::path& path,
                            std::unique_ptr<const FieldFiles> files) {
  const std::lock_guard lock(mutex_);
  if (path == path_) idle_.push_back(std::move(files));
}

void OpenedFiles::close() {
  const std::lock_guard lock(mutex_);
  idle_.clear();
}

}  // namespace ladcast
