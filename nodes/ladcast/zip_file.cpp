#include "nodes/ladcast/zip_file.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "graph/error.h"

namespace ladcast {
namespace {

using Bytes = std::span<const std::byte>;

constexpr std::uint32_t kLocalHeader = 0x04034b50;
constexpr std::uint32_t kCentralHeader = 0x02014b50;
constexpr std::uint32_t kEndOfCentral = 0x06054b50;
constexpr std::size_t kEndSize = 22;
constexpr std::size_t kLongestComment = 65535;

template <class T>
T number_at(Bytes bytes, std::size_t offset) {
  T value{};
  if (offset > bytes.size() || bytes.size() - offset < sizeof value) fail("the archive is cut off");
  std::memcpy(&value, bytes.data() + offset, sizeof value);
  return value;
}

Bytes part(Bytes bytes, std::size_t offset, std::size_t size) {
  if (offset > bytes.size() || bytes.size() - offset < size) fail("the archive is cut off");
  return bytes.subspan(offset, size);
}

std::size_t end_of_central_directory(Bytes archive) {
  if (archive.size() < kEndSize) fail("it is not a zip archive");
  const auto last = archive.size() - kEndSize;
  for (std::size_t back = 0; back <= std::min(last, kLongestComment); ++back)
    if (number_at<std::uint32_t>(archive, last - back) == kEndOfCentral) return last - back;
  fail("it is not a zip archive, or it is cut off");
}

std::uint32_t checksum(Bytes bytes) {
  std::uint32_t sum = ~0U;
  for (const auto byte : bytes) {
    sum ^= static_cast<std::uint32_t>(byte);
    for (int bit = 0; bit < 8; ++bit) sum = (sum >> 1) ^ (0xEDB88320U & (0U - (sum & 1U)));
  }
  return ~sum;
}

// The data of the entry whose central header is at `header`.
Bytes entry_data(Bytes archive, std::size_t header) {
  const auto flags = number_at<std::uint16_t>(archive, header + 8);
  const auto method = number_at<std::uint16_t>(archive, header + 10);
  const auto packed = number_at<std::uint32_t>(archive, header + 20);
  const auto size = number_at<std::uint32_t>(archive, header + 24);
  const auto local = number_at<std::uint32_t>(archive, header + 42);
  if ((flags & 1U) != 0) fail("it is encrypted");
  if (method != 0 || packed != size) fail("it is compressed; only stored entries are read");
  if (size == UINT32_MAX || local == UINT32_MAX) fail("it is in zip64 form, which is not read");
  if (number_at<std::uint32_t>(archive, local) != kLocalHeader) fail("its local header is damaged");
  const std::size_t names = number_at<std::uint16_t>(archive, local + 26);
  const std::size_t extra = number_at<std::uint16_t>(archive, local + 28);
  const auto data = part(archive, local + 30 + names + extra, size);
  if (checksum(data) != number_at<std::uint32_t>(archive, header + 16))
    fail("its checksum is wrong");
  return data;
}

}  // namespace

std::map<std::string, Bytes> read_zip(Bytes archive) {
  const auto end = end_of_central_directory(archive);
  const auto count = number_at<std::uint16_t>(archive, end + 10);
  std::size_t header = number_at<std::uint32_t>(archive, end + 16);
  std::map<std::string, Bytes> entries;
  std::size_t total = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (number_at<std::uint32_t>(archive, header) != kCentralHeader)
      fail("the archive's directory is damaged");
    const std::size_t name_size = number_at<std::uint16_t>(archive, header + 28);
    const auto name_bytes = part(archive, header + 46, name_size);
    const std::string name(reinterpret_cast<const char*>(name_bytes.data()), name_size);
    try {
      const Bytes data = entry_data(archive, header);
      total += data.size();
      if (total > archive.size()) fail("it overlaps others");  // many checksums of the same bytes
      entries[name] = data;
    } catch (const Error& error) {
      throw error.in("entry '" + name + "'");
    }
    header += 46 + name_size + number_at<std::uint16_t>(archive, header + 30) +
              number_at<std::uint16_t>(archive, header + 32);
  }
  return entries;
}

}  // namespace ladcast
