#include "nodes/ingest/grib_content.h"

#include <cmath>
#include <set>

#include "graph/error.h"

namespace ladcast {
namespace {

constexpr long kPrecipitationInKilograms = 228228;  // paramId of total precipitation in kg m-2

const Variable* by_grib2_numbers(const GribMessage& message) {
  if (message.whole("edition") != 2) return nullptr;
  if (!message.find_whole("parameterCategory"))
    fail(
        "{} has grid definition template {} (150 is HEALPix), which the installed ecCodes does not "
        "know; regrid it to latitudes and longitudes, with earthkit-regrid or a newer CDO",
        message.name(), message.find_whole("gridDefinitionTemplateNumber").value_or(-1));
  const Grib2Numbers numbers{message.whole("discipline"), message.whole("parameterCategory"),
                             message.whole("parameterNumber")};
  const auto surface =
      static_cast<Surface>(message.find_whole("typeOfFirstFixedSurface").value_or(255));
  const int height = surface == Surface::height ? static_cast<int>(message.whole("level")) : 0;
  return find_variable(numbers, surface, height);
}

bool same_variable(const Variable& found, std::string_view name) {
  if (found.name == name) return true;
  const Variable* wanted = find_variable(name);  // sums over other times have the same paramId
  return wanted && found.param_id != 0 && wanted->param_id == found.param_id;
}

/// Means, spreads, percentiles and probabilities carry the parameter of the field itself.
bool is_statistic(const GribMessage& message) {
  static const std::set<long> templates = {2, 3, 4, 5, 6, 9, 10, 12, 13, 14};  // code table 4.0
  static const std::set<std::string> types = {"em", "es", "ep", "pb", "pd"};   // ECMWF's, in GRIB1
  if (message.whole("edition") == 2)
    return templates.contains(message.find_whole("productDefinitionTemplateNumber").value_or(0));
  return types.contains(message.find_text("dataType"));
}

}  // namespace

std::optional<GribContent> content_of(const GribMessage& message) {
  if (is_statistic(message)) return {};
  const long param_id = message.find_whole("paramId").value_or(0);
  const Variable* variable = param_id == kPrecipitationInKilograms
                                 ? find_variable("total_precipitation_6hr")
                                 : find_variable(param_id);
  const std::string type = message.find_text("typeOfLevel");
  const bool isobaric = type == "isobaricInhPa" || type == "isobaricInPa";
  // ecCodes has one paramId for a variable on all kinds of levels.
  if (!variable || (variable->surface == Surface::isobaric && !isobaric))
    variable = by_grib2_numbers(message);
  if (!variable) return {};
  if (variable->accumulation_hours != 0)
    return GribContent{variable, {}, message.whole("startStep"), message.whole("endStep")};
  if (variable->surface != Surface::isobaric) return GribContent{variable, {}};
  if (!isobaric) return {};
  const double level = message.number("level");
  return GribContent{variable, type == "isobaricInPa" ? level / 100 : level};
}

bool holds(const GribContent& content, const Channel& channel) {
  if (!same_variable(*content.variable, channel.name)) return false;
  if (content.level.has_value() != channel.level.has_value()) return false;
  return !channel.level || std::abs(*content.level - *channel.level) < 0.01;
}

bool has_hours_of(const GribContent& content, const Channel& channel) {
  const Variable* wanted = find_variable(channel.name);
  if (!wanted || wanted->accumulation_hours == 0) return true;
  if (wanted->accumulation_hours == kSinceStart) return content.begin == 0;
  return content.end - content.begin == wanted->accumulation_hours;
}

std::vector<ChannelSource> sources_of(const Channel& channel) {
  std::vector<ChannelSource> sources = {{channel, 1.0, true}};
  if (const Equivalent* other = find_equivalent(channel.name)) {
    const std::string units(find_variable(other->source)->units);
    sources.push_back({{std::string(other->source), channel.level, units}, other->factor, false});
  }
  return sources;
}

}  // namespace ladcast
