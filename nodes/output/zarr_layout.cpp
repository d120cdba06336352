#include "nodes/output/zarr_layout.h"

#include <chrono>
#include <cstdint>
#include <nlohmann/json.hpp>

#include "graph/error.h"
#include "graph/whole_file.h"

namespace ladcast {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using Names = std::vector<std::string>;
using Sizes = std::vector<std::size_t>;

void write_json(const fs::path& file, const json& value) {
  write_whole_file(file, {value.dump(2), "\n"});
}

class Layout {
 public:
  Layout(const fs::path& store, const ZarrStoreSpec& spec) : store_(store), spec_(spec) {}

  void write() {
    write_json(store_ / ".zgroup", {{"zarr_format", 2}});
    write_json(store_ / ".zattrs", spec_.attributes);
    time();
    if (spec_.has_members()) number();
    if (spec_.has_leads()) lead_time();
    const std::vector<FileVariable> variables = file_variables(spec_.channels);
    levels(variables);
    coordinate<double>("latitude", "<f8", spec_.grid.latitude,
                       {{"standard_name", "latitude"}, {"units", "degrees_north"}, {"axis", "Y"}});
    coordinate<double>("longitude", "<f8", spec_.grid.longitude,
                       {{"standard_name", "longitude"}, {"units", "degrees_east"}, {"axis", "X"}});
    for (const FileVariable& each : variables) variable(each);
  }

 private:
  void array(const std::string& name, const Names& dimensions, const Sizes& shape,
             const Sizes& chunks, const char* dtype, const json& compressor, const json& fill,
             json attributes) const {
    std::error_code failed;
    fs::create_directories(store_ / name, failed);
    if (failed) fail("cannot create the folder {}: {}", (store_ / name).string(), failed.message());
    attributes["_ARRAY_DIMENSIONS"] = dimensions;
    write_json(store_ / name / ".zattrs", attributes);
    write_json(store_ / name / ".zarray", {{"zarr_format", 2},
                                           {"shape", shape},
                                           {"chunks", chunks},
                                           {"dtype", dtype},
                                           {"compressor", compressor},
                                           {"fill_value", fill},
                                           {"filters", nullptr},
                                           {"order", "C"},
                                           {"dimension_separator", "."}});
  }

  /// An axis in one chunk, not compressed.
  template <class T>
  void coordinate(const std::string& name, const char* dtype, const std::vector<T>& values,
                  const json& attributes) const {
    array(name, {name}, {values.size()}, {values.size()}, dtype, nullptr, nullptr, attributes);
    write_whole_file(store_ / name / "0",
                     {{reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)}});
  }

  void time() const {
    std::vector<std::int64_t> hours;
    for (const Time init : spec_.inits) {
      const auto whole = std::chrono::floor<std::chrono::hours>(init);
      if (whole != init) fail("the initial time {} is not a whole hour", format_time(init));
      hours.push_back(whole.time_since_epoch().count());
    }
    coordinate("time", "<i8", hours,
               {{"standard_name", spec_.has_leads() ? "forecast_reference_time" : "time"},
                {"units", "hours since 1970-01-01"},
                {"calendar", "proleptic_gregorian"}});
  }

  void number() const {
    const std::vector<std::int32_t> numbers(spec_.members.begin(), spec_.members.end());
    coordinate(
        "number", "<i4", numbers,
        {{"standard_name", "realization"}, {"long_name", "ensemble member"}, {"units", "1"}});
  }

  /// By its units alone xarray decodes no time differences any more, by its dtype it does.
  void lead_time() const {
    const std::vector<std::int64_t> hours(spec_.lead_hours.begin(), spec_.lead_hours.end());
    coordinate("prediction_timedelta", "<i8", hours,
               {{"standard_name", "forecast_period"},
                {"long_name", "time since the forecast's initial time"},
                {"units", "hours"},
                {"dtype", "timedelta64[ns]"}});
  }

  /// The longest list of levels is the axis "level"; a variable with others gets its own.
  void levels(const std::vector<FileVariable>& variables) {
    const FileVariable* longest = nullptr;
    for (const FileVariable& v : variables)
      if (!v.levels.empty() && (!longest || v.levels.size() > longest->levels.size())) longest = &v;
    if (longest) level_axis("level", longest->levels);
    for (const FileVariable& v : variables)
      if (!v.levels.empty() && !levels_.contains(v.levels))
        level_axis("level_" + array_name_of(v), v.levels);
  }

  void level_axis(const std::string& name, const std::vector<int>& values) {
    const std::vector<std::int32_t> hectopascals(values.begin(), values.end());
    coordinate(
        name, "<i4", hectopascals,
        {{"standard_name", "air_pressure"}, {"units", "hPa"}, {"positive", "down"}, {"axis", "Z"}});
    levels_[values] = name;
  }

  void variable(const FileVariable& v) const {
    Names dimensions = {"time"};
    Sizes shape = {spec_.inits.size()}, chunks = {1};
    const auto add = [&](const std::string& name, std::size_t length, std::size_t chunk) {
      dimensions.push_back(name);
      shape.push_back(length);
      chunks.push_back(chunk);
    };
    if (spec_.has_members()) add("number", spec_.members.size(), spec_.members_in_chunk);
    if (spec_.has_leads())
      add("prediction_timedelta", spec_.lead_hours.size(), spec_.leads_in_chunk);
    if (!v.levels.empty()) add(levels_.at(v.levels), v.levels.size(), v.levels.size());
    add("latitude", spec_.grid.rows(), spec_.grid.rows());
    add("longitude", spec_.grid.columns(), spec_.grid.columns());
    json attributes;
    const char* sums = spec_.has_leads() ? "prediction_timedelta" : "time";
    for (const auto& [name, text] : cf_attributes(v, spec_.normalised, sums))
      attributes[name] = text;
    array(array_name_of(v), dimensions, shape, chunks, "<f4", {{"id", "zstd"}, {"level", 1}}, "NaN",
          attributes);
  }

  const fs::path& store_;
  const ZarrStoreSpec& spec_;
  std::map<std::vector<int>, std::string> levels_;  // names of axes
};

}  // namespace

std::string array_name_of(const FileVariable& variable) {
  return variable.name + suffix_of(variable);
}

void write_layout(const fs::path& store, const ZarrStoreSpec& spec) { Layout(store, spec).write(); }

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
