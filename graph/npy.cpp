#include "graph/npy.h"

#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <optional>

#include "graph/error.h"
#include "graph/whole_file.h"

namespace ladcast {
namespace {

static_assert(std::endian::native == std::endian::little,
              "values are written as they lie in memory");

namespace fs = std::filesystem;

constexpr std::size_t kBefore = 10;          // magic, version and length, in version 1
constexpr std::uint64_t kMostHeader = 4096;  // ours and NumPy's have 128

[[noreturn]] void fail_at(const fs::path& path, const char* what) {
  fail("cannot {} {}: {}", what, path.string(), std::strerror(errno));
}

[[noreturn]] void refuse(const fs::path& path, const std::string& why) {
  fail("cannot read {}: {}", path.string(), why);
}

/// What stands behind a key of the header, a Python dictionary; empty where there is no such key.
std::string_view behind(std::string_view header, std::string_view key) {
  const std::size_t at = header.find(key);
  if (at == std::string_view::npos) return {};
  header.remove_prefix(at + key.size());
  header.remove_prefix(std::min(header.find_first_not_of(' '), header.size()));
  return header;
}

/// What stands between two characters at the start of `text`; nothing where they are not there.
std::optional<std::string_view> between(std::string_view text, char first, char last) {
  const std::size_t end = text.find(last, 1);
  if (!text.starts_with(first) || end == std::string_view::npos) return {};
  return text.substr(1, end - 1);
}

std::vector<std::size_t> shape_from(std::string_view text, const fs::path& path) {
  std::vector<std::size_t> shape;
  for (const char* at = text.data(); at != text.data() + text.size();) {
    if (*at == ',' || *at == ' ') {
      ++at;
      continue;
    }
    const auto [next, error] = std::from_chars(at, text.data() + text.size(), shape.emplace_back());
    if (error != std::errc()) refuse(path, "its shape is damaged");
    at = next;
  }
  return shape;
}

std::uint64_t little_endian(std::span<const char> bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) {
    value = value << 8 | static_cast<unsigned char>(bytes[i]);
  }
  return value;
}

}  // namespace

std::string python_tuple(const std::vector<std::size_t>& shape) {
  return fmt::format("({}{})", fmt::join(shape, ", "), shape.size() == 1 ? "," : "");
}

std::string npy_header(const std::vector<std::size_t>& shape) {
  std::string header =
      fmt::format("{{'descr': '<f4', 'fortran_order': False, 'shape': {}, }}", python_tuple(shape));
  header.append(63 - (kBefore + header.size()) % 64, ' ');
  header += '\n';
  const auto length = static_cast<std::uint16_t>(header.size());
  std::string start("\x93NUMPY\x01\x00", 8);
  start += static_cast<char>(length & 0xFF);
  start += static_cast<char>(length >> 8);
  return start + header;
}

void write_npy(const fs::path& file, std::span<const float> values,
               const std::vector<std::size_t>& shape) {
  write_whole_file(file, {npy_header(shape),
                          {reinterpret_cast<const char*>(values.data()), values.size_bytes()}});
}

NpyFile::NpyFile(fs::path path, const char* mode)
    : path_(std::move(path)), file_(std::fopen(path_.c_str(), mode)) {
  if (!file_) fail_at(path_, "open");
}

NpyFile NpyFile::create(const fs::path& path, const std::vector<std::size_t>& shape) {
  NpyFile file(path, "w+b");
  const std::string header = npy_header(shape);
  std::size_t numbers = 1;
  for (const std::size_t extent : shape) numbers *= extent;
  file.write_bytes(0, std::as_bytes(std::span(header)));
  file.shape_ = shape;
  file.start_ = header.size();
  if (::ftruncate(::fileno(file.file_.get()),
                  static_cast<off_t>(file.start_ + numbers * sizeof(float))) != 0)
    fail_at(path, "write");
  return file;
}

NpyFile NpyFile::open(const fs::path& path) {
  NpyFile file(path, "rb");
  file.read_header();
  return file;
}

