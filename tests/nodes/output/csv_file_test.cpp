#include "nodes/output/csv_file.h"

#include <doctest/doctest.h>

#include <limits>
#include <sstream>

#include "tests/nodes/error_message.h"
#include "tests/temporary_folder.h"

using namespace ladcast;

namespace {

const ScoreRow kRow{parse_time("2002-01-11"),
                    24,
                    "model",
                    "global",
                    {"geopotential", 500, "m2 s-2"},
                    "rmse",
                    "",
                    {},
                    221.6,
                    1.0,
                    2048};

std::string text_of(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE("a row of one initial time is one line") {
  CHECK(csv_line(kRow) ==
        "2002-01-11T00:00:00Z,24,model,global,geopotential,500,rmse,,,221.6,1,2048");
}

TEST_CASE("what is not there is empty") {
  ScoreRow row = kRow;
  row.init.reset();
  row.channel.level.reset();
  row.value = std::numeric_limits<double>::quiet_NaN();
  row.weight = 0.0;
  row.count = 0;
  CHECK(csv_line(row) == ",24,model,global,geopotential,,rmse,,,,0,0");
}

TEST_CASE("a bar of a diagram has an event and a bin") {
  ScoreRow row = kRow;
  row.score = "forecast_share";
  row.event = "> 50000";
  row.bin = 0.02;
  CHECK(csv_line(row) ==
        "2002-01-11T00:00:00Z,24,model,global,geopotential,500,forecast_share,> 50000,0.02,221.6,"
        "1,2048");
}

TEST_CASE("a name with a comma is quoted") {
  ScoreRow row = kRow;
  row.forecast = "old, \"fine\"";
  CHECK(
      csv_line(row) ==
      "2002-01-11T00:00:00Z,24,\"old, \"\"fine\"\"\",global,geopotential,500,rmse,,,221.6,1,2048");
}

TEST_CASE("the file gets its name when it is finished") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "out" / "scores.csv";
  CsvFile file(path);
  file.write({kRow});
  CHECK(!std::filesystem::exists(path));
  file.finish();
  CHECK(text_of(path) == csv_header() + "\n" + csv_line(kRow) + "\n");
}

TEST_CASE("a file that is not finished leaves nothing behind") {
  const TemporaryFolder folder;
  { CsvFile(folder.path() / "scores.csv").write({kRow}); }
  CHECK(std::filesystem::is_empty(folder.path()));
}

TEST_CASE("a folder that cannot be made is named") {
  const TemporaryFolder folder;
  const auto blocked = folder.write("blocked", "a file");
  const auto error = error_of([&] { CsvFile file(blocked / "scores.csv"); });
  CHECK(contains(error, "cannot "));
  CHECK(contains(error, blocked.string()));
}

TEST_CASE("a full disk is an error") {
  if (!std::filesystem::exists("/dev/full")) return;
  const TemporaryFolder folder;
  std::filesystem::create_symlink("/dev/full", folder.path() / "scores.csv.part");
  const auto error = error_of([&] {
    CsvFile file(folder.path() / "scores.csv");
    file.write(std::vector<ScoreRow>(1000, kRow));
    file.finish();
  });
  CHECK(contains(error, "No space left on device"));
}
