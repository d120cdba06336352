#include "nodes/ladcast/pt_file.h"

#include <ATen/ATen.h>
#include <doctest/doctest.h>

#include <cstdint>

#include "tests/nodes/error_message.h"
#include "tests/temporary_folder.h"

namespace ladcast {
namespace {

template <class T>
std::string bytes(T value) {
  return {reinterpret_cast<const char*>(&value), sizeof value};
}

std::uint32_t checksum(const std::string& data) {
  std::uint32_t sum = ~0U;
  for (const char c : data) {
    sum ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) sum = (sum & 1U) != 0 ? (sum >> 1) ^ 0xEDB88320U : sum >> 1;
  }
  return ~sum;
}

using Entries = std::vector<std::pair<std::string, std::string>>;

std::string zip(const Entries& entries, std::uint16_t method = 0) {
  std::string archive;
  std::string directory;
  for (const auto& [name, data] : entries) {
    const auto size = static_cast<std::uint32_t>(data.size());
    const auto common = bytes<std::uint16_t>(0) + bytes(method) + bytes<std::uint32_t>(0) +
                        bytes(checksum(data)) + bytes(size) + bytes(size) +
                        bytes(static_cast<std::uint16_t>(name.size())) + bytes<std::uint16_t>(0);
    directory += bytes<std::uint32_t>(0x02014b50) + bytes<std::uint32_t>(0) + common +
                 std::string(10, '\0') + bytes(static_cast<std::uint32_t>(archive.size())) + name;
    archive += bytes<std::uint32_t>(0x04034b50) + bytes<std::uint16_t>(0) + common + name + data;
  }
  const auto count = static_cast<std::uint16_t>(entries.size());
  const auto start = static_cast<std::uint32_t>(archive.size());
  return archive + directory + bytes<std::uint32_t>(0x06054b50) + bytes<std::uint32_t>(0) +
         bytes(count) + bytes(count) + bytes(static_cast<std::uint32_t>(directory.size())) +
         bytes(start) + bytes<std::uint16_t>(0);
}

// A pickle as torch.save writes it: a tensor (2, 3) over `count` values with the given strides.
std::string pickle(const std::string& storage, char count, const std::string& strides) {
  using namespace std::string_literals;
  return "\x80\x02"
         "ctorch._utils\n_rebuild_tensor_v2\nq\x00((X\x07\x00\x00\x00storageq\x01"s +
         "ctorch\n" + storage +
         "\nq\x02X\x01\x00\x00\x00"
         "0q\x03X\x03\x00\x00\x00"
         "cpuq\x04K"s +
         count + "tq\x05QK\x00K\x02K\x03\x86q\x06"s + strides +
         "\x86q\x07\x89"
         "ccollections\nOrderedDict\nq\x08)Rq\x09tq\x0aRq\x0b."s;
}

std::string six_floats() {
  std::string data;
  for (int i = 0; i < 6; ++i) data += bytes(static_cast<float>(i));
  return data;
}

Entries entries(const std::string& program, const std::string& data) {
  return {{"x/data.pkl", program}, {"x/byteorder", "little"}, {"x/data/0", data}};
}

const std::string kRows = "K\x03K\x01";
const std::string kColumns = "K\x01K\x02";

std::string error_for(const std::string& archive) {
  const TemporaryFolder folder;
  const auto file = folder.write("field.pt", archive);
  return error_of([&] { read_pt(file); });
}

TEST_CASE("a tensor is read with its strides") {
  const TemporaryFolder folder;
  const auto rows =
      read_pt(folder.write("a.pt", zip(entries(pickle("FloatStorage", 6, kRows), six_floats()))));
  const auto columns = read_pt(
      folder.write("b.pt", zip(entries(pickle("FloatStorage", 6, kColumns), six_floats()))));
  CHECK(at::equal(rows, at::tensor({0.F, 1.F, 2.F, 3.F, 4.F, 5.F}).view({2, 3})));
  CHECK(at::equal(columns, at::tensor({0.F, 2.F, 4.F, 1.F, 3.F, 5.F}).view({2, 3})));
  CHECK(columns.is_contiguous());
}

TEST_CASE("other contents are refused, each with its reason") {
  const auto good = pickle("FloatStorage", 6, kRows);
  CHECK(contains(error_for("not a zip archive, but long enough"),
                 "field.pt: it is not a zip archive"));
  CHECK(contains(error_for(zip({{"x/version", "3"}})), "no entry 'data.pkl'"));
  CHECK(contains(error_for(zip(entries(good, six_floats()), 8)), "compressed"));
  CHECK(contains(error_for(zip(entries(pickle("HalfStorage", 6, kRows), six_floats()))),
                 "torch HalfStorage"));
  CHECK(contains(error_for(zip(entries(good, "short"))), "5 bytes"));
  CHECK(contains(error_for(zip(entries(pickle("FloatStorage", 6, "K\x09K\x01"), six_floats()))),
                 "reaches beyond"));
  CHECK(contains(error_for(zip(entries("\x80\x02"
                                       "cos\nsystem\n",
                                       six_floats()))),
                 "it holds 'os system'"));
  CHECK(contains(
      error_for(zip({{"x/data.pkl", good}, {"x/byteorder", "big"}, {"x/data/0", six_floats()}})),
      "big-endian"));
  for (std::size_t size = 0; size < good.size(); ++size)
    CHECK_FALSE(error_for(zip(entries(good.substr(0, size), six_floats()))).empty());
}

TEST_CASE("a damaged archive is refused") {
  auto archive = zip(entries(pickle("FloatStorage", 6, kRows), six_floats()));
  for (std::size_t size = 0; size < archive.size(); ++size)
    CHECK_FALSE(error_for(archive.substr(0, size)).empty());
  archive[archive.find("FloatStorage")] = 'f';
  CHECK(contains(error_for(archive), "checksum"));
}

}  // namespace
}  // namespace ladcast
