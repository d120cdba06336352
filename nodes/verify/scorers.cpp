#include "nodes/verify/scorers.h"

#include <algorithm>

#include "nodes/verify/score_rows.h"

namespace ladcast {
namespace {

ScoreSettings named(ScoreSettings settings, const Grid& grid) {
  settings.regions = named_on(std::move(settings.regions), grid);
  return settings;
}

}  // namespace

Scorers::Scorers(const Grid& grid_, ScoreSettings settings, std::span<const float> land_)
    : grid(grid_),
      land(land_.begin(), land_.end()),
      points(grid, named(std::move(settings), grid), land),
      maps(grid, points) {}

std::shared_ptr<const Scorers> KeptScorers::of(const Grid& grid, const ScoreSettings& settings,
                                               std::span<const float> land) const {
  const std::scoped_lock lock(mutex_);
  const auto same = [](float a, float b) { return a == b || (a != a && b != b); };
  if (!last_ || last_->grid != grid ||
      !std::equal(land.begin(), land.end(), last_->land.begin(), last_->land.end(), same))
    last_ = std::make_shared<const Scorers>(grid, settings, land);
  return last_;
}

}  // namespace ladcast
