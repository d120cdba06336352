// How extreme an ensemble is beside the model's climate, at one point: ECMWF's extreme forecast
// index and shift of tails, as in earthkit-meteo.
#pragma once

#include <span>

namespace ladcast {

/// EFI, from -1 to 1 (Lalaurie 2003; Zsoter 2006, doi:10.21957/8ffd4dfd). `climate` holds the
/// values of evenly spaced percentiles p from 0 to 100 %; F is the part of the members at or below
/// each, linear between them, and EFI = (2 / pi) integral (p - F) / sqrt(p (1 - p)) dp. With `eps`
/// > 0, for amounts that are mostly 0, only the intervals count whose upper value exceeds eps, and
/// the sum is divided by its greatest value over them. NaN members are left out. NaN without a
/// member, where the climate has a gap or less than two values, or where no interval counts.
double extreme_forecast_index(std::span<const double> climate, std::span<const double> members,
                              double eps = 0.0);

/// SOT = (Qf(90) - Qc(99)) / (Qc(99) - Qc(90)) for `percentile` 90, with Qf of the members (linear
/// between them) and Qc of the climate; with Qc(1) for a percentile below 50 (Zsoter 2006). Above
/// 0: a tenth of the members or more are beyond the climate's outermost percent. Clipped to -10
/// … 10. With `eps` > 0 smaller members and a smaller Qc(percentile) count as 0. NaN where the
/// denominator is at most eps, or a value is missing. Throws Error for a percentile outside 2 … 49
/// and 51 … 98, and for another number of climate values than 101.
double shift_of_tails(std::span<const double> climate, std::span<const double> members,
                      int percentile, double eps = 0.0);

}  // namespace ladcast
