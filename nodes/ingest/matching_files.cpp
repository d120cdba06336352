#include "nodes/ingest/matching_files.h"

#include <glob.h>

#include "graph/error.h"

namespace ladcast {

std::vector<std::filesystem::path> matching_files(const std::filesystem::path& path) {
  if (path.string().find_first_of("*?") == std::string::npos) return {path};
  glob_t found{};
  const int status = glob(path.c_str(), 0, nullptr, &found);
  const std::vector<std::filesystem::path> files(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  globfree(&found);
  if (status != 0 || files.empty()) fail("no file matches {}", path.string());
  return files;
}

}  // namespace ladcast
