// The pickle of one tensor is a fixed sequence, so it is read as a grammar, not run as a program:
//
//   PROTO 2  'torch._utils _rebuild_tensor_v2'
//   ( ( 'storage'  'torch FloatStorage'  KEY  'cpu'  COUNT ) PERSID
//     OFFSET  SIZES  STRIDES  REQUIRES_GRAD  'collections OrderedDict' () REDUCE ) REDUCE STOP
//
// with memo marks (BINPUT) after many of its items.
#include "nodes/ladcast/pt_file.h"

#include <ATen/ATen.h>

#include <cstring>
#include <string>
#include <vector>

#include "graph/error.h"
#include "nodes/ladcast/file_mapping.h"
#include "nodes/ladcast/zip_file.h"

namespace ladcast {
namespace {

using Bytes = std::span<const std::byte>;

class PickleReader {
 public:
  explicit PickleReader(Bytes bytes) : bytes_(bytes) {}

  void expect(char opcode, std::string_view what) {
    if (next() != opcode) refuse(what);
    skip_memo();
  }

  void expect_protocol() {
    if (next() != '\x80' || next() != '\x02') refuse("pickle protocol 2");
  }

  void expect_global(std::string_view name) {
    const auto found = global();
    if (found != name) fail("it holds '{}', expected '{}': save one plain CPU tensor", found, name);
  }

  std::string global() {
    if (next() != 'c') refuse("the name of a function or class");
    auto name = line();
    name += ' ';
    name += line();
    skip_memo();
    return name;
  }

  std::string text() {
    if (next() != 'X') refuse("a text");
    const auto size = little<std::uint32_t>();
    std::string result;
    for (std::uint32_t i = 0; i < size; ++i) result += next();
    skip_memo();
    return result;
  }

  std::int64_t integer() {
    switch (next()) {
      case 'K':
        return little<std::uint8_t>();
      case 'M':
        return little<std::uint16_t>();
      case 'J':
        return little<std::int32_t>();
      default:
        refuse("a number");
    }
  }

  std::vector<std::int64_t> integers() {
    std::vector<std::int64_t> values;
    if (peek() == ')') {
      next();
      return values;
    }
    const bool marked = peek() == '(';
    if (marked) next();
    while (peek() == 'K' || peek() == 'M' || peek() == 'J') values.push_back(integer());
    const auto end = next();
    // TUPLE1 to TUPLE3 are 0x85 to 0x87.
    const bool closed = marked ? end == 't'
                               : !values.empty() && values.size() <= 3 &&
                                     static_cast<unsigned char>(end) == 0x84U + values.size();
    if (!closed) refuse("a tuple of numbers");
    skip_memo();
    return values;
  }

  void boolean() {
    const auto opcode = next();
    if (opcode != '\x88' && opcode != '\x89') refuse("true or false");
  }

 private:
  [[noreturn]] void refuse(std::string_view expected) const {
    fail("byte {} of its pickle is not {}: only one plain CPU tensor is read", position_ - 1,
         expected);
  }
  char peek() const {
    if (position_ >= bytes_.size()) fail("its pickle is cut off");
    return static_cast<char>(bytes_[position_]);
  }
  char next() {
    const char value = peek();
    ++position_;
    return value;
  }
  template <class T>
  T little() {
    T value{};
    if (bytes_.size() - position_ < sizeof value) fail("its pickle is cut off");
    std::memcpy(&value, bytes_.data() + position_, sizeof value);
    position_ += sizeof value;
    return value;
  }
  std::string line() {
    std::string text;
    for (char c = next(); c != '\n'; c = next()) text += c;
    return text;
  }
  void skip_memo() {
    while (position_ < bytes_.size() && (peek() == 'q' || peek() == 'r'))
      position_ += next() == 'q' ? 1 : 4;
  }

