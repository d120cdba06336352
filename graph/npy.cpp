#include "graph/npy.h"

#include <fmt/format.h>

#include <bit>
#include <cstdint>

#include "graph/whole_file.h"

namespace ladcast {

static_assert(std::endian::native == std::endian::little,
              "values are written as they lie in memory");

std::string npy_header(const std::vector<std::size_t>& shape) {
  std::string dimensions;
  for (const std::size_t extent : shape) dimensions += fmt::format("{}, ", extent);
  if (shape.size() > 1) dimensions.resize(dimensions.size() - 2);
  if (shape.size() == 1) dimensions.resize(dimensions.size() - 1);
  std::string header =
      fmt::format("{{'descr': '<f4', 'fortran_order': False, 'shape': ({}), }}", dimensions);
  constexpr std::size_t kBefore = 10;  // magic, version, length
  header.append(63 - (kBefore + header.size()) % 64, ' ');
  header += '\n';
  const auto length = static_cast<std::uint16_t>(header.size());
  std::string start("\x93NUMPY\x01\x00", 8);
  start += static_cast<char>(length & 0xFF);
  start += static_cast<char>(length >> 8);
  return start + header;
}

void write_npy(const std::filesystem::path& file, std::span<const float> values,
               const std::vector<std::size_t>& shape) {
  write_whole_file(file, {npy_header(shape),
                          {reinterpret_cast<const char*>(values.data()), values.size_bytes()}});
}

}  // namespace ladcast
