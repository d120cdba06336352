#include "nodes/health/collapse.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

#include "nodes/health/limits.h"

namespace ladcast {
namespace {

constexpr const char* kSpread = "spread in standard deviations";
constexpr const char* kCopied =
    "Two members are equal or nearly so: look at how noise depends on the member number, and that "
    "no member was read or written twice.";
constexpr const char* kNoSpread =
    "The members are all but equal: look at the noise of the sampler and its highest sigma.";
constexpr const char* kSpreadAndError =
    "Spread and error do not match: do not trust probabilities at this lead without calibration.";
constexpr const char* kFalling =
    "The members come together again: look for a climate that the model falls into, and shorten "
    "the forecast to where the spread still grows.";

// The members' variance and the squared error of their mean, area-weighted over the points where
// all are there.
struct SpreadAndError {
  double variance = 0, squared_error = 0;
};

SpreadAndError spread_and_error(const Grid& grid, const std::vector<MemberMap>& members,
                                std::span<const float> truth) {
  const auto count = static_cast<double>(members.size());
  // Member by member, as their maps lie far apart; what is missing in one is so in the sums.
  std::vector<double> means(truth.size()), squares(truth.size());
  for (const auto& member : members)
    for (std::size_t point = 0; point < means.size(); ++point)
      means[point] += member.values[point] / count;
  for (const auto& member : members)
    for (std::size_t point = 0; point < means.size(); ++point) {
      const double deviation = member.values[point] - means[point];
      squares[point] += deviation * deviation;
    }
  const auto weights = shared_weights(grid, {truth});
  SpreadAndError sums;
  double total = 0;
  for (std::size_t point = 0; point < means.size(); ++point) {
    if (weights[point] == 0 || !std::isfinite(means[point])) continue;
    const double error = means[point] - truth[point];
    total += weights[point];
    sums.variance += weights[point] * squares[point] / (count - 1);
    sums.squared_error += weights[point] * error * error;
  }
  return {sums.variance / total, sums.squared_error / total};
}

// Squared distances of all pairs, the mean over channels of differences by spread.
class PairDistances {
 public:
  explicit PairDistances(std::size_t members)
      : members_(members), squares_(members * (members - 1) / 2) {}

  void add(const std::vector<MemberMap>& maps) {
    constexpr std::size_t kPoints = 1000;
    const std::size_t points = maps.front().values.size();
    const std::size_t stride = std::max<std::size_t>(1, points / kPoints) | 1;
    std::vector<std::vector<float>> samples(members_);
    for (std::size_t point = 0; point < points; point += stride)
      if (std::all_of(maps.begin(), maps.end(),
                      [&](const auto& map) { return std::isfinite(map.values[point]); }))
        for (std::size_t member = 0; member < members_; ++member)
          samples[member].push_back(maps[member].values[point]);
    std::vector<double> squares;
    for (std::size_t a = 0; a < members_; ++a)
      for (std::size_t b = a + 1; b < members_; ++b)
        squares.push_back(square(samples[a], samples[b]));
    double mean = 0;
    for (const double each : squares) mean += each / static_cast<double>(squares.size());
    if (!(mean > 0)) return;
    for (std::size_t pair = 0; pair < squares.size(); ++pair)
      squares_[pair] += squares[pair] / mean;
  }

  struct Nearest {
    std::size_t a, b;
    double by_median;
  };
  Nearest nearest() const {
    const auto least = std::min_element(squares_.begin(), squares_.end());
    auto sorted = squares_;
    const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
    std::nth_element(sorted.begin(), middle, sorted.end());
    auto pair = static_cast<std::size_t>(least - squares_.begin());
    std::size_t a = 0;
    for (; pair >= members_ - 1 - a; ++a) pair -= members_ - 1 - a;
    return {a, a + 1 + pair, std::sqrt(*least / *middle)};
  }

 private:
  static double square(const std::vector<float>& a, const std::vector<float>& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
    return sum;
  }

  std::size_t members_;
  std::vector<double> squares_;
};

}  // namespace

void check_collapse(const HealthInput& input, HealthChecks& checks) {
  const auto numbers = member_maps(input, 0);
  const auto count = static_cast<double>(numbers.size());
  if (numbers.size() < 2) return;
  PairDistances distances(numbers.size());
  for (std::size_t channel = 0; channel < input.channels().size(); ++channel) {
    const auto members = member_maps(input, channel);
    const auto reference = input.reference().map(0, 0, channel);
    distances.add(members);
    const double sigma = global_moments(input.grid(), reference).standard_deviation;
    const auto sums = spread_and_error(input.grid(), members, reference);
    const auto check = [&](const char* measure, double value, const Limits& limits,
                           const char* advice) {
      checks.push_back(
          judged(new_check(input, Signature::collapse, measure, input.channels()[channel]), value,
                 limits, advice));
    };
    check(kSpread, std::sqrt(sums.variance) / sigma, at_least(1e-3, 1e-4), kNoSpread);
    if (input.truth != nullptr)
      check("spread by error", std::sqrt((count + 1) / count * sums.variance / sums.squared_error),
            within_factor(2, 4), kSpreadAndError);
  }
  if (numbers.size() < 3) return;
  const auto nearest = distances.nearest();
  auto check = new_check(input, Signature::collapse, "distance of the nearest members");
  check.member = numbers[nearest.a].number;
  check.where =
      fmt::format("members {} and {}", numbers[nearest.a].number, numbers[nearest.b].number);
  checks.push_back(judged(std::move(check), nearest.by_median, at_least(0.5, 0.1), kCopied));
}

HealthChecks check_falling_spread(const HealthChecks& checks) {
  std::map<std::tuple<std::string, std::optional<int>, int>, double> highest;
  HealthChecks falling;
  for (const auto& check : checks) {
    if (check.signature != Signature::collapse || check.measure != kSpread ||
        std::isnan(check.value))
      continue;
    double& before = highest[{check.channel.name, check.channel.level, check.lead_hours % 24}];
    if (before > 0) {
      HealthCheck fall = check;
      fall.measure = "spread by its highest before";
      fall.verdict = Verdict::ok;
      fall.advice.clear();
      falling.push_back(
          judged(std::move(fall), check.value / before, at_least(0.8, 0.5), kFalling));
    }
    before = std::max(before, check.value);
  }
  return falling;
}

}  // namespace ladcast
