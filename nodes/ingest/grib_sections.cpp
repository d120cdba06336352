// A message of edition 2 is: section 0 with "GRIB", the edition in byte 8 and the length of all in
// bytes 9 to 16; sections with their length in bytes 1 to 4 and their number in byte 5; "7777".
// One of edition 1 has its length in bytes 5 to 7.
// WMO Manual on Codes, volume I.2, FM 92 GRIB.
#include "nodes/ingest/grib_sections.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <fstream>
#include <optional>
#include <string>

#include "graph/error.h"

namespace ladcast {
namespace {

constexpr std::uint64_t kHead = 16, kEnd = 4, kSectionHead = 5;
constexpr std::uint64_t kLargeGrib1 = 0x800000;  // from here on the length is in other units
constexpr std::uint64_t kGrib = 0x47524942;
constexpr int kLastSection = 7;

class Scanner {
 public:
  explicit Scanner(const std::filesystem::path& path) : file_(path, std::ios::binary) {}

  /// The place of the next "GRIB" from `at` on.
  std::optional<std::uint64_t> find(std::uint64_t at) {
    if (number(at, 4) == kGrib) return at;
    std::string block(1 << 16, '\0');
    while (true) {
      const std::size_t size = read(at, block.data(), block.size());
      const auto found = block.substr(0, size).find("GRIB");
      if (found != std::string::npos) return at + found;
      if (size < block.size()) return {};
      at += size - 3;
    }
  }

  /// `size` bytes at `at` as a number, the first the highest; nothing beyond the end of the file.
  std::optional<std::uint64_t> number(std::uint64_t at, std::size_t size) {
    std::array<char, 8> bytes{};
    if (read(at, bytes.data(), size) != size) return {};
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < size; ++i)
      value = value << 8 | static_cast<unsigned char>(bytes[i]);
    return value;
  }

 private:
  std::size_t read(std::uint64_t at, char* to, std::size_t size) {
    file_.clear();
    file_.seekg(static_cast<std::streamoff>(at));
    file_.read(to, static_cast<std::streamsize>(size));
    return static_cast<std::size_t>(file_.gcount());
  }

  std::ifstream file_;
};

/// Whether the sections of the message at `begin` fill its `length` bytes.
bool adds_up(Scanner& file, std::uint64_t begin, std::uint64_t length) {
  constexpr std::uint64_t kSevens = 0x37373737;
  if (length < kHead + kEnd) return false;
  std::uint64_t at = kHead, last = 0;
  while (at + kSectionHead <= length - kEnd) {
    const auto size = file.number(begin + at, 4), number = file.number(begin + at + 4, 1);
    if (!size || !number) return true;  // cut off
    const bool in_order = *number > last || (last == kLastSection && *number > 1);
    if (*size < kSectionHead || *number < 1 || *number > kLastSection || !in_order) return false;
    if (*size > length - kEnd - at) return false;
    at += *size;
    last = *number;
  }
  const auto end = file.number(begin + at, 4);
  return !end || (at == length - kEnd && last == kLastSection && *end == kSevens);
}

}  // namespace

void require_whole_sections(const std::filesystem::path& path) {
  Scanner file(path);
  int count = 0;
  for (auto begin = file.find(0); begin;) {
    const auto edition = file.number(*begin + 7, 1);
    const auto length = edition == 2U ? file.number(*begin + 8, 8) : file.number(*begin + 4, 3);
    const bool known = edition == 2U || (edition == 1U && length < kLargeGrib1);
    if (!length || !known) return;
    ++count;
    if (edition == 2U && !adds_up(file, *begin, *length))
      fail("message {} of {} is damaged: its sections do not add up to its {} bytes", count,
           path.string(), *length);
    begin = file.find(*begin + std::max(*length, kHead));
  }
}

}  // namespace ladcast
