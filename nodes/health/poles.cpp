#include "nodes/health/poles.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <numeric>

#include "nodes/health/limits.h"
#include "nodes/values/regrid.h"

namespace ladcast {
namespace {

using Row = std::span<const float>;
using PolarRows = std::array<std::size_t, 4>;  // from the pole

constexpr const char* kJump =
    "The polar row is off: look at the crop of rows, the padding of the model's convolutions and "
    "the restored row; pole_rows of denormalise says what is put there.";
constexpr const char* kRough =
    "The polar row is noisy, or constant: do not use fields next to the pole; a smoother or a "
    "model "
    "with spherical padding cures it.";
constexpr const char* kKink =
    "The polar row does not fit its neighbours: look for a row of another field or grid, and at "
    "the "
    "padding of the model's convolutions.";

Row row_of(const Grid& grid, std::span<const float> map, std::size_t row) {
  return map.subspan(row * grid.columns(), grid.columns());
}

double mean_of(Row row) {
  return std::accumulate(row.begin(), row.end(), 0.0) / static_cast<double>(row.size());
}

// Rows in their order from the pole; none where rows next to it are missing or it is too far.
std::optional<PolarRows> polar_rows(const Grid& grid, std::span<const float> map, bool north) {
  const auto numbered = [&](std::size_t i) { return north ? grid.rows() - 1 - i : i; };
  for (std::size_t first = 0; first + 4 <= grid.rows(); ++first) {
    if (std::abs(grid.latitude[numbered(first)]) < 80) return {};
    PolarRows rows{};
    bool complete = true;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      rows[i] = numbered(first + i);
      const Row row = row_of(grid, map, rows[i]);
      complete &= std::all_of(row.begin(), row.end(), [](float v) { return std::isfinite(v); });
    }
    if (complete) return rows;
  }
  return {};
}

// Variance along a row of what is left without the waves 0 to 3.
double rough_variance(Row row) {
  constexpr int kWaves = 3;
  const auto count = static_cast<double>(row.size());
  const double mean = mean_of(row);
  double variance = 0;
  for (const float value : row) variance += (value - mean) * (value - mean) / count;
  for (int k = 1; k <= kWaves; ++k) {
    double cosine = 0, sine = 0;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const double angle = 2 * std::numbers::pi * k * static_cast<double>(i) / count;
      cosine += (row[i] - mean) * std::cos(angle) / count;
      sine += (row[i] - mean) * std::sin(angle) / count;
    }
    variance -= 2 * (cosine * cosine + sine * sine);
  }
  return std::max(variance, 0.0);
}

double mean_kink_square(Row a, Row b, Row c) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double kink = static_cast<double>(a[i]) - 2.0 * b[i] + c[i];
    sum += kink * kink;
  }
  return sum / static_cast<double>(a.size());
}

// Sums over members; the ratios are theirs. Squares below that of `rounding` are of no account.
struct PoleMeasures {
  double jump = 0, rough_polar = 0, rough_next = 0, kink_polar = 0, kink_next = 0;

  static PoleMeasures of(const Grid& grid, std::span<const float> map, const PolarRows& rows,
                         double rounding) {
    std::array<Row, 4> r;
    for (std::size_t i = 0; i < r.size(); ++i) r[i] = row_of(grid, map, rows[i]);
    const double least = rounding * rounding;
    return {mean_of(r[0]) - 2 * mean_of(r[1]) + mean_of(r[2]), rough_variance(r[0]) + least,
            rough_variance(r[1]) + least, mean_kink_square(r[0], r[1], r[2]) + least,
            mean_kink_square(r[1], r[2], r[3]) + least};
  }
  void add(const PoleMeasures& other) {
    jump += other.jump;
    rough_polar += other.rough_polar;
    rough_next += other.rough_next;
    kink_polar += other.kink_polar;
    kink_next += other.kink_next;
  }
  double roughness() const { return std::sqrt(rough_polar / rough_next); }
  double kink() const { return std::sqrt(kink_polar / kink_next); }
};

