#include "nodes/ingest/opened_files.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <thread>

#include "nodes/ingest/cf_files.h"
#include "nodes/ingest/netcdf_file.h"
#include "tests/nodes/error_message.h"
#include "tests/nodes/ingest/netcdf_writer.h"
#include "tests/temporary_folder.h"

using namespace ladcast;

namespace {

std::atomic<int> opened = 0, alive = 0;

/// Counts those that are open, and holds nothing.
class CountedFiles final : public FieldFiles {
 public:
  CountedFiles() {
    ++opened;
    ++alive;
  }
  ~CountedFiles() override { --alive; }
  Fields read(const FieldsRequest&) const override { return {}; }
  void require(const FieldsRequest&) const override {}
  std::set<Time> times_of(const Channel&) const override { return {}; }
  Grid grid_of(const Channel&, const std::optional<Grid>&) const override { return {}; }
};

std::unique_ptr<const FieldFiles> open_counted(const std::filesystem::path& path) {
  if (path == "none") fail("there is none");
  return std::make_unique<const CountedFiles>();
}

/// One time of one variable, of value `hour` at its four points.
void write_hour(const std::filesystem::path& path, int hour) {
  NetcdfWriter file(path);
  file.dimension("time", 1);
  file.dimension("lat", 2);
  file.dimension("lon", 2);
  file.variable("time", NC_INT, {"time"}, {static_cast<double>(hour)},
                {{"units", "hours since 2002-01-11"}});
  file.variable("lat", NC_DOUBLE, {"lat"}, {-45, 45}, {{"units", "degrees_north"}});
  file.variable("lon", NC_DOUBLE, {"lon"}, {0, 180}, {{"units", "degrees_east"}});
  file.variable("t2m", NC_FLOAT, {"time", "lat", "lon"},
                std::vector<double>(4, static_cast<double>(hour)), {{"units", "K"}});
  file.close();
}

std::size_t open_below(const std::filesystem::path& folder) {
  std::size_t count = 0;
  for (const auto& each : std::filesystem::directory_iterator("/proc/self/fd")) {
    std::error_code failed;
    const auto target = std::filesystem::read_symlink(each, failed);
    if (target.string().starts_with(folder.string())) ++count;
  }
  return count;
}

}  // namespace

TEST_CASE("files of one path are opened once for each task that reads them at the same time") {
  opened = 0;
  OpenedFiles files(open_counted);
  for (int message = 0; message < 5; ++message) static_cast<void>(files.at("a"));
  CHECK(opened == 1);
  {
    const auto first = files.at("a"), second = files.at("a");
    CHECK(&*first != &*second);
  }
  CHECK(opened == 2);
  CHECK(alive == 2);
  {
    const auto late = files.at("a");
    static_cast<void>(files.at("b"));
    CHECK(alive == 2);  // the other one of "a" is closed
  }
  CHECK(alive == 1);
  CHECK(contains(error_of([&] { static_cast<void>(files.at("none")); }), "there is none"));
  files.close();
  CHECK(alive == 0);
}

TEST_CASE("threads never share opened files") {
  OpenedFiles files(open_counted);
  std::mutex mutex;
  std::set<const FieldFiles*> used;
  bool shared = false;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&, i] {
      for (int message = 0; message < 200; ++message) {
        const auto lease = files.at(i == 3 && message % 50 == 0 ? "b" : "a");
        const FieldFiles* mine = &*lease;
        {
          const std::lock_guard lock(mutex);
          shared |= !used.insert(mine).second;
        }
        std::this_thread::yield();
        const std::lock_guard lock(mutex);
        used.erase(mine);
      }
    });
  for (auto& thread : threads) thread.join();
  CHECK_FALSE(shared);
  CHECK(alive <= 4);
}

TEST_CASE("of many NetCDF files that are read as one, one is open") {
  const TemporaryFolder folder;
  constexpr int kFiles = 12;
  for (int hour = 0; hour < kFiles; ++hour)
    write_hour(folder.path() / fmt::format("{:02}.nc", hour), hour);
  const CfFiles files(folder.path() / "*.nc", open_netcdf);
  CHECK(open_below(folder.path()) <= 1);
  const Channel temperature{"2m_temperature", {}, "K"};
  for (const int hour : {3, 4, 4, 0, 11}) {
    const Fields fields = files.read({{temperature}, parse_time("2002-01-11"), hour, {}, {}});
    CHECK(fields.values == std::vector(4, static_cast<float>(hour)));
    CHECK(open_below(folder.path()) == 1);
  }
  CHECK(files.times_of(temperature).size() == kFiles);
  CHECK(open_below(folder.path()) <= 1);
}
