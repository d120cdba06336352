#include "nodes/ensemble/exceedance.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "graph/error.h"
#include "nodes/ensemble/same_axes.h"

namespace ladcast {

void Exceedance::add(const Fields& batch, const std::vector<Event>& events) {
  if (counts_.empty()) {
    begin(batch, events);
  } else {
    require_same_axes(batch, like_);
  }
  for (std::size_t member = 0; member < batch.members.size(); ++member) {
    Count* count = counts_.data();
    for (std::size_t lead = 0; lead < batch.lead_hours.size(); ++lead) {
      for (std::size_t i = 0; i < events.size(); ++i) {
        const bool above = events[i].statistic.kind == Statistic::Kind::above;
        const auto threshold = static_cast<float>(events[i].statistic.value);
        for (const float value : batch.map(member, lead, channels_[i])) {
          count->members += std::isnan(value) ? 0 : 1;
          count->holds += (above ? value > threshold : value < threshold) ? 1 : 0;
          ++count;
        }
      }
    }
  }
}

void Exceedance::begin(const Fields& batch, const std::vector<Event>& events) {
  like_ = without_values(batch);
  result_ = like_;
  result_.channels.clear();
  for (const Event& event : events) {
    const auto channel = std::find_if(like_.channels.begin(), like_.channels.end(),
                                      [&](const Channel& c) { return event.is_about(c); });
    if (channel == like_.channels.end()) fail("the fields have no {}", event.about());
    channels_.push_back(static_cast<std::size_t>(channel - like_.channels.begin()));
    result_.channels.push_back(event.channel());
  }
  counts_.resize(result_.maps() * result_.grid.points());
}

Fields Exceedance::probabilities() const {
  Fields result = result_;
  result.allocate();
  std::transform(counts_.begin(), counts_.end(), result.values.begin(), [](const Count& count) {
    return count.members > 0 ? static_cast<float>(static_cast<double>(count.holds) /
                                                  static_cast<double>(count.members))
                             : std::numeric_limits<float>::quiet_NaN();
  });
  return result;
}

}  // namespace ladcast
