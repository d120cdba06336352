#include "nodes/verify/bootstrap.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <iterator>
#include <limits>
#include <map>
#include <numeric>

#include "graph/random.h"

namespace ladcast {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// Two numbers in [0, 1) for each draw of each resample.
class Draws {
 public:
  Draws(std::uint64_t seed, std::size_t resample)
      : key_{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)},
        resample_(resample) {}

  std::array<double, 2> at(std::size_t draw) const {
    const auto low = [](std::uint64_t word) { return static_cast<std::uint32_t>(word); };
    const auto r = philox({low(draw), low(draw >> 32), low(resample_), low(resample_ >> 32)}, key_);
    const auto uniform = [](std::uint32_t a, std::uint32_t b) {
      return (a + (b >> 11) * 0x1p-21) * 0x1p-32;
    };
    return {uniform(r[0], r[1]), uniform(r[2], r[3])};
  }

 private:
  std::array<std::uint32_t, 2> key_;
  std::uint64_t resample_;
};

std::size_t index_of(double uniform, std::size_t count) {
  return std::min(static_cast<std::size_t>(uniform * static_cast<double>(count)), count - 1);
}

std::vector<double> present(std::span<const double> values) {
  std::vector<double> kept;
  std::copy_if(values.begin(), values.end(), std::back_inserter(kept),
               [](double value) { return !std::isnan(value); });
  return kept;
}

double quantile(const std::vector<double>& sorted, double q) {
  const double place = q * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (place - std::floor(place)) * (sorted[above] - sorted[below]);
}

// The distribution function at 0, from 0 at the least value to 1 at the greatest.
double distribution_at_zero(const std::vector<double>& sorted) {
  if (sorted.front() >= 0.0) return 0.0;
  if (sorted.back() <= 0.0) return 1.0;
  const auto above = std::upper_bound(sorted.begin(), sorted.end(), 0.0);
  const double fraction = (0.0 - *(above - 1)) / (*above - *(above - 1));
  return (static_cast<double>(above - sorted.begin()) - 1.0 + fraction) /
         static_cast<double>(sorted.size() - 1);
}

Bootstrap bootstrap(const std::function<double(const Draws&)>& resampled_mean,
                    const BootstrapOptions& options) {
  Bootstrap result;
  for (std::size_t resample = 0; resample < options.resamples; ++resample)
    result.means.push_back(resampled_mean(Draws(options.seed, resample)));
  auto& means = result.means;
  std::sort(means.begin(), means.end());
  const auto count = static_cast<double>(means.size());
  const double mean = std::accumulate(means.begin(), means.end(), 0.0) / count;
  double square = 0.0;
  for (const double each : means) square += (each - mean) * (each - mean);
  result.standard_error = std::sqrt(square / (count - 1.0));
  const double below = distribution_at_zero(means);
  // All of it at 0 is no evidence against 0.
  const bool only_zero = means.front() == 0.0 && means.back() == 0.0;
  result.p = only_zero ? 1.0 : 2.0 * std::min(below, 1.0 - below);
  result.low = quantile(means, (1.0 - options.level) / 2);
  result.high = quantile(means, (1.0 + options.level) / 2);
  return result;
}

Bootstrap nothing() { return {{}, kNaN, kNaN, kNaN, kNaN}; }

}  // namespace

Bootstrap iid_bootstrap(std::span<const double> values, const BootstrapOptions& options) {
  return stationary_bootstrap(values, 1.0, options);
}

Bootstrap cluster_bootstrap(std::span<const double> values, std::span<const int> labels,
                            const BootstrapOptions& options) {
  struct Cluster {
    double sum = 0.0, count = 0.0;
  };
  std::map<int, Cluster> by_label;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::isnan(values[i])) continue;
    by_label[labels[i]].sum += values[i];
    by_label[labels[i]].count += 1.0;
  }
  if (by_label.empty()) return nothing();
  std::vector<Cluster> clusters;
  for (const auto& [label, cluster] : by_label) clusters.push_back(cluster);
  return bootstrap(
      [&](const Draws& draws) {
        Cluster total;
        for (std::size_t i = 0; i < clusters.size(); ++i) {
          const Cluster& drawn = clusters[index_of(draws.at(i)[0], clusters.size())];
          total.sum += drawn.sum;
          total.count += drawn.count;
        }
        return total.sum / total.count;
      },
      options);
}

Bootstrap stationary_bootstrap(std::span<const double> values, double mean_block_length,
                               const BootstrapOptions& options) {
  const auto series = present(values);
  if (series.empty()) return nothing();
  return bootstrap(
      [&](const Draws& draws) {
        double sum = 0.0;
        std::size_t place = 0;
        for (std::size_t i = 0; i < series.size(); ++i) {
          const auto [where, ends] = draws.at(i);
          const bool new_block = i == 0 || ends < 1.0 / mean_block_length;
          place = new_block ? index_of(where, series.size()) : (place + 1) % series.size();
          sum += series[place];
        }
        return sum / static_cast<double>(series.size());
      },
      options);
}

double optimal_block_length(std::span<const double> values) {
  auto x = present(values);
  const auto n = static_cast<double>(x.size());
  if (x.size() < 8 ||
      *std::min_element(x.begin(), x.end()) == *std::max_element(x.begin(), x.end()))
    return kNaN;
  const double mean = std::accumulate(x.begin(), x.end(), 0.0) / n;
  for (double& value : x) value -= mean;
  const auto products = [&](std::size_t from, std::size_t also_from, std::size_t count) {
    return std::inner_product(x.begin() + static_cast<std::ptrdiff_t>(from),
                              x.begin() + static_cast<std::ptrdiff_t>(from + count),
                              x.begin() + static_cast<std::ptrdiff_t>(also_from), 0.0);
  };
  // The bandwidth m: twice the lag after which `runs` correlations in a row are insignificant.
  const auto runs = static_cast<std::size_t>(std::max(5.0, std::floor(std::log10(n))));
  const std::size_t most =
      std::min(static_cast<std::size_t>(std::ceil(std::sqrt(n))) + runs, x.size() - 2);
  const double significant = 2.0 * std::sqrt(std::log10(n) / n);
  std::vector<double> covariance;
  std::vector<bool> quiet;
  std::size_t bandwidth = 0;
  for (std::size_t lag = 0; lag <= most; ++lag) {
    const std::size_t rest = x.size() - lag - 1;
    const double product = products(lag, 0, x.size() - lag);
    covariance.push_back(product / n);
    quiet.push_back(std::abs(product) /
                        std::sqrt(products(lag + 1, lag + 1, rest) * products(0, 0, rest)) <
                    significant);
    if (bandwidth == 0 && lag >= runs &&
        std::all_of(quiet.end() - 1 - static_cast<std::ptrdiff_t>(runs), quiet.end() - 1,
                    [](bool is) { return is; }))
      bandwidth = 2 * std::max<std::size_t>(lag - runs, 1);
  }
  bandwidth = bandwidth == 0 ? most : std::min(bandwidth, most);
  double slope = 0.0;
  double density = covariance[0];
  for (std::size_t lag = 1; lag <= bandwidth; ++lag) {
    const auto k = static_cast<double>(lag);
    const double window = std::min(1.0, 2.0 * (1.0 - k / static_cast<double>(bandwidth)));
    slope += 2.0 * window * k * covariance[lag];
    density += 2.0 * window * covariance[lag];
  }
  const double length = std::cbrt(slope * slope / (density * density) * n);
  const double longest = std::ceil(std::min(3.0 * std::sqrt(n), n / 3));
  return std::clamp(length, 1.0, longest);
}

}  // namespace ladcast
