#include "nodes/output/grib_file.h"

#include <doctest/doctest.h>

#include "graph/whole_file.h"
#include "tests/nodes/error_message.h"
#include "tests/temporary_folder.h"

using namespace ladcast;

TEST_CASE("a GRIB file and its index get their names when it is finished") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "new" / "20020111T00-006h.grib2";
  GribFile file(path);
  file.append("GRIB…7777", R"("param": "z")");
  file.append("GRIB7777", R"("param": "t")");
  CHECK(file.read_last() == "GRIB7777");
  CHECK(!std::filesystem::exists(path));
  CHECK(file.finish() == 19);
  CHECK(read_whole_file(path) == "GRIB…7777GRIB7777");
  CHECK(read_whole_file(folder.path() / "new" / "20020111T00-006h.index") ==
        "{\"param\": \"z\", \"_offset\": 0, \"_length\": 11}\n"
        "{\"param\": \"t\", \"_offset\": 11, \"_length\": 8}\n");
  CHECK(is_complete_grib(path, 19));
  CHECK_FALSE(is_complete_grib(path, 18));
  CHECK_FALSE(is_complete_grib(folder.path() / "none.grib2", 19));
}

TEST_CASE("a GRIB file that is not finished leaves nothing behind") {
  const TemporaryFolder folder;
  {
    GribFile file(folder.path() / "x.grib2");
    file.append("GRIB7777", "");
    const GribFile moved(std::move(file));
    CHECK_FALSE(std::filesystem::is_empty(folder.path()));
  }
  CHECK(std::filesystem::is_empty(folder.path()));
}

TEST_CASE("a place where no GRIB file can be is one error") {
  const TemporaryFolder folder;
  const auto blocked = folder.write("blocked", "a file");
  CHECK(contains(error_of([&] { GribFile file(blocked / "x.grib2"); }),
                 "cannot create the folder " + blocked.string()));
  CHECK(contains(error_of([&] { GribFile file(folder.path()); }), "it is a folder"));
}

TEST_CASE("a full disk under a GRIB file is one error and leaves nothing behind") {
  if (!std::filesystem::exists("/dev/full")) return;
  const TemporaryFolder folder;
  const auto path = folder.path() / "x.grib2";
  std::filesystem::create_symlink("/dev/full", path.string() + ".part");
  CHECK(error_of([&] {
          GribFile file(path);
          file.append(std::string(100000, 'x'), "");
          file.finish();
        }) == "cannot write " + path.string() + ".part: No space left on device");
  CHECK(std::filesystem::is_empty(folder.path()));
}
