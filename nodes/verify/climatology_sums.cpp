#include "nodes/verify/climatology_sums.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "nodes/verify/day_of_year.h"

namespace ladcast {

namespace {
constexpr int kDays = 366;
}

ClimatologySums::ClimatologySums(std::size_t channels, std::size_t points, bool deviation)
    : channels_(channels), points_(points), deviation_(deviation) {}

std::size_t ClimatologySums::bytes(std::size_t slots, std::size_t channels, std::size_t points,
                                   bool deviation) {
  return slots * channels * points * (sizeof(double) * (deviation ? 2 : 1) + sizeof(std::uint16_t));
}

std::vector<ClimatologySums::Slot> ClimatologySums::slots_of(Time valid) {
  using namespace std::chrono;
  const auto day = floor<days>(valid);
  const int hour = static_cast<int>((valid - day) / hours{1});
  const int number = day_of_year(valid);
  if (number == 365 && !year_month_day{day}.year().is_leap()) return {{hour, 365}, {hour, kDays}};
  return {{hour, number}};
}

std::size_t ClimatologySums::count(const Slot& slot) const {
  const auto found = slots_.find(slot);
  return found == slots_.end() ? 0 : found->second.count;
}

void ClimatologySums::add(const Fields& analysis) {
  const Time valid = analysis.init + std::chrono::hours{analysis.lead_hours.front()};
  for (const Slot& slot : slots_of(valid)) {
    Moments& moments = slots_[slot];
    if (moments.count == 0) {
      moments.mean.assign(channels_ * points_, 0.0);
      if (deviation_) moments.squares.assign(channels_ * points_, 0.0);
      moments.missing.resize(channels_);
    }
    ++moments.count;
    for (std::size_t channel = 0; channel < channels_; ++channel)
      add_map(moments, channel, analysis.map(0, 0, channel), deviation_);
  }
}

void ClimatologySums::add_map(Moments& moments, std::size_t channel, std::span<const float> map,
                              bool deviation) {
  auto& missing = moments.missing[channel];
  if (missing.empty() && std::any_of(map.begin(), map.end(), [](float x) { return std::isnan(x); }))
    missing.assign(map.size(), 0);
  double* mean = moments.mean.data() + channel * map.size();
  double* squares = deviation ? moments.squares.data() + channel * map.size() : nullptr;
  for (std::size_t point = 0; point < map.size(); ++point) {
    if (!missing.empty() && std::isnan(map[point])) {
      ++missing[point];
      continue;
    }
    const std::size_t count = moments.count - (missing.empty() ? 0 : missing[point]);
    const double before = map[point] - mean[point];
    mean[point] += before / static_cast<double>(count);
    if (squares) squares[point] += before * (map[point] - mean[point]);
  }
}

/// What there is in the window around a slot, and its weights.
std::vector<std::pair<const ClimatologySums::Moments*, double>> ClimatologySums::window(
    const Slot& slot, int window_days) const {
  const int half = window_days / 2;
  std::vector<std::pair<const Moments*, double>> window;
  for (int away = 1 - half; away < half; ++away) {
    const int day = (slot.second - 1 + away + kDays) % kDays + 1;
    const auto found = slots_.find({slot.first, day});
    if (found != slots_.end())
      window.emplace_back(&found->second, 1.0 - static_cast<double>(std::abs(away)) / half);
  }
  return window;
}

/// Calls `loop` with a function that tells the weight of all values at a point: of a constant where
/// none is missing, so that the compiler makes a fast loop of it.
template <class Loop>
void ClimatologySums::with_counts(const Moments& part, std::size_t channel, double weight,
                                  Loop loop) {
  const auto& missing = part.missing[channel];
  const auto weigh = [weight](std::size_t count) { return weight * static_cast<double>(count); };
  if (missing.empty())
    loop([all = weigh(part.count)](std::size_t) { return all; });
  else
    loop([&](std::size_t point) { return weigh(part.count - missing[point]); });
}

bool ClimatologySums::smooth(const Slot& slot, std::size_t channel, int window_days,
                             std::span<float> mean, std::span<float> deviation) const {
  const auto parts = window(slot, window_days);
  if (parts.empty()) return false;
  std::vector<double> sum(points_, 0.0), total(points_, 0.0);
  for (const auto& [part, weight] : parts) {
    const double* means = part->mean.data() + channel * points_;
    with_counts(*part, channel, weight, [&](auto counted) {
      for (std::size_t point = 0; point < points_; ++point) {
        sum[point] += counted(point) * means[point];
        total[point] += counted(point);
      }
    });
  }
  for (std::size_t point = 0; point < points_; ++point) {
    sum[point] /= total[point];  // NaN where there is nothing
    mean[point] = static_cast<float>(sum[point]);
  }
  if (deviation.empty()) return true;
  std::vector<double> squares(points_, 0.0);
  for (const auto& [part, weight] : parts) {
    const double* means = part->mean.data() + channel * points_;
    const double* within = part->squares.data() + channel * points_;
    with_counts(*part, channel, weight, [&, weight = weight](auto counted) {
      for (std::size_t point = 0; point < points_; ++point) {
        const double away = means[point] - sum[point];
        if (counted(point) > 0)
          squares[point] += weight * within[point] + counted(point) * away * away;
      }
    });
  }
  for (std::size_t point = 0; point < points_; ++point)
    deviation[point] = static_cast<float>(std::sqrt(squares[point] / total[point]));
  return true;
}

}  // namespace ladcast
