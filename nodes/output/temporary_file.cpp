#include "nodes/output/temporary_file.h"

#include "graph/error.h"

namespace ladcast {

namespace fs = std::filesystem;

fs::path temporary_beside(const fs::path& path) {
  std::error_code failed;
  if (path.has_parent_path()) fs::create_directories(path.parent_path(), failed);
  if (failed)
    fail("cannot create the folder {}: {}", path.parent_path().string(), failed.message());
  if (fs::is_directory(path)) fail("cannot write {}: it is a folder", path.string());
  fs::path temporary = path;
  temporary += ".part";
  return temporary;
}

void give_name(const fs::path& temporary, const fs::path& path) {
  std::error_code failed;
  fs::rename(temporary, path, failed);
  if (failed)
    fail("cannot rename {} to {}: {}", temporary.string(), path.string(), failed.message());
}

}  // namespace ladcast
