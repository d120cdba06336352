#include "graph/new_files.h"

#include <doctest/doctest.h>

#include <fstream>

#include "graph/registry.h"
#include "tests/nodes/error_message.h"
#include "tests/temporary_folder.h"

using namespace ladcast;

namespace {

std::string text_of(const std::filesystem::path& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// A tree with one folder of nodes.
struct Tree {
  TemporaryFolder folder;
  std::filesystem::path nodes =
      folder.write("nodes/verify/CMakeLists.txt",
                   "add_library(ladcast_verify OBJECT\n  bias.cpp\n  scores.cpp)\ntarget()\n");
  std::filesystem::path tests = folder.write(
      "tests/nodes/verify/CMakeLists.txt",
      "add_test_program(verify_tests fast\n  bias_test.cpp\n  LIBRARIES ladcast_verify)\n");
};

}  // namespace

TEST_CASE("a new node is a source, a test and an entry in each list, in order") {
  const Tree tree;
  const auto root = tree.folder.path();
  CHECK(new_node("rank_histogram", "verify", root) ==
        std::vector<std::filesystem::path>{root / "nodes/verify/rank_histogram.cpp",
                                           root / "tests/nodes/verify/rank_histogram_test.cpp",
                                           tree.nodes, tree.tests});
  CHECK(text_of(tree.nodes) ==
        "add_library(ladcast_verify OBJECT\n  bias.cpp\n  rank_histogram.cpp\n  "
        "scores.cpp)\ntarget()\n");
  CHECK(
      text_of(tree.tests) ==
      "add_test_program(verify_tests fast\n  bias_test.cpp\n  rank_histogram_test.cpp\n  LIBRARIES "
      "ladcast_verify)\n");
  CHECK(contains(text_of(root / "nodes/verify/rank_histogram.cpp"),
                 "LADCAST_NODE(RankHistogram, \"rank_histogram\", "));
  CHECK(contains(text_of(root / "tests/nodes/verify/rank_histogram_test.cpp"),
                 "Harness(\"rank_histogram\")"));
  new_node("zonal_mean", "verify", root);
  CHECK(contains(text_of(tree.nodes), "  scores.cpp\n  zonal_mean.cpp)\ntarget()\n"));
}

TEST_CASE("a new plugin is a folder that needs nothing else") {
  const TemporaryFolder folder;
  const auto root = folder.path() / "heat";
  CHECK(new_plugin("heat", root).size() == 5);
  CHECK(text_of(root / "CMakeLists.txt").find("add_plugin(heat heat.cpp)") != std::string::npos);
  CHECK(text_of(root / "heat.cpp").ends_with("LADCAST_PLUGIN(\"heat\", \"1.0\");\n"));
  for (const auto& entry : std::filesystem::directory_iterator(root))
    CHECK(text_of(entry.path()).find('@') == std::string::npos);
}

TEST_CASE("bad names and existing files are refused before anything is written") {
  const Tree tree;
  const auto root = tree.folder.path();
  const auto node_error = [&](const std::string& name, const std::string& folder) {
    return error_of([&] { new_node(name, folder, root); });
  };
  CHECK(node_error("2fast", "verify") ==
        "'2fast' is no name for a node\n      = use small letters, digits and _, a letter first");
  CHECK(contains(node_error("test", "verify"), "'test' is a target of every CMake build"));
  const Registration taken(NodeType{"taken", "", nullptr});
  CHECK(contains(node_error("taken", "verify"), "there is a node type 'taken' already"));
  CHECK(contains(node_error("fine", "nowhere"),
                 "/nodes/nowhere/CMakeLists.txt\n      = stand in the tree"));
  tree.folder.write("nodes/verify/CMakeLists.txt", "add_library(other OBJECT\n  bias.cpp)\n");
  CHECK(contains(node_error("fine", "verify"), "has no list of sources that starts with"));
  const auto existing = tree.folder.write("heat/README.md", "mine");
  CHECK(error_of([&] { new_plugin("heat", root / "heat"); }) ==
        existing.string() +
            " exists\n      = nothing is overwritten; remove it or take another name");
  CHECK_FALSE(std::filesystem::exists(root / "heat/heat.cpp"));
  CHECK_FALSE(std::filesystem::exists(root / "nodes/verify/fine.cpp"));
}