NpyFile NpyFile::open_to_write(const fs::path& path) {
  NpyFile file(path, "r+b");
  file.read_header();
  if (file.is_double_) fail("cannot write {}: its numbers are float64", path.string());
  return file;
}

void NpyFile::read_header() {
  std::error_code failed;
  const std::uint64_t size = fs::file_size(path_, failed);
  if (failed) refuse(path_, failed.message());
  std::string start(std::min<std::uint64_t>(size, kBefore + 2), '\0');
  read_bytes(0, std::as_writable_bytes(std::span(start)));
  if (start.starts_with("PK")) refuse(path_, "it is an .npz archive; unzip it");
  if (start.size() < kBefore + 2 || !start.starts_with("\x93NUMPY")) {
    refuse(path_, "it is no .npy file");
  }
  if (start[6] < 1 || start[6] > 3) {
    refuse(path_, fmt::format(".npy version {} is not known", static_cast<int>(start[6])));
  }
  const std::size_t width = start[6] == 1 ? 2 : 4;  // of the length
  const std::uint64_t length = little_endian(std::span(start).subspan(8, width));
  start_ = 8 + width + length;
  if (start_ > size || length > kMostHeader) refuse(path_, "it is cut off within its header");
  std::string header(length, '\0');
  read_bytes(8 + width, std::as_writable_bytes(std::span(header)));

  const std::string_view type = between(behind(header, "'descr':"), '\'', '\'').value_or("");
  is_double_ = type == "<f8";
  if (!is_double_ && type != "<f4") {
    refuse(path_, fmt::format("its numbers are of type '{}', not float32 ('<f4') or float64\n"
                              "      = save it with np.save(file, a.astype('<f4'))",
                              type));
  }
  if (!behind(header, "'fortran_order':").starts_with("False")) {
    refuse(path_,
           "it is in Fortran order\n      = save it with np.save(file, np.ascontiguousarray(a))");
  }
  const auto shape = between(behind(header, "'shape':"), '(', ')');
  if (!shape) refuse(path_, "its header has no shape");
  shape_ = shape_from(*shape, path_);
  std::uint64_t left = (size - start_) / (is_double_ ? sizeof(double) : sizeof(float));
  for (const std::size_t extent : shape_) {
    if (extent == 0) return;
    left /= extent;
  }
  if (left == 0) {
    refuse(path_, fmt::format("it is cut off: {} bytes are too few for {} numbers of type '{}'",
                              size, python_tuple(shape_), type));
  }
}

void NpyFile::read(std::size_t first, std::span<float> numbers) const {
  if (!is_double_) {
    read_bytes(start_ + first * sizeof(float), std::as_writable_bytes(numbers));
    return;
  }
  std::vector<double> doubles(numbers.size());
  read_bytes(start_ + first * sizeof(double), std::as_writable_bytes(std::span(doubles)));
  for (std::size_t i = 0; i < doubles.size(); ++i) numbers[i] = static_cast<float>(doubles[i]);
}

void NpyFile::write(std::size_t first, std::span<const float> numbers) const {
  write_bytes(start_ + first * sizeof(float), std::as_bytes(numbers));
}

void NpyFile::read_bytes(std::uint64_t offset, std::span<std::byte> bytes) const {
  while (!bytes.empty()) {
    errno = 0;
    const ssize_t got =
        ::pread(::fileno(file_.get()), bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail_at(path_, "read");
    if (got == 0) refuse(path_, "it ends early");
    offset += static_cast<std::uint64_t>(got);
    bytes = bytes.subspan(static_cast<std::size_t>(got));
  }
}

void NpyFile::write_bytes(std::uint64_t offset, std::span<const std::byte> bytes) const {
  while (!bytes.empty()) {
    const ssize_t put =
        ::pwrite(::fileno(file_.get()), bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) fail_at(path_, "write");
    offset += static_cast<std::uint64_t>(put);
    bytes = bytes.subspan(static_cast<std::size_t>(put));
  }
}

void NpyFile::sync() const {
  if (::fdatasync(::fileno(file_.get())) != 0) fail_at(path_, "write");
}

}  // namespace ladcast
