#include "graph/npy.h"

#include <doctest/doctest.h>

#include <array>
#include <cstring>
#include <iterator>

#include "graph/error.h"
#include "tests/temporary_folder.h"

using namespace ladcast;

namespace {

/// A file with this header, as NumPy writes it, and these bytes.
std::filesystem::path file_of(const TemporaryFolder& folder, const std::string& header,
                              const std::string& bytes) {
  std::string start("\x93NUMPY\x01\x00", 8);
  start += static_cast<char>(header.size());
  return folder.write("a.npy", start + '\0' + header + bytes);
}

std::string refusal(const std::filesystem::path& file) {
  try {
    NpyFile::open(file);
  } catch (const Error& error) {
    return error.what();
  }
  return "not refused";
}

}  // namespace

TEST_CASE("the header of an .npy file is what NumPy 1.26 writes") {
  const std::string header = npy_header({2, 3});
  REQUIRE(header.size() == 128);
  CHECK(header.substr(0, 10) == std::string("\x93NUMPY\x01\x00\x76\x00", 10));
  CHECK(header.substr(10, 60) == "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), } ");
  CHECK(header.back() == '\n');
}

TEST_CASE("shapes of one and no dimension are Python tuples") {
  CHECK(npy_header({7}).find("'shape': (7,), }") != std::string::npos);
  CHECK(npy_header({}).find("'shape': (), }") != std::string::npos);
}

TEST_CASE("headers of any length end at a multiple of 64") {
  std::vector<std::size_t> shape;
  for (int i = 0; i < 40; ++i) {
    CHECK(npy_header(shape).size() % 64 == 0);
    shape.push_back(123);
  }
}

TEST_CASE("a file holds the header and then the numbers in C order") {
  const TemporaryFolder folder;
  const auto file = folder.path() / "a.npy";
  const std::array<float, 6> values{1, 2, 3, 4, 5, 6.5F};
  write_npy(file, values, {2, 3});
  std::ifstream in(file, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  REQUIRE(bytes.size() == 128 + sizeof values);
  CHECK(bytes.substr(0, 128) == npy_header({2, 3}));
  CHECK(std::memcmp(bytes.data() + 128, values.data(), sizeof values) == 0);
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 1);
}

TEST_CASE("a file that cannot be written is named and leaves nothing behind") {
  const TemporaryFolder folder;
  const auto file = folder.path() / "taken";
  std::filesystem::create_directory(file);
  CHECK_THROWS_WITH_AS(write_npy(file, {}, {0}),
                       doctest::Contains(("cannot write " + file.string()).c_str()), Error);
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 1);
}

TEST_CASE("parts of a file are written and read alone") {
  const TemporaryFolder folder;
  const auto file = folder.path() / "a.npy";
  std::array<float, 6> values{1, 2, 3, 4, 5, 6.5F};
  {
    const NpyFile made = NpyFile::create(file, {2, 3});
    made.write(3, std::span(values).subspan(3));
  }
  {
    const NpyFile more = NpyFile::open_to_write(file);
    more.write(0, std::span(values).first(2));
    more.sync();
  }
  values[2] = 0;  // never written
  const auto same = folder.path() / "b.npy";
  write_npy(same, values, {2, 3});
  std::ifstream one(file, std::ios::binary), other(same, std::ios::binary);
  CHECK(std::string(std::istreambuf_iterator<char>(one), {}) ==
        std::string(std::istreambuf_iterator<char>(other), {}));
  const NpyFile read = NpyFile::open(file);
  CHECK(read.shape() == std::vector<std::size_t>{2, 3});
  std::array<float, 2> last{};
  read.read(4, last);
  CHECK(last == std::array{5.0F, 6.5F});
  CHECK_THROWS_WITH_AS(read.read(5, last), doctest::Contains("it ends early"), Error);
}

TEST_CASE("float64 and later format versions are read") {
  const TemporaryFolder folder;
  const std::array<double, 2> values{0.5, -3};
  const std::string bytes(reinterpret_cast<const char*>(values.data()), sizeof values);
  const std::string header = "{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }\n";
  std::array<float, 2> read{};
  NpyFile::open(file_of(folder, header, bytes)).read(0, read);
  CHECK(read == std::array{0.5F, -3.0F});
  for (const char version : {'\x02', '\x03'}) {
    const std::string start = std::string("\x93NUMPY") + version + '\0' +
                              static_cast<char>(header.size()) + std::string(3, '\0');
    read = {};
    NpyFile::open(folder.write("b.npy", start + header + bytes)).read(0, read);
    CHECK(read == std::array{0.5F, -3.0F});
  }
}

TEST_CASE("a file that cannot be read says why") {
  const TemporaryFolder folder;
  const auto why = [&](const std::string& type, const char* fortran, const char* shape) {
    return refusal(file_of(
        folder,
        "{'descr': " + type + ", 'fortran_order': " + fortran + ", 'shape': " + shape + ", }\n",
        std::string(24, '\0')));
  };
  const auto has = [](const std::string& text, const char* part) {
    return text.find(part) != std::string::npos;
  };
  CHECK(why("'<f4'", "False", "(2, 3)") == "not refused");
  CHECK(why("'<f4'", "False", "()") == "not refused");
  CHECK(why("'<f4'", "False", "(0, 7)") == "not refused");
  CHECK(has(why("'<f4'", "True", "(2, 3)"), "np.ascontiguousarray"));
  CHECK(has(why("'>f4'", "False", "(2, 3)"), "its numbers are of type '>f4'"));
  CHECK(has(why("[('x', '<f4')]", "False", "(2, 3)"), "its numbers are of type ''"));
  CHECK(has(why("'<f4'", "False", "(2, 4)"), "it is cut off: "));
  CHECK(has(why("'<f8'", "False", "(2, 3)"), "are too few for (2, 3) numbers of type '<f8'"));
  CHECK(has(why("'<f4'", "False", "(4294967296, 4294967296)"), "it is cut off: "));
  CHECK(has(why("'<f4'", "False", "(99999999999999999999,)"), "its shape is damaged"));
  CHECK(has(why("'<f4'", "False", "7"), "its header has no shape"));
  CHECK(has(refusal(folder.write("c.npy", "CDF\x01")), "it is no .npy file"));
  CHECK(has(refusal(folder.write("d.npy", "PK\x03\x04 and more")), "an .npz archive"));
  CHECK(has(refusal(folder.write("e.npy", std::string("\x93NUMPY\x01\x00\xff\x00{'d", 13))),
            "it is cut off within its header"));
  CHECK(has(refusal(folder.path() / "none.npy"), "No such file"));
  CHECK(has(refusal(folder.path()), "Is a directory"));
}
