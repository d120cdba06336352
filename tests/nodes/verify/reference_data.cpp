#include "tests/nodes/verify/reference_data.h"

#include <doctest/doctest.h>

#include <fstream>
#include <limits>
#include <map>

#include "nodes/ingest/cf_fields.h"
#include "nodes/ingest/grib_fields.h"
#include "nodes/ingest/grib_message.h"
#include "nodes/ingest/netcdf_file.h"
#include "tests/nodes/data_folder.h"

namespace ladcast {

nlohmann::json read_reference(const std::string& name) {
  const auto path = data_file("reference/" + name);
  if (!path) return {};
  std::ifstream file(*path);
  return nlohmann::json::parse(file);
}

Fields member_of(const Fields& all, std::size_t member) {
  Fields one{all.grid, all.channels, all.init, all.lead_hours, {0}, false, {}};
  const auto size = static_cast<std::ptrdiff_t>(all.values.size() / all.members.size());
  const auto start = all.values.begin() + size * static_cast<std::ptrdiff_t>(member);
  one.values.assign(start, start + size);
  return one;
}

std::vector<Era5> era5() {
  const auto file = data_folder() / "cfgrib/era5-levels-members.grib";
  FieldsRequest request;
  request.channels = {{"geopotential", 500, "m2 s-2"},
                      {"geopotential", 850, "m2 s-2"},
                      {"temperature", 500, "K"},
                      {"temperature", 850, "K"}};
  request.init = parse_time("2017-01-01T00");
  const Fields like = GribFiles(file).read(request);
  REQUIRE(like.members.size() == 10);
  const std::size_t points = like.grid.points();
  std::map<Time, std::vector<double>> times;  // as Fields::values
  GribReader reader(file);
  while (const auto message = reader.next()) {
    auto& values = times[message->valid()];
    values.resize(like.values.size());
    const auto map = message->values(std::numeric_limits<double>::quiet_NaN());
    const auto channel = static_cast<std::size_t>(2 * (message->text("shortName") == "t") +
                                                  (message->whole("level") == 850));
    const auto member = static_cast<std::size_t>(message->whole("number"));
    const std::size_t columns = like.grid.columns(), rows = like.grid.rows();
    for (std::size_t i = 0; i < points; ++i)  // from north to south there
      values[(member * 4 + channel) * points + (rows - 1 - i / columns) * columns + i % columns] =
          map[i];
  }
  REQUIRE(times.size() == 4);
  const std::size_t size = 4 * points;  // of a member
  std::vector<double> mean(size, 0.0);
  for (const auto& [time, values] : times)
    for (std::size_t i = size; i < values.size(); ++i) mean[i % size] += values[i] / 36.0;
  std::vector<Era5> all;
  for (const auto& [time, values] : times) {
    Era5 one{like, member_of(like, 0)};
    one.members.init = one.climatology.init = time;
    for (std::size_t i = 0; i < values.size(); ++i)
      one.members.values[i] = static_cast<float>(values[i] - values[i % size]);
    for (std::size_t i = 0; i < size; ++i)
      one.climatology.values[i] = static_cast<float>(mean[i] - values[i]);
    all.push_back(std::move(one));
  }
  return all;
}

std::vector<Fields> season_of_pressure() {
  std::vector<Fields> analyses;
  FieldsRequest request;
  request.channels = {{"mean_sea_level_pressure", {}, "Pa"}};
  for (const char* month : {"2025-12", "2026-01", "2026-02"}) {
    const CfFields file(open_netcdf(data_folder() / "PyStormTracker-Data" /
                                    fmt::format("era5_msl_{}_6h_2.5deg.nc", month)));
    for (const Time time : file.holding(request.channels[0]).times) {
      request.init = time;
      analyses.push_back(file.read(request));
    }
  }
  return analyses;
}

}  // namespace ladcast
