#include "nodes/verify/seeps.h"

#include <cmath>
#include <cstddef>

#include "nodes/verify/missing.h"

namespace ladcast {

Precipitation precipitation_class(double metres, double heavy_from) {
  if (metres <= kDryMetres) return Precipitation::dry;
  return metres < heavy_from ? Precipitation::light : Precipitation::heavy;
}

std::array<std::array<double, 3>, 3> seeps_matrix(double dry) {
  const double wet = 1.0 - dry;
  return {{{0.0, 0.5 / wet, 2.0 / wet},
           {0.5 / dry, 0.0, 1.5 / wet},
           {0.5 / dry + 1.5 / (2.0 + dry), 1.5 / (2.0 + dry), 0.0}}};
}

double seeps(double forecast_metres, double truth_metres, double dry, double heavy_from) {
  if (std::isnan(forecast_metres) || std::isnan(truth_metres) || std::isnan(heavy_from) ||
      !(dry > 0.1 && dry < 0.85))
    return kMissingScore;
  const auto row = static_cast<std::size_t>(precipitation_class(forecast_metres, heavy_from));
  const auto column = static_cast<std::size_t>(precipitation_class(truth_metres, heavy_from));
  return seeps_matrix(dry)[row][column];
}

}  // namespace ladcast
