#include "graph/disk.h"

#include <doctest/doctest.h>

#include "graph/error.h"
#include "tests/graph/toy_nodes.h"
#include "tests/temporary_folder.h"

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
    return {{*path, false, !path->has("member"), static_cast<std::uint64_t>(*bytes)}};
  }
  void run(Task&) override {}
};

class Reader final : public Node {
  In<Numbers> in{this, "in", "numbers"};
  Out<Numbers> out{this, "out", "numbers", kOptional};
  Param<PathPattern> file{this, "file", "what is read"};
  std::vector<std::filesystem::path> files() const override { return {file->text}; }
  void run(Task&) const override {}
};

Graph graph_of(const std::string& more) {
  const Registration registration({"writer", "", [] { return std::make_unique<Writer>(); }});
  const Registration reading({"reader", "", [] { return std::make_unique<Reader>(); }});
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

TEST_CASE("what a run reads is not written over") {
  const TemporaryFolder folder;
  const auto file = folder.write("20020101T00.nc", "weather");
  const std::string reads =
      "[nodes.look]\ntype = \"reader\"\nin = \"truth\"\nfile = \"" + file.string() + "\"\n";
  const std::string same = (folder.path() / "." / "20020101T00.nc").string();
  CHECK_THROWS_WITH_AS(
      check_inputs_stay(
          graph_of(reads + writer("a", (folder.path() / "." / "{init}.nc").string(), "1"))),
      ("node 'a' would write over " + same + ", which node 'look' reads\n      = write elsewhere")
          .c_str(),
      Error);
  std::filesystem::create_directories(folder.path() / "20020102T00.zarr");
  const auto inside = folder.path() / "20020102T00.zarr" / ".zattrs";
  const std::string reads_store =
      "[nodes.look]\ntype = \"reader\"\nin = \"truth\"\nfile = \"" + inside.string() + "\"\n";
  const std::string stores = (folder.path() / "{init}.zarr").string();
  CHECK_THROWS_AS(check_inputs_stay(graph_of(reads_store + writer("a", stores, "1"))), Error);
  check_inputs_stay(graph_of(reads + writer("a", stores, "1")));
}

TEST_CASE("a part of the members does not take the place of all") {
  const TemporaryFolder folder;
  folder.write("20020101T00.nc", "50 members");
  const Graph graph = graph_of(writer("a", (folder.path() / "{init}.nc").string(), "1"));
  check_parts(graph, false, true);  // a file holds one initial time
  CHECK_THROWS_WITH_AS(check_parts(graph, true, false), doctest::Contains("--only makes a part"),
                       Error);
  check_parts(graph_of(writer("a", (folder.path() / "{init}_{member}.nc").string(), "1")), true,
              false);
}
