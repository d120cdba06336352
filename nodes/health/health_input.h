// What the checks of one lead look at.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <span>
#include <vector>

#include "nodes/values/fields.h"
#include "nodes/values/health.h"

namespace ladcast {

/// Physical units, one grid and one list of channels; one lead each.
struct HealthInput {
  std::vector<const Fields*> batches;   // of members, at least one
  const Fields* analysis = nullptr;     // of the initial time
  const Fields* truth = nullptr;        // of the valid time, where there is one
  const Fields* climatology = nullptr;  // of the valid time, where there is one

  const std::vector<Channel>& channels() const { return analysis->channels; }
  const Grid& grid() const { return analysis->grid; }
  int lead_hours() const { return batches.front()->lead_hours.front(); }
  /// The truth, or else the analysis.
  const Fields& reference() const { return truth != nullptr ? *truth : *analysis; }
};

struct MemberMap {
  int number;
  std::span<const float> values;
};

/// All members' maps of a channel.
std::vector<MemberMap> member_maps(const HealthInput& input, std::size_t channel);

/// Throws Error where grids, channels or units differ.
void require_comparable(const HealthInput& input);

/// A check of this initial time and lead, still without a value.
HealthCheck new_check(const HealthInput& input, Signature signature, const char* measure,
                      const Channel& channel = {});

/// The area weight of each point, 0 where one of the maps is missing.
std::vector<double> shared_weights(const Grid& grid,
                                   std::initializer_list<std::span<const float>> maps);

/// Weighted mean and standard deviation over the points that are not missing; NaN without any.
struct GlobalMoments {
  double mean;
  double standard_deviation;
};
GlobalMoments global_moments(std::span<const double> weights, std::span<const float> map);
GlobalMoments global_moments(const Grid& grid, std::span<const float> map);

/// Where a channel is in the list.
std::optional<std::size_t> find_channel(const std::vector<Channel>& channels, const char* name,
                                        std::optional<int> level);

using HealthChecks = std::vector<HealthCheck>;

}  // namespace ladcast
