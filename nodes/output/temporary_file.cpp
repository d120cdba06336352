#include "nodes/output/temporary_file.h"

#include "graph/error.h"
#include "graph/whole_file.h"

namespace ladcast {

namespace fs = std::filesystem;

fs::path temporary_beside(const fs::path& path) {
  make_folder_of(path);
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
