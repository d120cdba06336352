#include "nodes/output/forecast_file.h"

#include <doctest/doctest.h>
#include <sys/resource.h>

#include <cmath>
#include <csignal>
#include <fstream>
#include <iterator>

#include "nodes/ingest/cf_fields.h"
#include "nodes/ingest/netcdf_file.h"
#include "tests/nodes/error_message.h"
#include "tests/temporary_folder.h"

using namespace ladcast;

namespace {

const std::vector<Channel> kChannels = {{"temperature", 500, "K"},
                                        {"temperature", 850, "K"},
                                        {"specific_humidity", 850, "kg kg-1"},
                                        {"2m_temperature", {}, "K"},
                                        {"total_precipitation_6hr", {}, "m"}};

/// Numbers that tell member, lead, channel and point.
Fields numbered(std::vector<int> members, std::vector<int> leads) {
  Fields fields{{{-45, 0, 45}, {0, 90, 180, 270}},
                kChannels,
                parse_time("2002-01-11"),
                std::move(leads),
                std::move(members),
                false,
                {}};
  fields.allocate();
  for (std::size_t m = 0; m < fields.members.size(); ++m) {
    for (std::size_t l = 0; l < fields.lead_hours.size(); ++l) {
      for (std::size_t c = 0; c < fields.channels.size(); ++c) {
        float point = 0;
        for (float& value : fields.map(m, l, c)) {
          value = static_cast<float>(fields.members[m]) * 1e5F +
                  static_cast<float>(fields.lead_hours[l]) * 1e3F + static_cast<float>(c) * 1e2F +
                  point++;
        }
      }
    }
  }
  return fields;
}

ForecastFileSpec spec_of(ForecastLayout layout, std::vector<int> members, std::vector<int> leads) {
  const Fields like = numbered({1}, {0});
  return {layout,           like.grid,          like.channels, like.init,
          std::move(leads), std::move(members), false,         {}};
}

FieldsRequest request(int lead_hours, std::vector<int> members) {
  return {kChannels, parse_time("2002-01-11"), lead_hours, numbered({1}, {0}).grid,
          std::move(members)};
}

std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("members and leads written in any order are read back where they belong") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "new/forecast.nc";
  ForecastFile file(path, spec_of(ForecastLayout::single, {1, 2, 3}, {0, 6, 12}));
  file.write(numbered({2, 3}, {6, 12}));
  file.write(numbered({1}, {12}));
  file.write(numbered({3, 2}, {0}));
  CHECK_FALSE(std::filesystem::exists(path));
  file.finish();
  const CfFields stored(open_netcdf(path));
  CHECK(stored.read(request(6, {2})).values == numbered({2}, {6}).values);
  CHECK(stored.read(request(12, {})).values == numbered({1, 2, 3}, {12}).values);
  CHECK(stored.read(request(0, {3})).values == numbered({3}, {0}).values);
  CHECK(std::isnan(stored.read(request(0, {1})).values.front()));
}

TEST_CASE("a file for each member has time as its axis and the member as a scalar") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "member_7.nc";
  ForecastFile file(path, spec_of(ForecastLayout::members, {7}, {0, 6}));
  file.write(numbered({7}, {0, 6}));
  file.finish();
  const CfFields stored(open_netcdf(path));
  const Fields read = stored.read(request(6, {}));
  CHECK(read.members == std::vector{7});
  CHECK(read.values == numbered({7}, {6}).values);
  FieldsRequest truth = request(0, {});
  truth.init = parse_time("2002-01-11T06");
  CHECK(stored.read(truth).values == numbered({7}, {6}).values);
}

