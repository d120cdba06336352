#include "plugins/stations/table_file.h"

#include <cerrno>
#include <cstring>

#include "graph/error.h"
#include "graph/whole_file.h"

namespace ladcast {
namespace fs = std::filesystem;

TableFile::TableFile(fs::path path) : path_(std::move(path)), temporary_(path_.string() + ".part") {
  make_folder_of(path_);
  file_.open(temporary_, std::ios::trunc);
  require_good("write");
}

TableFile::~TableFile() {
  if (!file_.is_open()) return;
  file_.close();
  std::error_code ignored;
  fs::remove(temporary_, ignored);
}

void TableFile::write(const std::string& line) {
  file_ << line << '\n';
  require_good("write");
}

void TableFile::finish() {
  file_.flush();
  require_good("write");
  file_.close();
  require_good("close");
  std::error_code failed;
  fs::rename(temporary_, path_, failed);
  if (failed)
    fail("cannot rename {} to {}: {}", temporary_.string(), path_.string(), failed.message());
}

void TableFile::require_good(const char* action) {
  if (!file_) fail("cannot {} {}: {}", action, temporary_.string(), std::strerror(errno));
}

}  // namespace ladcast
