#include "nodes/ladcast/time_features.h"

#include <ATen/ATen.h>

#include <chrono>
#include <cmath>
#include <numbers>

#include "graph/error.h"

namespace ladcast {
namespace {

constexpr std::int64_t kHalf = 128;  // features of one kind

// 10000^(-k / 128), k = 0 .. 127
at::Tensor falling(at::TensorOptions options) {
  return at::exp(at::arange(0, kHalf, options) * (-std::log(10000.0)) / static_cast<double>(kHalf));
}

}  // namespace

std::int64_t timestamp_of(Time time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const auto hour = std::chrono::floor<std::chrono::hours>(time - day).count();
  return ((static_cast<int>(date.year()) * 100LL + static_cast<unsigned>(date.month())) * 100LL +
          static_cast<unsigned>(date.day())) *
             100LL +
         hour;
}

double year_progress(std::int64_t timestamp) {
  using namespace std::chrono;
  const auto part = [&](std::int64_t divisor, std::int64_t modulus) {
    return static_cast<unsigned>(timestamp / divisor % modulus);
  };
  const year_month_day date(year(static_cast<int>(timestamp / 1000000)), month(part(10000, 100)),
                            day(part(100, 100)));
  const auto hour = part(1, 100);
  if (timestamp < 1000000000 || timestamp > 9999123123 || !date.ok() || hour > 23)
    fail("{} is not a time of the form YYYYMMDDHH", timestamp);
  const sys_days start(date.year() / January / 1);
  const sys_days end((date.year() + years(1)) / January / 1);
  const auto elapsed = sys_days(date) + hours(hour) - start;
  return static_cast<double>(seconds(elapsed).count()) /
         static_cast<double>(seconds(end - start).count());
}

at::Tensor year_features(const at::Tensor& timestamps, at::ScalarType dtype) {
  const auto given = timestamps.to(at::kCPU, at::kLong).contiguous();
  auto progress = at::empty({given.numel()}, at::kDouble);
  for (std::int64_t i = 0; i < given.numel(); ++i)
    progress.data_ptr<double>()[i] = year_progress(given.data_ptr<std::int64_t>()[i]);
  const auto p = progress.to(dtype);
  const auto angles =
      at::outer(p * (2.0 * std::numbers::pi), at::arange(1, kHalf + 1, p.options()));
  const auto magnitude = falling(p.options());
  return at::cat({angles.sin() * magnitude, angles.cos() * magnitude}, 1);
}

at::Tensor noise_level_features(const at::Tensor& c_noise) {
  const auto angles = at::outer(c_noise, falling(c_noise.options()));
  return at::cat({angles.cos(), angles.sin()}, 1);
}

}  // namespace ladcast
