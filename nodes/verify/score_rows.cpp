#include "nodes/verify/score_rows.h"

#include "graph/error.h"
#include "nodes/values/regrid.h"

namespace ladcast {
namespace {

void require_comparable(const Fields& fields, const Fields& truth, const std::string& name) {
  if (fields.grid != truth.grid)
    fail("{} is on a grid of {} x {} points, the truth on one of {} x {} or elsewhere", name,
         fields.grid.rows(), fields.grid.columns(), truth.grid.rows(), truth.grid.columns());
  if (fields.channels != truth.channels)
    fail("{} and the truth have other channels or units, or another order of them", name);
  if (fields.normalised != truth.normalised)
    fail("{} is {}, the truth is {}", name, fields.normalised ? "normalised" : "physical",
         truth.normalised ? "normalised" : "physical");
}

// The whole of a grid that is not global is called by its edges.
std::string name_of(const ScoreRegion& region, const Grid& grid) {
  if (!region.boxes.empty() || region.surface != ScoreRegion::Surface::any || covers_globe(grid))
    return region.name;
  return fmt::format("{:.6g} to {:.6g} N {:.6g} to {:.6g} E", grid.latitude.front(),
                     grid.latitude.back(), grid.longitude.front(), grid.longitude.back());
}

}  // namespace

void append_score_rows(std::vector<ScoreRow>& rows, const NamedForecast& forecast,
                       const Fields& truth, const Fields* climatology, const MapScorer& scorer) {
  for (const Fields* batch : forecast.batches) require_comparable(*batch, truth, forecast.name);
  if (climatology != nullptr) require_comparable(*climatology, truth, "climatology");
  for (std::size_t channel = 0; channel < truth.channels.size(); ++channel) {
    std::vector<std::span<const float>> members;
    for (const Fields* batch : forecast.batches) {
      for (std::size_t member = 0; member < batch->members.size(); ++member)
        members.push_back(batch->map(member, 0, channel));
    }
    const auto climate =
        climatology != nullptr ? climatology->map(0, 0, channel) : std::span<const float>{};
    const auto scores =
        scorer.score(truth.channels[channel], members, truth.map(0, 0, channel), climate);
    for (std::size_t region = 0; region < scores.size(); ++region) {
      for (const MapScore& score : scores[region])
        rows.push_back({truth.init, truth.lead_hours.front(), forecast.name,
                        name_of(scorer.regions()[region], truth.grid), truth.channels[channel],
                        score.score, score.event, score.bin, score.value, score.weight,
                        score.points});
    }
  }
}

}  // namespace ladcast
