#include "nodes/ensemble/moments.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "nodes/ensemble/same_axes.h"

namespace ladcast {
namespace {

constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();

}  // namespace

void MemberMoments::add(const Fields& batch) {
  if (points_.empty()) {
    like_ = without_values(batch);
    points_.resize(like_.maps() * like_.grid.points());
  } else {
    require_same_axes(batch, like_);
  }
  for (std::size_t member = 0; member < batch.members.size(); ++member) {
    const float* value = batch.values.data() + member * points_.size();
    for (auto& point : points_) {
      const auto x = static_cast<double>(*value++);
      if (std::isnan(x)) continue;
      const double deviation = x - point.mean;
      point.mean += deviation / ++point.members;
      point.square += deviation * (x - point.mean);
    }
  }
}

Fields MemberMoments::like(Statistic::Kind kind) const {
  Fields result = like_;
  for (Channel& channel : result.channels) channel.statistic = Statistic{kind};
  return result;
}

Fields MemberMoments::mean() const {
  Fields result = like(Statistic::Kind::mean);
  result.allocate();
  std::transform(points_.begin(), points_.end(), result.values.begin(), [](const Point& point) {
    return point.members > 0 ? static_cast<float>(point.mean) : kMissing;
  });
  return result;
}

Fields MemberMoments::standard_deviation() const {
  Fields result = like(Statistic::Kind::standard_deviation);
  result.allocate();
  std::transform(points_.begin(), points_.end(), result.values.begin(), [](const Point& point) {
    return point.members > 1 ? static_cast<float>(std::sqrt(point.square / (point.members - 1)))
                             : kMissing;
  });
  return result;
}

}  // namespace ladcast
