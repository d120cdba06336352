#include "graph/whole_file.h"

#include <cerrno>
#include <cstring>
#include <fstream>

#include "graph/error.h"

namespace ladcast {

void write_whole_file(const std::filesystem::path& file,
                      std::initializer_list<std::string_view> parts) {
  const std::filesystem::path temporary = file.string() + ".partial";
  errno = 0;
  std::ofstream out(temporary, std::ios::binary);
  for (const auto& part : parts) out << part;
  out.close();
  std::error_code failed;
  if (out) std::filesystem::rename(temporary, file, failed);
  if (out && !failed) return;
  const std::string reason = failed ? failed.message() : std::strerror(errno);
  std::filesystem::remove(temporary, failed);
  fail("cannot write {}: {}", file.string(), reason);
}

}  // namespace ladcast
