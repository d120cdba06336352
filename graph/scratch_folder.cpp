#include "graph/scratch_folder.h"

#include <cstdlib>
#include <string>

#include "graph/error.h"

namespace ladcast {

ScratchFolder::ScratchFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "ladcast-flow-XXXXXX").string();
  if (!::mkdtemp(pattern.data())) fail("cannot make a folder {}", pattern);
  path_ = pattern;
}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace ladcast
