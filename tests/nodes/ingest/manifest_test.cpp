// Every map of the public GRIB files that a channel can be found for, against what was recorded of
// its message with ecCodes alone: least and greatest value, mean, number of missing points.
#include <doctest/doctest.h>
#include <zlib.h>

#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "nodes/ingest/grib_fields.h"
#include "nodes/values/variables.h"
#include "tests/nodes/data_folder.h"
#include "tests/nodes/error_message.h"

using namespace ladcast;
using nlohmann::json;

namespace {

std::vector<json> read_lines(const std::filesystem::path& path) {
  const gzFile file = gzopen(path.c_str(), "rb");
  REQUIRE(file != nullptr);
  std::string text(1U << 16U, '\0');
  std::vector<json> lines;
  while (gzgets(file, text.data(), static_cast<int>(text.size())) != nullptr)
    lines.push_back(json::parse(text.c_str()));
  gzclose(file);
  return lines;
}

/// The channel of a message in SI units; nothing where none is read from it as it stands.
std::optional<Channel> channel_of(const json& line) {
  const Variable* variable = find_variable(line.at("paramId").get<long>());
  if (!variable || variable->accumulation_hours != 0 || variable->units == "1") return {};
  const bool isobaric = line.at("typeOfLevel") == "isobaricInhPa";
  if (isobaric != (variable->surface == Surface::isobaric)) return {};
  Channel channel{std::string(variable->name), {}, std::string(variable->units)};
  if (isobaric) channel.level = line.at("level").get<int>();
  return channel;
}

/// Nothing where the step is no plain number of hours.
std::optional<Time> valid_time(const json& line) {
  const std::string step = line.at("stepRange");
  if (step.find_first_not_of("0123456789") != std::string::npos) return {};
  const int date = line.at("dataDate"), hhmm = line.at("dataTime");
  const Time day =
      parse_time(fmt::format("{:04}-{:02}-{:02}", date / 10000, date / 100 % 100, date % 100));
  return day + std::chrono::hours{hhmm / 100 + std::stoi(step)} + std::chrono::minutes{hhmm % 100};
}

using Place = std::tuple<std::string, std::string, Time>;  // file, channel, valid time

}  // namespace

TEST_CASE("maps of GRIB files have the recorded range, mean and missing points") {
  const auto manifest = data_file("reference/manifest_grib.jsonl.gz");
  if (!manifest) return;
  std::map<Place, std::vector<json>> messages;
  for (const json& line : read_lines(*manifest)) {
    if (!line.contains("mean") || !line.contains("gridType") || line.at("mean").is_null()) continue;
    const std::string grid = line.at("gridType");
    const auto channel = channel_of(line);
    const auto valid = valid_time(line);
    if (!channel || !valid || (grid != "regular_ll" && grid != "regular_gg")) continue;
    messages[{line.at("file"), to_string(*channel), *valid}].push_back(line);
  }
  int compared = 0;
  std::map<std::string, int> of_file;
  for (const auto& [place, lines] : messages) {
    const auto& [name, channel_name, valid] = place;
    if (lines.size() > 1 || of_file[name] == 8) continue;
    // ecCodes refuses to compute its latitudes, and leaks them.
    if (name == "cfgrib/regular_gg_wrong_increment.grib") continue;
    const json& line = lines.front();
    const auto path = data_file(name.c_str());
    if (!path) continue;
    CAPTURE(name);
    CAPTURE(channel_name);
    const Channel channel = *channel_of(line);
    Fields fields;
    const std::string error = error_of([&] {
      fields = GribFiles(*path).read({{channel}, valid, 0, {}, {}});
    });
    CHECK(error == "");
    if (!error.empty()) continue;
    double least = 1e30, most = -1e30, sum = 0;
    int missing = 0;
    const auto map = fields.map(0, 0, 0);
    for (const float value : map) {
      if (std::isnan(value)) {
        ++missing;
        continue;
      }
      least = std::min(least, static_cast<double>(value));
      most = std::max(most, static_cast<double>(value));
      sum += static_cast<double>(value);
    }
    const double scale =
        std::max(std::abs(line.at("min").get<double>()), std::abs(line.at("max").get<double>()));
    CHECK(missing == line.at("missing").get<int>());
    CHECK(std::abs(least - line.at("min").get<double>()) <= 1e-6 * scale);
    CHECK(std::abs(most - line.at("max").get<double>()) <= 1e-6 * scale);
    CHECK(std::abs(sum / static_cast<double>(map.size() - static_cast<std::size_t>(missing)) -
                   line.at("mean").get<double>()) <= 1e-5 * scale);
    ++compared;
    ++of_file[name];
  }
  MESSAGE(compared << " maps of " << of_file.size() << " files");
  CHECK(compared > 200);
}
