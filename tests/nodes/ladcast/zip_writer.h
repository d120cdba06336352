// Makes the files of torch.save for tests.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace ladcast {

/// A number as it lies in memory.
template <class T>
std::string bytes_of(T value) {
  return {reinterpret_cast<const char*>(&value), sizeof value};
}

inline std::uint32_t checksum(const std::string& data) {
  std::uint32_t sum = ~0U;
  for (const char c : data) {
    sum ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) sum = (sum & 1U) != 0 ? (sum >> 1) ^ 0xEDB88320U : sum >> 1;
  }
  return ~sum;
}

/// Names and contents.
using Entries = std::vector<std::pair<std::string, std::string>>;

inline std::string zip(const Entries& entries, std::uint16_t method = 0) {
  std::string archive;
  std::string directory;
  for (const auto& [name, data] : entries) {
    const auto size = static_cast<std::uint32_t>(data.size());
    const auto common = bytes_of<std::uint16_t>(0) + bytes_of(method) + bytes_of<std::uint32_t>(0) +
                        bytes_of(checksum(data)) + bytes_of(size) + bytes_of(size) +
                        bytes_of(static_cast<std::uint16_t>(name.size())) +
                        bytes_of<std::uint16_t>(0);
    directory += bytes_of<std::uint32_t>(0x02014b50) + bytes_of<std::uint32_t>(0) + common +
                 std::string(10, '\0') + bytes_of(static_cast<std::uint32_t>(archive.size())) +
                 name;
    archive +=
        bytes_of<std::uint32_t>(0x04034b50) + bytes_of<std::uint16_t>(0) + common + name + data;
  }
  const auto count = static_cast<std::uint16_t>(entries.size());
  const auto start = static_cast<std::uint32_t>(archive.size());
  return archive + directory + bytes_of<std::uint32_t>(0x06054b50) + bytes_of<std::uint32_t>(0) +
         bytes_of(count) + bytes_of(count) +
         bytes_of(static_cast<std::uint32_t>(directory.size())) + bytes_of(start) +
         bytes_of<std::uint16_t>(0);
}

/// A pickle as torch.save writes it: a tensor of `sizes` over `count` values with the given
/// strides, each a run of numbers as pickle has them.
inline std::string pickle(const std::string& storage, char count, const std::string& strides,
                          const std::string& sizes = "K\x02K\x03") {
  using namespace std::string_literals;
  return "\x80\x02"
         "ctorch._utils\n_rebuild_tensor_v2\nq\x00((X\x07\x00\x00\x00storageq\x01"s +
         "ctorch\n" + storage +
         "\nq\x02X\x01\x00\x00\x00"
         "0q\x03X\x03\x00\x00\x00"
         "cpuq\x04K"s +
         count + "tq\x05QK\x00"s + sizes + "\x86q\x06"s + strides +
         "\x86q\x07\x89"
         "ccollections\nOrderedDict\nq\x08)Rq\x09tq\x0aRq\x0b."s;
}

}  // namespace ladcast
