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

std::string region_of(const Grid& grid) {
  if (covers_globe(grid)) return "global";
  return fmt::format("{:.6g} to {:.6g} N {:.6g} to {:.6g} E", grid.latitude.front(),
                     grid.latitude.back(), grid.longitude.front(), grid.longitude.back());
}

}  // namespace

void append_score_rows(std::vector<ScoreRow>& rows, const NamedForecast& forecast,
                       const Fields& truth, const Fields* climatology, const MapScorer& scorer) {
  for (const Fields* batch : forecast.batches) require_comparable(*batch, truth, forecast.name);
  if (climatology != nullptr) require_comparable(*climatology, truth, "climatology");
  const std::string region = region_of(truth.grid);
  for (std::size_t channel = 0; channel < truth.channels.size(); ++channel) {
    std::vector<std::span<const float>> members;
    for (const Fields* batch : forecast.batches) {
      for (std::size_t member = 0; member < batch->members.size(); ++member)
        members.push_back(batch->map(member, 0, channel));
    }
    const auto climate =
        climatology != nullptr ? climatology->map(0, 0, channel) : std::span<const float>{};
    const EnsembleScores scores = scorer.score(members, truth.map(0, 0, channel), climate);
    const auto add = [&](const char* score, double value, const SpatialMean& used) {
      rows.push_back({truth.init,
                      truth.lead_hours.front(),
                      forecast.name,
                      region,
                      truth.channels[channel],
                      score,
                      {},
                      {},
                      value,
                      used.weight / scorer.total_weight(),
                      used.points});
    };
    add("mse", scores.mse.value(), scores.mse);
    add("bias", scores.bias.value(), scores.bias);
    add("mae", scores.mae.value(), scores.mae);
    add("crps_fair", scores.crps_fair.value(), scores.crps_fair);
    if (members.size() > 1) {
      add("variance", scores.variance.value(), scores.variance);
      add("expected_mse", scores.expected_mse.value(), scores.expected_mse);
    }
    if (climatology != nullptr) add("acc", scores.acc.value(), scores.acc.covariance);
  }
}

}  // namespace ladcast
