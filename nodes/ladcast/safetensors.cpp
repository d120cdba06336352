// A file is: 8 bytes, little-endian length n of the header; n bytes of JSON, an object
// name -> {"dtype", "shape", "data_offsets": [begin, end)}; then the data, to which offsets refer.
// The ranges together cover the data without holes or overlaps.
#include "nodes/ladcast/safetensors.h"

#include <ATen/ATen.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>
#include <set>
#include <span>
#include <string_view>
#include <vector>

#include "graph/error.h"
#include "graph/nesting.h"
#include "graph/whole_file.h"
#include "nodes/ladcast/file_mapping.h"
#include "nodes/values/model.h"

namespace ladcast {
namespace {

using nlohmann::json;
static_assert(std::endian::native == std::endian::little, "safetensors files are little-endian");

constexpr std::uint64_t kLongestHeader = 100'000'000;  // the limit of the published reader

constexpr struct {
  std::string_view name;
  at::ScalarType type;
} kTypes[] = {{"F32", at::kFloat},  {"BF16", at::kBFloat16}, {"F16", at::kHalf},
              {"F64", at::kDouble}, {"I64", at::kLong},      {"I32", at::kInt},
              {"I16", at::kShort},  {"I8", at::kChar},       {"U8", at::kByte},
              {"BOOL", at::kBool}};

at::ScalarType type_of(const std::string& name) {
  for (const auto& entry : kTypes)
    if (entry.name == name) return entry.type;
  fail("dtype '{}' is not supported (BF16, F16, F32, F64, I8, U8, I16, I32, I64, BOOL are)", name);
}

std::string_view name_of(at::ScalarType type) {
  for (const auto& entry : kTypes)
    if (entry.type == type) return entry.name;
  fail("a tensor of type {} cannot be stored", at::toString(type));
}

struct Entry {
  std::string name;
  at::ScalarType type;
  std::vector<std::int64_t> shape;
  std::uint64_t begin;
  std::uint64_t end;
};

std::uint64_t unsigned_value(const json& value, const char* what) {
  if (!value.is_number_unsigned()) fail("{} holds {}, not a whole number >= 0", what, value.dump());
  return value.get<std::uint64_t>();
}

// Bytes of a tensor, with every product checked, also those of strides beside an extent of 0.
std::uint64_t bytes_of(at::ScalarType type, const std::vector<std::int64_t>& shape) {
  auto bytes = static_cast<std::int64_t>(c10::elementSize(type));
  bool empty = false;
  for (const auto extent : shape) {
    empty = empty || extent == 0;
    if (__builtin_mul_overflow(bytes, std::max<std::int64_t>(extent, 1), &bytes))
      fail("its shape is too large");
  }
  return empty ? 0 : static_cast<std::uint64_t>(bytes);
}

Entry parse_entry(const std::string& name, const json& value, std::uint64_t data_size) {
  if (!value.is_object() || !value.contains("dtype") || !value["dtype"].is_string() ||
      !value.contains("shape") || !value["shape"].is_array() || !value.contains("data_offsets") ||
      !value["data_offsets"].is_array() || value["data_offsets"].size() != 2)
    fail("its entry is not of the form dtype, shape, data_offsets");
  Entry entry{name,
              type_of(value["dtype"]),
              {},
              unsigned_value(value["data_offsets"][0], "data_offsets"),
              unsigned_value(value["data_offsets"][1], "data_offsets")};
  for (const auto& extent : value["shape"]) {
    const auto count = unsigned_value(extent, "shape");
    if (count > static_cast<std::uint64_t>(INT64_MAX)) fail("its shape is too large");
    entry.shape.push_back(static_cast<std::int64_t>(count));
  }
  if (entry.begin > entry.end || entry.end > data_size)
    fail("its bytes {} to {} are not inside the {} bytes of data: the file is cut off or damaged",
         entry.begin, entry.end, data_size);
  if (entry.end - entry.begin != bytes_of(entry.type, entry.shape))
    fail("it has {} bytes, but its shape and dtype need {}", entry.end - entry.begin,
         bytes_of(entry.type, entry.shape));
  return entry;
}

void check_cover(std::vector<Entry>& entries, std::uint64_t data_size) {
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return std::tie(a.begin, a.end, a.name) < std::tie(b.begin, b.end, b.name);
  });
  std::uint64_t position = 0;
  for (const auto& entry : entries) {
    if (entry.begin < position) fail("tensor '{}' overlaps another one", entry.name);
    if (entry.begin > position)
      fail("there is a hole of {} bytes before tensor '{}'", entry.begin - position, entry.name);
    position = entry.end;
  }
  if (position != data_size)
    fail("the tensors end at byte {} of {} bytes of data", position, data_size);
}

