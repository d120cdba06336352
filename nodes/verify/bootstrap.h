// Bootstraps of the mean of a series: shared/spec/verification.md, section 6.
//
// Random numbers are counted (Philox): the result depends on the series, the number of resamples
// and the seed alone. Missing values are NaN and are left out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace ladcast {

/// Means of resampled series; all NaN where the series is empty.
struct Bootstrap {
  std::vector<double> means;     // ascending, one of each resample
  double standard_error = 0.0;   // their standard deviation
  double p = 0.0;                // 2 min(F(0), 1 - F(0)), F their distribution, linear between them
  double low = 0.0, high = 0.0;  // percentile interval at the level asked for
};

struct BootstrapOptions {
  std::size_t resamples = 1000;
  std::uint64_t seed = 0;
  double level = 0.95;
};

/// Draws single values with replacement.
Bootstrap iid_bootstrap(std::span<const double> values, const BootstrapOptions& options);

/// Draws whole clusters with replacement, as many as there are: values with one label may depend on
/// each other in any way (Davison and Hinkley 1997, section 3.8, strategy 1). Requires: one label
/// for each value.
Bootstrap cluster_bootstrap(std::span<const double> values, std::span<const int> labels,
                            const BootstrapOptions& options);

/// Draws blocks of a stationary series, of geometric length with this mean (>= 1), that wrap around
/// its end (Politis and Romano 1994, doi:10.1080/01621459.1994.10476870).
Bootstrap stationary_bootstrap(std::span<const double> values, double mean_block_length,
                               const BootstrapOptions& options);

/// The best mean block length for stationary_bootstrap (Politis and White 2004,
/// doi:10.1081/ETC-120028836, corrected by Patton et al. 2009, doi:10.1080/07474930802459016), at
/// least 1. Follows the `arch` package, which WeatherBench-X uses. NaN for fewer than 8 values or a
/// constant series.
double optimal_block_length(std::span<const double> values);

}  // namespace ladcast
