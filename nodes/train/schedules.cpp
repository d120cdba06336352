#include "nodes/train/schedules.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace ladcast {

double LearningRate::at(std::int64_t step) const {
  if (searches)
    return peak * std::pow(1e-4, 1.0 - static_cast<double>(std::min(step, steps)) /
                                           static_cast<double>(std::max<std::int64_t>(1, steps)));
  if (step < warm_up) return peak * static_cast<double>(step) / static_cast<double>(warm_up);
  if (steps == 0) return peak;
  const auto falling = std::max<std::int64_t>(1, steps - warm_up);
  const double done =
      std::min(1.0, static_cast<double>(step - warm_up) / static_cast<double>(falling));
  return peak * std::max(0.0, 0.5 * (1.0 + std::cos(std::numbers::pi * done)));
}

double MovingAverage::decay(std::int64_t update) const {
  const auto since = update - begin - 1;
  if (since <= 0) return 0.0;
  return std::clamp(1.0 - std::pow(1.0 + static_cast<double>(since), -power), 0.0, largest);
}

}  // namespace ladcast
