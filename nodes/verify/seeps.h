// SEEPS, the stable equitable error in probability space of 24-hour precipitation (Rodwell et al.
// 2010, doi:10.1002/qj.656), with WeatherBench 2's dry limit.
#pragma once

#include <array>

namespace ladcast {

enum class Precipitation { dry, light, heavy };

constexpr double kDryMetres = 0.00025;  // in 24 hours; at most this is dry

/// `heavy_from`: the climatological limit between light and heavy, metres. Requires: no NaN.
Precipitation precipitation_class(double metres, double heavy_from);

/// Errors by [forecast][observed], from the climatological probability `dry` of a dry day, light
/// days being twice as frequent as heavy ones.
std::array<std::array<double, 3>, 3> seeps_matrix(double dry);

/// The error at one point: 0 is perfect, 1 is what a climatological forecast has in the mean. NaN
/// where an argument is, and where it is nearly always dry or wet (`dry` <= 0.1 or >= 0.85).
double seeps(double forecast_metres, double truth_metres, double dry, double heavy_from);

}  // namespace ladcast
