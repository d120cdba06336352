#include "nodes/health/orientation.h"

#include <array>
#include <cmath>
#include <limits>

#include "nodes/health/limits.h"
#include "nodes/values/regrid.h"

namespace ladcast {
namespace {

constexpr const char* kTurned =
    "The map fits the analysis better once turned: look at the order of latitudes and at the first "
    "longitude where this channel is read, cropped and written.";

struct Turn {
  const char* name;
  std::vector<std::size_t> from;  // by point: which one comes there
};

std::array<Turn, 3> turns_of(const Grid& grid) {
  const std::size_t rows = grid.rows(), columns = grid.columns();
  std::array<Turn, 3> turns{{{"turned north to south", {}},
                             {"turned by 180 degrees of longitude", {}},
                             {"turned east to west", {}}}};
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t column = 0; column < columns; ++column) {
      turns[0].from.push_back((rows - 1 - row) * columns + column);
      turns[1].from.push_back(row * columns + (column + columns / 2) % columns);
      turns[2].from.push_back(row * columns + columns - 1 - column);
    }
  return turns;
}

bool can_be_turned(const Grid& grid) {
  if (!covers_globe(grid) || grid.columns() % 2 != 0) return false;
  for (std::size_t row = 0; row < grid.rows(); ++row)
    if (std::abs(grid.latitude[row] + grid.latitude[grid.rows() - 1 - row]) > 1e-3) return false;
  return true;
}

struct Fit {
  double ratio = std::numeric_limits<double>::quiet_NaN();
  const char* turn = "";
  std::optional<int> member;

  void see(const Fit& other) {
    if (!(other.ratio >= ratio)) *this = other;
  }
};

class Orientation {
 public:
  explicit Orientation(const HealthInput& input)
      : input_(input), turns_(turns_of(input.grid())), weights_(shared_weights(input.grid(), {})) {}

  void check(std::size_t channel, HealthChecks& checks) const {
    const auto analysis = input_.analysis->map(0, 0, channel);
    const auto members = member_maps(input_, channel);
    std::vector<float> mean(analysis.size());
    Fit worst;
    for (const auto& member : members) {
      for (std::size_t point = 0; point < mean.size(); ++point)
        mean[point] += member.values[point] / static_cast<float>(members.size());
      if (members.size() < 3) continue;
      Fit fit = best(member.values, analysis);
      fit.member = member.number;
      worst.see(fit);
    }
    add("difference from the analysis once turned", channel, best(mean, analysis), checks);
    if (members.size() >= 3)
      add("difference from the analysis once turned, worst member", channel, worst, checks);
  }

 private:
  Fit best(std::span<const float> map, std::span<const float> analysis) const {
    Fit fit;
    for (const Turn& turn : turns_) {
      double as_is = 0, turned = 0;
      for (std::size_t point = 0; point < map.size(); ++point) {
        const double wanted = analysis[point], here = map[point] - wanted,
                     there = map[turn.from[point]] - wanted;
        if (!std::isfinite(here) || !std::isfinite(there)) continue;
        as_is += weights_[point] * here * here;
        turned += weights_[point] * there * there;
      }
      fit.see({std::sqrt(turned / as_is), turn.name, {}});
    }
    return fit;
  }

  void add(const char* measure, std::size_t channel, const Fit& fit, HealthChecks& checks) const {
    auto check = new_check(input_, Signature::orientation, measure, input_.channels()[channel]);
    check.where = fit.turn;
    check.member = fit.member;
    checks.push_back(judged(std::move(check), fit.ratio, at_least(0.65, 0.5), kTurned));
  }

  const HealthInput& input_;
  std::array<Turn, 3> turns_;
  std::vector<double> weights_;
};

}  // namespace

void check_orientation(const HealthInput& input, HealthChecks& checks) {
  if (!can_be_turned(input.grid())) return;
  const Orientation orientation(input);
  for (std::size_t channel = 0; channel < input.channels().size(); ++channel)
    orientation.check(channel, checks);
}

}  // namespace ladcast