TEST_CASE("statistics of the ensemble have no member and say what they are") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "statistics.nc";
  Fields fields = numbered({0}, {6});
  for (Channel& channel : fields.channels)
    channel.statistic = Statistic{Statistic::Kind::standard_deviation};
  ForecastFile file(path, {ForecastLayout::single,
                           fields.grid,
                           fields.channels,
                           fields.init,
                           {6},
                           {0},
                           false,
                           {{"title", "spread"}}});
  file.write(fields);
  file.finish();
  const NetcdfFile stored(path);
  const CfVariable* spread = stored.find("t2m_stdev");
  REQUIRE(spread);
  CHECK(spread->dimensions.size() == 3);
  CHECK(stored.text(*spread, "cell_methods") == "number: standard_deviation");
  CHECK(stored.text(*stored.find("tp_stdev"), "cell_methods") ==
        "step: sum number: standard_deviation");
  CHECK(stored.text(*stored.find("q_stdev"), "long_name") ==
        "ensemble standard deviation of specific humidity");
  CHECK(stored.find("q_stdev")->dimensions[1].name == "level_q_stdev");
}

TEST_CASE("equal writes give equal bytes") {
  const TemporaryFolder folder;
  for (const char* name : {"a.nc", "b.nc"}) {
    ForecastFile file(folder.path() / name, spec_of(ForecastLayout::single, {1, 2}, {0, 6}));
    file.write(numbered({1, 2}, {0}));
    file.write(numbered({1, 2}, {6}));
    file.finish();
  }
  CHECK(bytes_of(folder.path() / "a.nc") == bytes_of(folder.path() / "b.nc"));
}

TEST_CASE("a file that was not finished leaves nothing behind") {
  const TemporaryFolder folder;
  {
    ForecastFile file(folder.path() / "x.nc", spec_of(ForecastLayout::single, {1}, {0}));
    file.write(numbered({1}, {0}));
    CHECK_FALSE(std::filesystem::is_empty(folder.path()));
  }
  CHECK(std::filesystem::is_empty(folder.path()));
}

TEST_CASE("fields that do not belong to the file are refused") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "x.nc";
  ForecastFile file(path, spec_of(ForecastLayout::single, {1, 2}, {0, 6}));
  const std::string name = path.string() + ": ";
  CHECK(error_of([&] { file.write(numbered({3}, {0})); }) == name + "the file has no member 3");
  CHECK(error_of([&] { file.write(numbered({1}, {18})); }) ==
        name + "the file has no lead hour 18");
  Fields other = numbered({1}, {0});
  other.normalised = true;
  CHECK(error_of([&] { file.write(other); }) ==
        name + "the fields are normalised, the file is not");
  other = numbered({1}, {0});
  other.channels[0].level = 925;
  CHECK(error_of([&] { file.write(other); }) == name + "the file has no level 925");
  CHECK(contains(error_of([&] {
                   ForecastFile bad(path, spec_of(ForecastLayout::members, {1, 2}, {0}));
                 }),
                 "holds one member in a file, not 2"));
}

TEST_CASE("a place that cannot be written is one error") {
  const TemporaryFolder folder;
  const auto file = folder.write("file", "");
  CHECK(contains(
      error_of([&] { ForecastFile bad(file / "x.nc", spec_of(ForecastLayout::single, {1}, {0})); }),
      "cannot create the folder " + file.string()));
}

TEST_CASE("a file that cannot grow, as on a full disk, is one error and leaves nothing behind") {
  const TemporaryFolder folder;
  rlimit before{};
  REQUIRE(getrlimit(RLIMIT_FSIZE, &before) == 0);
  std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{20000, before.rlim_max};
  REQUIRE(setrlimit(RLIMIT_FSIZE, &small) == 0);
  const std::string message = error_of([&] {
    std::vector<int> leads(100);
    for (std::size_t i = 0; i < leads.size(); ++i) leads[i] = static_cast<int>(6 * i);
    ForecastFile file(folder.path() / "x.nc", spec_of(ForecastLayout::single, {1}, leads));
    file.write(numbered({1}, leads));
    file.finish();
  });
  setrlimit(RLIMIT_FSIZE, &before);
  CHECK(contains(message, "x.nc.part: NetCDF: HDF error"));
  CHECK(std::filesystem::is_empty(folder.path()));
}
