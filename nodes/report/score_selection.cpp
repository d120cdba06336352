#include "nodes/report/score_selection.h"

#include <cmath>

namespace ladcast {

bool is_reference(const std::string& forecast) {
  return forecast == "persistence" || forecast == "climatology" || forecast == "truth";
}

Looks::Looks(const std::vector<SeriesPoint>& points) {
  static constexpr const char* kOwn[] = {"s0", "s3", "s4", "s5"};
  const auto own = own_forecasts(points);
  for (std::size_t i = 0; i < own.size(); ++i) looks_.emplace_back(own[i], kOwn[i % 4]);
  for (const auto& [forecast, look] :
       {std::pair{"persistence", "s1"}, std::pair{"climatology", "s2"}, std::pair{"truth", "s6"}})
    looks_.emplace_back(forecast, look);
}

ScoreSelection::ScoreSelection(const std::vector<SeriesPoint>& points, const ScoreChoice& wanted)
    : choice(wanted), looks(points) {
  for (const auto& point : points) {
    const ScoreRow& row = point.row;
    if (row.region != choice.region) continue;
    by_score_[{row.score, to_string(row.channel), row.forecast}].push_back(&point);
    add_once(channels, row.channel);
  }
}

const std::vector<const SeriesPoint*>& ScoreSelection::of(const std::string& score,
                                                          const Channel& channel,
                                                          const std::string& forecast) const {
  static const std::vector<const SeriesPoint*> kNone;
  const auto found = by_score_.find({score, to_string(channel), forecast});
  return found == by_score_.end() ? kNone : found->second;
}

std::vector<const SeriesPoint*> at_lead(const std::vector<const SeriesPoint*>& points, int lead) {
  std::vector<const SeriesPoint*> chosen;
  for (const auto* point : points)
    if (point->row.lead_hours == lead && point->row.bin && std::isfinite(point->row.value))
      chosen.push_back(point);
  std::sort(chosen.begin(), chosen.end(),
            [](const auto* a, const auto* b) { return *a->row.bin < *b->row.bin; });
  return chosen;
}

std::vector<std::string> own_forecasts(const std::vector<SeriesPoint>& points) {
  std::vector<std::string> own;
  for (const auto& point : points)
    if (!is_reference(point.row.forecast)) add_once(own, point.row.forecast);
  return own;
}

}  // namespace ladcast
