#include "nodes/values/zarr_group.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <fstream>

#include "graph/error.h"

namespace ladcast {
namespace {

namespace fs = std::filesystem;
using Index = std::vector<std::size_t>;

static_assert(std::endian::native == std::endian::little);

template <class T>
double number_at(const char* bytes, bool big_endian) {
  char copy[sizeof(T)];
  std::memcpy(copy, bytes, sizeof(T));
  if (big_endian) std::reverse(copy, copy + sizeof(T));
  T value;
  std::memcpy(&value, copy, sizeof(T));
  return static_cast<double>(value);
}

using Read = double (*)(const char*, bool big_endian);

Read reader_of(const ZarrType& type) {
  using enum ZarrType::Kind;
  if (type.kind == real) return type.bytes == 4 ? number_at<float> : number_at<double>;
  const bool is_signed = type.kind == integer;
  switch (type.bytes) {
    case 1:
      return is_signed ? number_at<std::int8_t> : number_at<std::uint8_t>;
    case 2:
      return is_signed ? number_at<std::int16_t> : number_at<std::uint16_t>;
    case 4:
      return is_signed ? number_at<std::int32_t> : number_at<std::uint32_t>;
    default:
      return is_signed ? number_at<std::int64_t> : number_at<std::uint64_t>;
  }
}

/// How far apart neighbours along each dimension are; `nesting` has the slowest dimension first.
Index strides(const Index& lengths, const Index& nesting) {
  Index result(lengths.size());
  std::size_t stride = 1;
  for (auto dimension = nesting.rbegin(); dimension != nesting.rend(); ++dimension) {
    result[*dimension] = stride;
    stride *= lengths[*dimension];
  }
  return result;
}

/// The next index within [first, last], the last dimension fastest. False after the last one.
bool advance(Index& index, const Index& first, const Index& last) {
  for (std::size_t i = index.size(); i-- > 0;) {
    if (index[i] < last[i]) {
      ++index[i];
      return true;
    }
    index[i] = first[i];
  }
  return false;
}

/// "0.1.2", "c/0/1/2"; of an array without dimensions "0" or "c".
std::string chunk_key(const ZarrArray& array, const Index& index) {
  std::string key = array.key_prefix;
  for (const std::size_t i : index) {
    if (!key.empty()) key += array.key_separator;
    key += std::to_string(i);
  }
  return key.empty() ? "0" : key;
}

/// The product of `lengths`, which damaged metadata can make absurd.
std::size_t product(std::span<const std::size_t> lengths, std::size_t most, const char* what) {
  std::size_t count = 1;
  for (const std::size_t length : lengths) {
    if (count > 0 && length > most / count) fail("that is more than {} {} at once", most, what);
    count *= length;
  }
  return count;
}

constexpr std::size_t kMostValues = std::size_t{1} << 25, kMostChunks = std::size_t{1} << 20;

}  // namespace

ZarrGroup::ZarrGroup(fs::path folder)
    : folder_(std::move(folder)), arrays_(read_zarr_arrays(folder_)) {}

/// Null where there is no such file.
ZarrGroup::Bytes ZarrGroup::load(const ZarrArray& array, const fs::path& file) {
  std::ifstream in(file, std::ios::binary | std::ios::ate);
  std::error_code ignored;
  if (!in && !fs::exists(file, ignored)) return {};
  const std::size_t size = array.chunk_bytes();
  try {
    const auto length = in ? static_cast<std::streamoff>(in.tellg()) : std::streamoff{-1};
    if (length < 0 || fs::is_directory(file)) fail("it cannot be opened");
    if (static_cast<std::size_t>(length) > 2 * size + (1 << 20))
      fail("it has {} bytes, far more than a chunk of {}", length, size);
    std::string compressed(static_cast<std::size_t>(length), '\0');
    in.seekg(0);
    if (!in.read(compressed.data(), length)) fail("it cannot be read");
    return std::make_shared<const std::string>(decompress(array.codec, compressed, size));
  } catch (const Error& error) {
    throw error.in("cannot read the chunk " + file.string());
  }
}

ZarrGroup::Bytes ZarrGroup::chunk(const ZarrArray& array, const Index& index) const {
  const fs::path file = folder_ / array.name / chunk_key(array, index);
  const auto known = std::find_if(kept_.begin(), kept_.end(),
                                  [&](const auto& each) { return each.first == file; });
  if (known != kept_.end()) return known->second;
  Bytes bytes = load(array, file);
  if (!bytes) return {};
  kept_.emplace_back(file, bytes);
  kept_bytes_ += bytes->size();
  while (kept_bytes_ > kMostKeptBytes && kept_.size() > 1) {
    kept_bytes_ -= kept_.front().second->size();
    kept_.pop_front();
  }
  return bytes;
}

std::vector<double> ZarrGroup::read(const ZarrArray& array, std::span<const std::size_t> start,
                                    std::span<const std::size_t> count) const try {
  if (!array.unsupported.empty()) fail("{}", array.unsupported);
  const std::size_t rank = array.shape.size();
  std::vector<double> values(product(count, kMostValues, "values"), array.fill.value_or(0.0));
  if (values.empty()) return values;
  Index first(rank), last(rank), chunks(rank);
  for (std::size_t i = 0; i < rank; ++i) {
    if (start[i] >= array.shape[i] || count[i] > array.shape[i] - start[i])
      fail("'{}' has a length of {} there, {} is needed", array.dimensions[i], array.shape[i],
           start[i] + count[i]);
    first[i] = start[i] / array.chunk[i];
    last[i] = (start[i] + count[i] - 1) / array.chunk[i];
    chunks[i] = last[i] - first[i] + 1;
  }
  product(chunks, kMostChunks, "chunks");
  Index row_major(rank);
  for (std::size_t i = 0; i < rank; ++i) row_major[i] = i;
  const Index from_strides = strides(array.chunk, array.nesting);
  const Index to_strides = strides({count.begin(), count.end()}, row_major);
  const Read number = reader_of(array.type);

  Index index = first;
  do {
    const Bytes bytes = chunk(array, index);
    if (!bytes) continue;
    Index low(rank), high(rank);  // of this chunk, within the array
    for (std::size_t i = 0; i < rank; ++i) {
      low[i] = std::max(start[i], index[i] * array.chunk[i]);
      high[i] = std::min(start[i] + count[i], (index[i] + 1) * array.chunk[i]) - 1;
    }
    const std::size_t row = rank == 0 ? 1 : high.back() - low.back() + 1;
    const std::size_t step = rank == 0 ? 0 : from_strides.back() * array.type.bytes;
    if (rank > 0) high.back() = low.back();
    Index at = low;  // the first value of a row along the last dimension
    do {
      std::size_t from = 0, to = 0;
      for (std::size_t i = 0; i < rank; ++i) {
        from += (at[i] - index[i] * array.chunk[i]) * from_strides[i];
        to += (at[i] - start[i]) * to_strides[i];
      }
      const char* source = bytes->data() + from * array.type.bytes;
      for (std::size_t i = 0; i < row; ++i)
        values[to + i] = number(source + i * step, array.type.big_endian);
    } while (advance(at, low, high));
  } while (advance(index, first, last));
  return values;
} catch (const Error& error) {
  throw error.in(fmt::format("cannot read '{}' from {}", array.name, folder_.string()));
}

bool ZarrGroup::has_chunk(const ZarrArray& array, const Index& index) const {
  return fs::exists(folder_ / array.name / chunk_key(array, index));
}

void ZarrGroup::forget() const {
  kept_.clear();
  kept_bytes_ = 0;
}

}  // namespace ladcast