// Data at an address that does not suit its type is copied; all other data are used in place.
at::Tensor view_of(const Entry& entry, const std::byte* data,
                   const std::shared_ptr<const void>& keeps) {
  auto* address = const_cast<std::byte*>(data + entry.begin);
  if (entry.begin == entry.end) return at::empty(entry.shape, entry.type);
  if (reinterpret_cast<std::uintptr_t>(address) % c10::elementSize(entry.type) != 0) {
    auto copy = at::empty(entry.shape, entry.type);
    std::memcpy(copy.data_ptr(), address, entry.end - entry.begin);
    return copy;
  }
  return at::from_blob(
      address, entry.shape, [keeps](void*) {}, at::TensorOptions(entry.type));
}

json parse_header(std::string_view text) {
  std::set<std::string> names;
  const auto unique = [&names](int depth, json::parse_event_t event, json& value) {
    if (event == json::parse_event_t::key && depth == 1 &&
        !names.insert(value.get<std::string>()).second)
      fail("tensor '{}' appears twice", value.get<std::string>());
    return true;
  };
  require_shallow_json(text);
  try {
    auto header = json::parse(text, unique);
    if (!header.is_object()) fail("its header is not a JSON object");
    return header;
  } catch (const json::exception& error) {
    fail("its header is not JSON: {}", error.what());
  }
}

// The tensors look into `bytes` and hold `keeps`, which owns them.
NamedTensors parse(std::span<const std::byte> bytes, const std::shared_ptr<const void>& keeps) {
  std::uint64_t length = 0;
  if (bytes.size() < sizeof length) fail("it has {} bytes: not a safetensors file", bytes.size());
  std::memcpy(&length, bytes.data(), sizeof length);
  if (length > kLongestHeader || length > bytes.size() - sizeof length)
    fail(
        "it says that its header has {} bytes, but the file has {}: cut off or not a safetensors "
        "file",
        length, bytes.size());
  const auto rest = bytes.subspan(sizeof length);
  const auto header = parse_header({reinterpret_cast<const char*>(rest.data()), length});
  const auto data = rest.subspan(length);

  std::vector<Entry> entries;
  for (const auto& [name, value] : header.items()) {
    if (name == "__metadata__") continue;
    try {
      entries.push_back(parse_entry(name, value, data.size()));
    } catch (const Error& error) {
      throw error.in("tensor '" + name + "'");
    }
  }
  check_cover(entries, data.size());
  NamedTensors tensors;
  for (const auto& entry : entries) tensors.emplace(entry.name, view_of(entry, data.data(), keeps));
  return tensors;
}

NamedTensors read_shards(const std::filesystem::path& folder, const std::filesystem::path& index) {
  json map;
  const std::string text = read_whole_file(index);
  try {
    require_shallow_json(text);
    map = json::parse(text).at("weight_map");
    if (!map.is_object()) fail("weight_map is not an object");
  } catch (const json::exception& error) {
    fail("it is not an index of shards: {}", error.what());
  }
  std::map<std::string, NamedTensors> shards;
  for (const auto& [name, value] : map.items()) {
    const auto shard = value.is_string() ? value.get<std::string>() : std::string();
    if (shard.empty() || shard == ".." || std::filesystem::path(shard).filename() != shard)
      fail("tensor '{}' is said to be in {}, which is not a file name", name, value.dump());
    if (!shards.contains(shard)) shards[shard] = read_safetensors(folder / shard);
    if (!shards[shard].contains(name)) fail("tensor '{}' is not in {}", name, shard);
  }
  NamedTensors all;
  for (auto& [shard, tensors] : shards)
    for (auto& [name, tensor] : tensors)
      if (!all.emplace(name, tensor).second)
        fail("tensor '{}' is in {} and in another shard", name, shard);
  return all;
}