  Bytes bytes_;
  std::size_t position_ = 0;
};

struct StoredTensor {
  at::ScalarType type;
  std::string key;  // of its storage
  std::int64_t count;
  std::int64_t offset;
  std::vector<std::int64_t> sizes;
  std::vector<std::int64_t> strides;
};

StoredTensor parse(Bytes pickle) {
  PickleReader in(pickle);
  StoredTensor tensor;
  in.expect_protocol();
  in.expect_global("torch._utils _rebuild_tensor_v2");
  in.expect('(', "the start of its arguments");
  in.expect('(', "the start of its storage");
  if (in.text() != "storage") fail("its first argument is not a storage");
  const auto storage = in.global();
  if (storage != "torch FloatStorage" && storage != "torch DoubleStorage")
    fail("it holds a '{}'; float32 and float64 tensors are read", storage);
  tensor.type = storage == "torch FloatStorage" ? at::kFloat : at::kDouble;
  tensor.key = in.text();
  if (const auto place = in.text(); place != "cpu")
    fail("its tensor was saved from '{}', expected cpu", place);
  tensor.count = in.integer();
  in.expect('t', "the end of its storage");
  in.expect('Q', "a storage");
  tensor.offset = in.integer();
  tensor.sizes = in.integers();
  tensor.strides = in.integers();
  in.boolean();
  in.expect_global("collections OrderedDict");
  in.expect(')', "an empty dictionary of hooks");
  in.expect('R', "an empty dictionary of hooks");
  in.expect('t', "the end of its arguments");
  in.expect('R', "the call that makes the tensor");
  in.expect('.', "the end");
  return tensor;
}

void check_extent(const StoredTensor& tensor) {
  constexpr std::int64_t kMostValues = std::int64_t{1} << 26;  // strides of 0 repeat those stored
  if (tensor.sizes.size() != tensor.strides.size() || tensor.count < 0 || tensor.offset < 0)
    fail("its sizes, strides, count and offset do not belong together");
  std::int64_t last = tensor.offset;
  std::int64_t values = 1;
  for (std::size_t i = 0; i < tensor.sizes.size(); ++i) {
    // Each value has at most 31 bits, so one product fits; the sum is bounded by the check.
    if (tensor.sizes[i] < 1 || tensor.strides[i] < 0)
      fail("its sizes must be >= 1 and its strides >= 0");
    last += (tensor.sizes[i] - 1) * tensor.strides[i];
    values *= tensor.sizes[i];
    if (last >= tensor.count) fail("its tensor reaches beyond its {} stored values", tensor.count);
    if (values > kMostValues) fail("its tensor has more than {} values", kMostValues);
  }
}

at::Tensor read(const std::filesystem::path& file) {
  const auto mapping = FileMapping::open(file);
  const auto entries = read_zip(mapping->bytes());
  const std::string suffix = "/data.pkl";
  std::string folder;
  for (const auto& [name, data] : entries)
    if (name.ends_with(suffix)) folder = name.substr(0, name.size() - suffix.size());
  const auto entry = [&](const std::string& name) {
    const auto found = entries.find(folder + '/' + name);
    if (found == entries.end()) fail("it has no entry '{}': not a file of torch.save", name);
    return found->second;
  };
  const auto tensor = parse(entry("data.pkl"));
  if (entries.contains(folder + "/byteorder") &&
      entry("byteorder").size() != std::string_view("little").size())
    fail("it is stored in big-endian order");
  check_extent(tensor);
  const auto data = entry("data/" + tensor.key);
  const auto options = at::TensorOptions(tensor.type);
  if (data.size() != static_cast<std::size_t>(tensor.count) * c10::elementSize(tensor.type))
    fail("its storage has {} bytes, expected {} values", data.size(), tensor.count);
  auto storage = at::empty({tensor.count}, options);
  std::memcpy(storage.data_ptr(), data.data(), data.size());
  return storage.as_strided(tensor.sizes, tensor.strides, tensor.offset).contiguous();
}

}  // namespace

at::Tensor read_pt(const std::filesystem::path& file) {
  try {
    return read(file);
  } catch (const Error& error) {
    throw error.in(file.string());
  }
}

}  // namespace ladcast
