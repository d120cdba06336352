// SEEPS, the stable equitable error in probability space of precipitation (Rodwell et al. 2010,
// doi:10.1002/qj.656), with WeatherBench 2's dry limits.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string_view>

namespace ladcast {

enum class Precipitation { dry, light, heavy };

/// Metres in 24 hours, and in 6: at most this is dry.
constexpr double kDryMetres = 0.00025;
constexpr double kDryMetresIn6Hours = 0.0001;

/// The dry limit of WeatherBench 2's total_precipitation_24hr and total_precipitation_6hr; nothing
/// for another variable.
std::optional<double> dry_limit_of(std::string_view variable);

/// What a climatology in WeatherBench 2's layout has behind the name of the variable.
constexpr std::string_view kSeepsDryFraction = "_seeps_dry_fraction";
constexpr std::string_view kSeepsThreshold = "_seeps_threshold";

/// What is usual at one point.
struct PrecipitationClimate {
  double dry;         // probability of a dry day
  double heavy_from;  // the limit between light and heavy, metres, of which two thirds of what is
                      // not dry is light
};

/// Of a climate's values at one point, metres: the part of them that is dry, and the two-thirds
/// quantile of the others. NaN without a value, or without one that is not dry.
PrecipitationClimate precipitation_climate(std::span<const double> metres, double dry_limit);

/// Requires: no NaN.
Precipitation precipitation_class(double metres, double dry_limit, double heavy_from);

/// Errors by [forecast][observed], from the climatological probability `dry` of a dry day, light
/// days being twice as frequent as heavy ones.
std::array<std::array<double, 3>, 3> seeps_matrix(double dry);

/// The error at one point: 0 is perfect, 1 is what a climatological forecast has in the mean. NaN
/// where a value is, and where it is nearly always dry or wet (dry <= 0.1 or >= 0.85).
double seeps(double forecast_metres, double truth_metres, double dry_limit,
             const PrecipitationClimate& climate);

}  // namespace ladcast