class TemporaryFile {
 public:
  explicit TemporaryFile(std::filesystem::path target)
      : target_(std::move(target)), path_(target_.string() + ".partial") {
    descriptor_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (descriptor_ < 0) fail("cannot write {}: {}", path_.string(), std::strerror(errno));
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() {
    if (descriptor_ < 0) return;
    ::close(descriptor_);
    ::unlink(path_.c_str());
  }

  void write(const void* data, std::size_t size) {
    for (const auto* next = static_cast<const char*>(data); size > 0;) {
      const auto written = ::write(descriptor_, next, size);
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) fail("cannot write {}: {}", path_.string(), std::strerror(errno));
      next += written;
      size -= static_cast<std::size_t>(written);
    }
  }

  void publish() {
    const bool flushed = ::fsync(descriptor_) == 0;
    const bool closed = ::close(descriptor_) == 0;
    descriptor_ = -1;
    if (!flushed || !closed || ::rename(path_.c_str(), target_.c_str()) != 0) {
      const int reason = errno;
      ::unlink(path_.c_str());
      fail("cannot write {}: {}", target_.string(), std::strerror(reason));
    }
  }

 private:
  std::filesystem::path target_;
  std::filesystem::path path_;
  int descriptor_ = -1;
};

}  // namespace

NamedTensors read_safetensors(const std::filesystem::path& file) {
  try {
    const auto mapping = FileMapping::open(file);
    return parse(mapping->bytes(), mapping);
  } catch (const Error& error) {
    throw error.in(file.string());
  }
}

NamedTensors tensors_from(std::string bytes) {
  const auto held = std::make_shared<const std::string>(std::move(bytes));
  return parse(std::as_bytes(std::span(*held)), held);
}

NamedTensors read_weights_folder(const std::filesystem::path& folder) {
  const auto single = folder / kNetworkWeights;
  if (std::filesystem::exists(single)) return read_safetensors(single);
  const auto index = folder / (std::string(kNetworkWeights) + ".index.json");
  if (!std::filesystem::exists(index))
    fail("{} has neither {} nor {}.index.json: put the published weights there", folder.string(),
         kNetworkWeights, kNetworkWeights);
  try {
    return read_shards(folder, index);
  } catch (const Error& error) {
    throw error.in(index.string());
  }
}

namespace {

struct Written {
  std::string head;  // the length of the header, and the header
  std::vector<at::Tensor> data;
  std::uint64_t bytes = 0;  // of the data
};

Written lay_out(const NamedTensors& tensors) {
  Written file;
  json header = {{"__metadata__", {{"format", "pt"}}}};
  // Widest types first: then each tensor lies at a multiple of its element size.
  for (const std::size_t width : {8U, 4U, 2U, 1U}) {
    for (const auto& [name, tensor] : tensors) {
      if (static_cast<std::size_t>(tensor.element_size()) != width) continue;
      file.data.push_back(tensor.detach().cpu().contiguous());
      const auto end = file.bytes + tensor.nbytes();
      header[name] = {{"dtype", name_of(tensor.scalar_type())},
                      {"shape", tensor.sizes().vec()},
                      {"data_offsets", {file.bytes, end}}};
      file.bytes = end;
    }
  }
  auto text = header.dump();
  text.resize((text.size() + 7) / 8 * 8, ' ');
  const std::uint64_t length = text.size();
  file.head.assign(reinterpret_cast<const char*>(&length), sizeof length);
  file.head += text;
  return file;
}

}  // namespace

void write_safetensors(const std::filesystem::path& file, const NamedTensors& tensors) {
  const Written written = lay_out(tensors);
  TemporaryFile output(file);
  output.write(written.head.data(), written.head.size());
  for (const auto& tensor : written.data) output.write(tensor.const_data_ptr(), tensor.nbytes());
  output.publish();
}

std::string to_bytes(const NamedTensors& tensors) {
  const Written written = lay_out(tensors);
  std::string bytes = written.head;
  bytes.reserve(bytes.size() + written.bytes);
  for (const auto& tensor : written.data)
    bytes.append(static_cast<const char*>(tensor.const_data_ptr()), tensor.nbytes());
  return bytes;
}

}  // namespace ladcast
