#include "graph/npy.h"

#include <doctest/doctest.h>

#include <array>
#include <cstring>
#include <iterator>

#include "graph/error.h"
#include "tests/temporary_folder.h"

using namespace ladcast;

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
