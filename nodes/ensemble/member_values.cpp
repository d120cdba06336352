#include "nodes/ensemble/member_values.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "graph/error.h"
#include "nodes/ensemble/same_axes.h"

namespace ladcast {

void MemberValues::add(const Fields& batch) {
  if (members_.empty())
    like_ = without_values(batch);
  else
    require_same_axes(batch, like_);
  const std::size_t size = like_.maps() * like_.grid.points();
  for (std::size_t member = 0; member < batch.members.size(); ++member) {
    const float* values = batch.values.data() + member * size;
    members_.emplace_back(values, values + size);
  }
}

Fields MemberValues::percentiles(const std::vector<double>& percentiles) const {
  Fields result = like_;
  result.channels.clear();
  for (const double p : percentiles) {
    for (Channel channel : like_.channels) {
      channel.statistic = Statistic{Statistic::Kind::percentile, p};
      result.channels.push_back(std::move(channel));
    }
  }
  result.allocate(std::numeric_limits<float>::quiet_NaN());

  const std::size_t channels = like_.channels.size();
  const std::size_t points = like_.grid.points();
  std::vector<float> ascending;
  ascending.reserve(members_.size());
  for (std::size_t lead = 0; lead < like_.lead_hours.size(); ++lead) {
    for (std::size_t channel = 0; channel < channels; ++channel) {
      for (std::size_t point = 0; point < points; ++point) {
        ascending.clear();
        const std::size_t at = (lead * channels + channel) * points + point;
        for (const auto& values : members_)
          if (!std::isnan(values[at])) ascending.push_back(values[at]);
        if (ascending.empty()) continue;
        std::sort(ascending.begin(), ascending.end());
        for (std::size_t i = 0; i < percentiles.size(); ++i)
          result.map(0, lead, i * channels + channel)[point] =
              percentile(ascending, percentiles[i]);
      }
    }
  }
  return result;
}

float percentile(const std::vector<float>& ascending, double p) {
  const double position = static_cast<double>(ascending.size() - 1) * p / 100;
  const auto below = static_cast<std::size_t>(position);
  const std::size_t above = std::min(below + 1, ascending.size() - 1);
  const double low = ascending[below], high = ascending[above];
  return static_cast<float>(low + (high - low) * (position - static_cast<double>(below)));
}

}  // namespace ladcast
