#include "graph/whole_file.h"

#include <doctest/doctest.h>

#include "graph/error.h"
#include "tests/temporary_folder.h"

using namespace ladcast;

TEST_CASE("a whole file is written into a folder that is made for it") {
  const TemporaryFolder folder;
  const auto file = folder.path() / "new" / "newer" / "table.csv";
  write_whole_file(file, {"one, ", "two"});
  CHECK(read_whole_file(file) == "one, two");
  CHECK_FALSE(std::filesystem::exists(file.string() + ".partial"));
}

TEST_CASE("where no folder can be made, the error names it") {
  const TemporaryFolder folder;
  const auto blocked = folder.write("blocked", "a file");
  std::string message;
  try {
    write_whole_file(blocked / "table.csv", {"one"});
  } catch (const Error& error) {
    message = error.what();
  }
  CHECK(message == "cannot create the folder " + blocked.string() + ": Not a directory");
}
