#include "nodes/output/zarr_writer.h"

#include <chrono>
#include <cstring>
#include <nlohmann/json.hpp>

#include "graph/error.h"
#include "graph/whole_file.h"
#include "nodes/values/zarr_codec.h"

namespace ladcast {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
constexpr int kCompressionLevel = 1;  // zstd

void write_json(const fs::path& file, const json& value) {
  write_whole_file(file, {value.dump(2), "\n"});
}

template <class T>
std::string_view bytes_of(const std::vector<T>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)};
}

}  // namespace

void ZarrWriter::group(const std::map<std::string, std::string>& attributes) const {
  write_json(store_ / ".zattrs", attributes);  // first: it tells whose store this is
  write_json(store_ / ".zgroup", {{"zarr_format", 2}});
}

void ZarrWriter::array(const ZarrArrayLayout& layout, const char* dtype, const json& compressor,
                       const json& fill, json attributes) const {
  const fs::path folder = store_ / layout.name;
  attributes["_ARRAY_DIMENSIONS"] = layout.dimensions;
  write_json(folder / ".zarray", {{"zarr_format", 2},
                                  {"shape", layout.shape},
                                  {"chunks", layout.chunks},
                                  {"dtype", dtype},
                                  {"compressor", compressor},
                                  {"fill_value", fill},
                                  {"filters", nullptr},
                                  {"order", "C"},
                                  {"dimension_separator", "."}});
  write_json(folder / ".zattrs", attributes);
}

void ZarrWriter::data(const ZarrArrayLayout& layout, const json& attributes) const {
  array(layout, "<f4", {{"id", "zstd"}, {"level", kCompressionLevel}}, "NaN", attributes);
}

void ZarrWriter::whole_axis(const std::string& name, const char* dtype, std::size_t length,
                            std::string_view bytes, const json& attributes) const {
  array({name, {name}, {length}, {length}}, dtype, nullptr, nullptr, attributes);
  write_whole_file(store_ / name / "0", {bytes});
}

void ZarrWriter::axis(const std::string& name, const std::vector<double>& values,
                      const json& attributes) const {
  whole_axis(name, "<f8", values.size(), bytes_of(values), attributes);
}
void ZarrWriter::axis(const std::string& name, const std::vector<std::int32_t>& values,
                      const json& attributes) const {
  whole_axis(name, "<i4", values.size(), bytes_of(values), attributes);
}
void ZarrWriter::axis(const std::string& name, const std::vector<std::int64_t>& values,
                      const json& attributes) const {
  whole_axis(name, "<i8", values.size(), bytes_of(values), attributes);
}

void ZarrWriter::time_axis(const std::vector<Time>& times, bool are_forecasts) const {
  std::vector<std::int64_t> hours;
  for (const Time time : times) {
    const auto whole = std::chrono::floor<std::chrono::hours>(time);
    if (whole != time) fail("the initial time {} is not a whole hour", format_time(time));
    hours.push_back(whole.time_since_epoch().count());
  }
  axis("time", hours,
       {{"standard_name", are_forecasts ? "forecast_reference_time" : "time"},
        {"units", "hours since 1970-01-01"},
        {"calendar", "proleptic_gregorian"}});
}

void ZarrWriter::number_axis(const std::vector<int>& members) const {
  const std::vector<std::int32_t> numbers(members.begin(), members.end());
  axis("number", numbers,
       {{"standard_name", "realization"}, {"long_name", "ensemble member"}, {"units", "1"}});
}

/// By its units alone xarray decodes no time differences any more, by its dtype it does.
void ZarrWriter::lead_axis(const std::vector<int>& lead_hours) const {
  const std::vector<std::int64_t> hours(lead_hours.begin(), lead_hours.end());
  axis("prediction_timedelta", hours,
       {{"standard_name", "forecast_period"},
        {"long_name", "time since the forecast's initial time"},
        {"units", "hours"},
        {"dtype", "timedelta64[ns]"}});
}

void write_chunk(const fs::path& array, const std::string& key, const std::vector<float>& values) {
  write_whole_file(array / key, {compress_zstd(std::string(bytes_of(values)), kCompressionLevel)});
}

std::vector<float> read_chunk(const fs::path& file, std::size_t count) {
  const std::string bytes =
      decompress(ZarrCodec::zstd, read_whole_file(file), count * sizeof(float));
  std::vector<float> values(count);
  std::memcpy(values.data(), bytes.data(), bytes.size());
  return values;
}

void finish_store(const fs::path& store) {
  json metadata;
  const auto add = [&](const fs::path& file) {
    metadata[fs::relative(file, store)] = json::parse(read_whole_file(file));
  };
  for (const char* name : {".zgroup", ".zattrs"}) add(store / name);
  for (const auto& entry : fs::directory_iterator(store))
    if (entry.is_directory())
      for (const char* name : {".zarray", ".zattrs"}) add(entry.path() / name);
  const fs::path file = store / ".zmetadata";
  write_json(file, {{"zarr_consolidated_format", 1}, {"metadata", metadata}});
  sync_to_disk(file);
}

}  // namespace ladcast
