#include "nodes/ladcast/pt_file.h"

#include <ATen/ATen.h>
#include <doctest/doctest.h>

#include "tests/nodes/error_message.h"
#include "tests/nodes/ladcast/zip_writer.h"
#include "tests/temporary_folder.h"

namespace ladcast {
namespace {

std::string six_floats() {
  std::string data;
  for (int i = 0; i < 6; ++i) data += bytes_of(static_cast<float>(i));
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
  const std::string billions = "J\xff\xff\xff\x7fJ\xff\xff\xff\x7f";
  const auto one = pickle("FloatStorage", 6, std::string("K\0K\0", 4), billions);
  CHECK(contains(error_for(zip(entries(one, six_floats()))), "more than 67108864 values"));
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
  auto twice = zip({{"a", std::string(1000, 'a')}});
  const auto header = twice.rfind("PK\1\2"), end = twice.rfind("PK\5\6");
  twice.replace(end + 10, 2, bytes_of(std::uint16_t{2}));
  twice.insert(end, twice.substr(header, end - header));
  CHECK(contains(error_for(twice), "entry 'a': it overlaps others"));
  archive[archive.find("FloatStorage")] = 'f';
  CHECK(contains(error_for(archive), "checksum"));
}

}  // namespace
}  // namespace ladcast
