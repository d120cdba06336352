#include "nodes/output/zarr_layout.h"

#include <cstdint>
#include <nlohmann/json.hpp>

#include "nodes/output/zarr_writer.h"

namespace ladcast {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using Names = std::vector<std::string>;
using Sizes = std::vector<std::size_t>;

class Layout {
 public:
  Layout(const fs::path& store, const ZarrStoreSpec& spec) : writer_(store), spec_(spec) {}

  void write() {
    writer_.group(spec_.attributes);
    writer_.time_axis(spec_.inits, spec_.has_leads());
    if (spec_.has_members()) writer_.number_axis(spec_.members);
    if (spec_.has_leads()) writer_.lead_axis(spec_.lead_hours);
    const std::vector<FileVariable> variables = file_variables(spec_.channels);
    levels(variables);
    writer_.axis("latitude", spec_.grid.latitude,
                 {{"standard_name", "latitude"}, {"units", "degrees_north"}, {"axis", "Y"}});
    writer_.axis("longitude", spec_.grid.longitude,
                 {{"standard_name", "longitude"}, {"units", "degrees_east"}, {"axis", "X"}});
    for (const FileVariable& each : variables) variable(each);
  }

 private:
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
    writer_.axis(
        name, hectopascals,
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
    writer_.data({array_name_of(v), dimensions, shape, chunks}, attributes);
  }

  ZarrWriter writer_;
  const ZarrStoreSpec& spec_;
  std::map<std::vector<int>, std::string> levels_;  // names of axes
};

}  // namespace

std::string array_name_of(const FileVariable& variable) {
  return variable.name + suffix_of(variable);
}

void write_layout(const fs::path& store, const ZarrStoreSpec& spec) { Layout(store, spec).write(); }

}  // namespace ladcast