// Root mean square of the jumps between row means poleward of 45 degrees, and of `least`.
double usual_jump(const Grid& grid, std::span<const float> map, double least) {
  double sum = 0, count = 0;
  for (std::size_t row = 1; row + 1 < grid.rows(); ++row) {
    if (std::abs(grid.latitude[row]) < 45) continue;
    const double jump = mean_of(row_of(grid, map, row - 1)) - 2 * mean_of(row_of(grid, map, row)) +
                        mean_of(row_of(grid, map, row + 1));
    if (!std::isfinite(jump)) continue;
    sum += jump * jump;
    ++count;
  }
  return std::hypot(std::sqrt(sum / count), least);
}

// At most `warn`, `fail` times `widen`, or more where the reference has much.
Limits against(double reference, double warn, double fail, double widen) {
  return at_most(widen * std::max(warn, 2 * reference), widen * std::max(fail, 4 * reference));
}

// The same and, unless the reference is as smooth or the rows may be dry, no less than a row has
// that is not constant.
Limits of_roughness(double reference, bool patchy) {
  constexpr double kLeast = 0.02;
  Limits limits = against(reference, 1.3, 2.5, patchy ? 2 : 1);
  if (reference > kLeast && !patchy) {
    limits.warn_below = std::min(kLeast, reference / 4);
    limits.fail_below = limits.warn_below / 4;
  }
  return limits;
}

// The highest of the members' ratios, and whose it is.
struct Worst {
  double value = 0;
  std::optional<int> member;

  void see(double other, int number) {
    if (other > value) *this = {other, number};
  }
};

void check_pole(const HealthInput& input, std::size_t channel, const PolarRows& rows,
                HealthChecks& checks) {
  const Grid& grid = input.grid();
  const auto reference = input.reference().map(0, 0, channel);
  const double sigma = global_moments(grid, reference).standard_deviation;
  const double rounding = 1e-4 * sigma;
  const auto wanted = PoleMeasures::of(grid, reference, rows, rounding);
  const auto members = member_maps(input, channel);
  PoleMeasures sum;
  Worst roughest, most_kinked;
  for (const auto& member : members) {
    const auto measures = PoleMeasures::of(grid, member.values, rows, rounding);
    sum.add(measures);
    roughest.see(measures.roughness(), member.number);
    most_kinked.see(measures.kink(), member.number);
  }
  const auto add = [&](const char* measure, const Worst& measured, const Limits& limits,
                       const char* advice) {
    auto check = new_check(input, Signature::poles, measure, input.channels()[channel]);
    const double latitude = grid.latitude[rows.front()];
    check.where = fmt::format("row {:.6g} {}", std::abs(latitude), latitude < 0 ? "S" : "N");
    check.member = measured.member;
    checks.push_back(judged(std::move(check), measured.value, limits, advice));
  };
  const double natural = natural_change(input.lead_hours());
  const double jump = sum.jump / static_cast<double>(members.size()) - wanted.jump;
  const bool patchy = input.channels()[channel].name.starts_with("total_precipitation");
  add("jump of the polar row", {jump / usual_jump(grid, reference, 0.01 * sigma), {}},
      within(11 * natural, 20 * natural), kJump);
  add("roughness along the polar row", {sum.roughness(), {}},
      of_roughness(wanted.roughness(), patchy), kRough);
  add("kink at the polar row", {sum.kink(), {}}, against(wanted.kink(), 4, 8, 1), kKink);
  if (members.size() < 3) return;
  add("roughness along the polar row, worst member", roughest,
      against(wanted.roughness(), 1.3, 2.5, patchy ? 3 : 1.5), kRough);
  add("kink at the polar row, worst member", most_kinked, against(wanted.kink(), 4, 8, 1.5), kKink);
}

}  // namespace

void check_poles(const HealthInput& input, HealthChecks& checks) {
  const Grid& grid = input.grid();
  if (grid.rows() < 8 || !covers_globe(grid)) return;
  for (std::size_t channel = 0; channel < input.channels().size(); ++channel)
    for (const bool north : {false, true})
      if (const auto rows = polar_rows(grid, input.reference().map(0, 0, channel), north))
        check_pole(input, channel, *rows, checks);
}

}  // namespace ladcast
