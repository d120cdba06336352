#include "nodes/verify/seeps.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "nodes/verify/crps.h"
#include "nodes/verify/missing.h"

namespace ladcast {

std::optional<double> dry_limit_of(std::string_view variable) {
  if (variable == "total_precipitation_24hr") return kDryMetres;
  if (variable == "total_precipitation_6hr") return kDryMetresIn6Hours;
  return {};
}

PrecipitationClimate precipitation_climate(std::span<const double> metres, double dry_limit) {
  auto wet = valid_members(metres);
  const auto all = static_cast<double>(wet.size());
  std::erase_if(wet, [&](double value) { return value <= dry_limit; });
  return {1.0 - static_cast<double>(wet.size()) / all, sample_quantile(wet, 2.0 / 3.0)};
}

Precipitation precipitation_class(double metres, double dry_limit, double heavy_from) {
  if (metres <= dry_limit) return Precipitation::dry;
  return metres < heavy_from ? Precipitation::light : Precipitation::heavy;
}

std::array<std::array<double, 3>, 3> seeps_matrix(double dry) {
  const double wet = 1.0 - dry;
  return {{{0.0, 0.5 / wet, 2.0 / wet},
           {0.5 / dry, 0.0, 1.5 / wet},
           {0.5 / dry + 1.5 / (2.0 + dry), 1.5 / (2.0 + dry), 0.0}}};
}

double seeps(double forecast_metres, double truth_metres, double dry_limit,
             const PrecipitationClimate& climate) {
  if (std::isnan(forecast_metres) || std::isnan(truth_metres) || std::isnan(climate.heavy_from) ||
      !(climate.dry > 0.1 && climate.dry < 0.85))
    return kMissingScore;
  const auto class_of = [&](double metres) {
    return static_cast<std::size_t>(precipitation_class(metres, dry_limit, climate.heavy_from));
  };
  return seeps_matrix(climate.dry)[class_of(forecast_metres)][class_of(truth_metres)];
}

}  // namespace ladcast
