// Sources: WMO Manual on Codes I.2 (code tables 1.4, 4.0, 4.3, 4.6, 4.7, 4.9), ecCodes' tables
// mars/class, type, stream, and the labels of AIFS-ENS in ECMWF's open data.

#include "nodes/output/grib_product.h"

#include <fmt/chrono.h>

#include <cmath>
#include <limits>

#include "graph/error.h"
#include "nodes/values/variables.h"

namespace ladcast {
namespace {

using enum Statistic::Kind;

constexpr long kPrecipitationInKilograms = 228228;  // paramId of total precipitation in kg m-2
constexpr double kWater = 1000;                     // kg m-3

/// How ECMWF's archive calls a kind of product, and what GRIB2 says of it.
struct Kind {
  const char* type;
  long mars_type;
  long data;          // code table 1.4
  long process;       // code table 4.3
  long instant, sum;  // product definition templates: at a time, over a time
};

constexpr Kind kForecast{"fc", 9, 1, 2, 0, 8};
constexpr Kind kMember{"pf", 11, 4, 4, 1, 11};
constexpr Kind kMean{"em", 17, 255, 4, 2, 12};
constexpr Kind kDeviation{"es", 18, 255, 4, 2, 12};
constexpr Kind kPercentile{"pb", 29, 255, 4, 6, 10};
constexpr Kind kProbability{"ep", 30, 8, 5, 5, 9};

const Kind& kind_of(const GribLabel& label) {
  const auto& statistic = label.channel.statistic;
  if (!statistic) return label.member > 0 ? kMember : kForecast;
  switch (statistic->kind) {
    case mean:
      return kMean;
    case standard_deviation:
      return kDeviation;
    case percentile:
      return kPercentile;
    case above:
    case below:
      return kProbability;
  }
  return kForecast;
}

bool is_ensemble(const GribLabel& label) { return &kind_of(label) != &kForecast; }

bool is_probability(const Channel& channel) {
  return channel.statistic &&
         (channel.statistic->kind == above || channel.statistic->kind == below);
}

const Variable& variable_of(const Channel& channel) { return *find_variable(channel.name); }

bool is_sum(const Channel& channel) { return variable_of(channel).accumulation_hours > 0; }

/// `threshold` as value / 10^factor, with as few digits as it has.
void set_limit(GribHandle& message, double threshold) {
  constexpr double kLargest = std::numeric_limits<std::int32_t>::max();
  long factor = 0;
  while (std::abs(threshold * std::pow(10.0, factor)) > kLargest) --factor;
  const auto scaled = [&] { return threshold * std::pow(10.0, factor); };
  while (std::abs(scaled() - std::round(scaled())) > 1e-6 && std::abs(scaled()) * 10 < kLargest)
    ++factor;
  message.set("scaleFactorOfLowerLimit", factor);
  message.set("scaledValueOfLowerLimit", std::lround(scaled()));
}

void set_variable(GribHandle& message, const Channel& channel) {
  const Variable& variable = variable_of(channel);
  if (variable.accumulation_hours > 0) {
    message.set("paramId", kPrecipitationInKilograms);
  } else if (variable.param_id > 0) {  // not the short name: with centre ecmf "sst" is in deg C
    message.set("paramId", variable.param_id);
  } else {
    message.set("discipline", variable.grib2.discipline);
    message.set("parameterCategory", variable.grib2.category);
    message.set("parameterNumber", variable.grib2.number);
    message.set("typeOfFirstFixedSurface", static_cast<long>(variable.surface));
  }
  if (!channel.level) return;
  message.set("typeOfLevel", std::string("isobaricInhPa"));
  message.set("level", long{*channel.level});
}

void set_time(GribHandle& message, const GribLabel& label) {
  message.set("dataDate", std::stol(fmt::format("{:%Y%m%d}", label.init)));
  message.set("dataTime", std::stol(fmt::format("{:%H%M}", label.init)));
  if (!is_sum(label.channel)) {
    message.set("forecastTime", long{label.lead_hours});
    return;
  }
  const int begin = label.lead_hours - variable_of(label.channel).accumulation_hours;
  if (begin < 0) {
    fail(
        "{} at {} h is a sum that begins before the initial time, which GRIB2 cannot say; leave "
        "it out with 'select'",
        to_string(label.channel), label.lead_hours);
  }
  message.set("stepRange", fmt::format("{}-{}", begin, label.lead_hours));
}

}  // namespace

void require_grib_channel(const Channel& channel) {
  const Variable* variable = find_variable(channel.name);
  if (!variable || variable->name != channel.name)
    fail("{} has no GRIB2 parameter that is known", to_string(channel));
  if ((variable->surface == Surface::isobaric) != channel.level.has_value())
    fail("{} {}", to_string(channel), channel.level ? "has no levels" : "needs a level in hPa");
  if (const auto units = is_probability(channel) ? "1" : variable->units; channel.units != units)
    fail("{} is in '{}', not '{}'", to_string(channel), channel.units, units);
  if (channel.statistic && channel.statistic->kind == percentile &&
      channel.statistic->value != std::round(channel.statistic->value))
    fail("{} is not a whole number, which GRIB2 needs", to_string(channel));
}

long grib_template(const GribLabel& label) {
  const Kind& kind = kind_of(label);
  return is_sum(label.channel) ? kind.sum : kind.instant;
}

void set_product(GribHandle& message, const GribLabel& label, const GribStyle& style) {
  message.set("tablesVersion", 28L);  // names in ecCodes from 2.42 on depend on it
  message.set("centre", std::string("ecmf"));
  message.set("subCentre", 0L);
  message.set("setLocalDefinition", 1L);  // the section that holds the archive's labels
  message.set("localDefinitionNumber", 1L);
  message.set("productDefinitionTemplateNumber", grib_template(label));
  message.set("significanceOfReferenceTime", 1L);
  message.set("marsClass", 45L);  // "ml", a name that ecCodes knows from 2.30 on
  message.set("marsStream", is_ensemble(label) ? 1035L : 1025L);
  message.set("experimentVersionNumber", style.expver);
  message.set("backgroundProcess", 255L);
  message.set("generatingProcessIdentifier", long{style.process});
  message.set("indicatorOfUnitOfTimeRange", 1L);  // hours
  if (!is_sum(label.channel)) return;
  message.set("indicatorOfUnitForTimeRange", 1L);
  message.set("typeOfStatisticalProcessing", 1L);  // accumulation
}

void set_label(GribHandle& message, const GribLabel& label, const GribStyle& style) {
  const Kind& kind = kind_of(label);
  set_variable(message, label.channel);
  set_time(message, label);
  message.set("marsType", kind.mars_type);
  message.set("typeOfProcessedData", kind.data);
  message.set("typeOfGeneratingProcess", kind.process);
  const auto& statistic = label.channel.statistic;
  if (!statistic && label.member > 0) {
    message.set("typeOfEnsembleForecast", 6L);  // as AIFS-ENS has it
    message.set("perturbationNumber", long{label.member});
    message.set("numberOfForecastsInEnsemble", long{style.members});
  }
  if (!statistic) return;
  switch (statistic->kind) {
    case mean:
    case standard_deviation:  // 4, "spread": 2 is that of a cluster; ecCodes sets 4 for es
      message.set("derivedForecast", statistic->kind == mean ? 0L : 4L);
      message.set("numberOfForecastsInEnsemble", long{style.members});
      break;
    case percentile:
      message.set("percentileValue", std::lround(statistic->value));
      break;
    case above:
    case below:
      message.set("forecastProbabilityNumber", 0L);
      message.set("totalNumberOfForecastProbabilities", 1L);
      message.set("probabilityType", statistic->kind == below ? 0L : 3L);
      set_limit(message, statistic->value * (is_sum(label.channel) ? kWater : 1));
      break;
  }
}

double grib_factor(const Channel& channel) {
  if (is_probability(channel)) return 100;
  return is_sum(channel) ? kWater : 1;
}

std::string grib_short_name(const GribHandle& message, const GribLabel& label) {
  const std::string own(variable_of(label.channel).short_name);
  if (!is_probability(label.channel)) return own;
  const std::string name = message.text("shortName");
  return name == "unknown" ? own : name;
}

std::string grib_index_keys(const GribLabel& label, const GribStyle& style,
                            const std::string& short_name) {
  const Channel& channel = label.channel;
  std::string keys = fmt::format(
      R"("domain": "g", "date": "{:%Y%m%d}", "time": "{:%H%M}", "expver": "{}", "class": "ml", )"
      R"("type": "{}", "stream": "{}", "step": "{}", "levtype": "{}", )",
      label.init, label.init, style.expver, kind_of(label).type,
      is_ensemble(label) ? "enfo" : "oper", label.lead_hours, channel.level ? "pl" : "sfc");
  if (channel.level) keys += fmt::format(R"("levelist": "{}", )", *channel.level);
  keys += fmt::format(R"("param": "{}", "model": "ladcast")", short_name);
  if (label.member > 0) keys += fmt::format(R"(, "number": "{}")", label.member);
  if (channel.statistic && channel.statistic->kind == percentile)
    keys += fmt::format(R"(, "quantile": "{}:100")", channel.statistic->value);
  if (is_probability(channel))
    keys += fmt::format(R"(, "event": "{}")", to_string(*channel.statistic));
  return keys;
}

}  // namespace ladcast
