#include "graph/disk.h"

#include <doctest/doctest.h>

#include "graph/error.h"
#include "tests/graph/toy_nodes.h"

using namespace ladcast;

namespace {

/// Claims as many bytes as it is told.
class Writer final : public Ordered {
 public:
  Writer() : Ordered(Within::item) {}

 private:
  In<Numbers> in{this, "in", "numbers"};
  Param<PathPattern> path{this, "path", "where to write"};
  Param<double> bytes{this, "bytes", "of all files"};
  std::vector<Claim> claims() const override {
    return {{*path, false, false, static_cast<std::uint64_t>(*bytes)}};
  }
  void run(Task&) override {}
};

Graph graph_of(const std::string& more) {
  const Registration registration({"writer", "", [] { return std::make_unique<Writer>(); }});
  return build_graph(parse_pipeline(toy::head(3, 4, 2, 5, "") + R"(
[nodes.truth]
type = "toy_truth"
members = true
)" + more,
                                    "disk.toml"));
}

std::string writer(const std::string& name, const std::string& path, const std::string& bytes) {
  return "[nodes." + name + "]\ntype = \"writer\"\nin = \"truth\"\npath = \"" + path +
         "\"\nbytes = " + bytes + "\n";
}

}  // namespace

TEST_CASE("planned files are counted by the axes that their names hold") {
  const auto files =
      planned_files(graph_of(writer("a", "/nowhere/out/{init}_{member}_{lead}.nc", "1e3")));
  REQUIRE(files.size() == 1);
  CHECK(files[0].node == "a");
  CHECK(files[0].count == 3 * 4 * 5);
  CHECK(files[0].bytes == 1000);
}

TEST_CASE("files on one disk are added up, and folders need not be there yet") {
  const auto disks = volumes(graph_of(writer("a", "/nowhere/{init}_{member}.nc", "1e3") +
                                      writer("b", "/nowhere/at/all/{init}_{member}.nc", "500")));
  REQUIRE(disks.size() == 1);
  CHECK(disks[0].folder == "/");
  CHECK(disks[0].needed == 1500);
  CHECK(disks[0].available > 0);
  check_disk(disks);
}

TEST_CASE("a run that does not fit on the disk is refused") {
  CHECK_THROWS_WITH_AS(
      check_disk({{"/data", std::uint64_t{3} << 30, std::uint64_t{1} << 30}}),
      "the run writes about 3.0 GiB to the disk of /data, which has 1.0 GiB free\n"
      "      = free some space, or write elsewhere, fewer members, leads or initial times",
      Error);
}
