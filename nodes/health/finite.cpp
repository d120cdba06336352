#include "nodes/health/finite.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "nodes/health/limits.h"

namespace ladcast {
namespace {

constexpr const char* kNotFinite =
    "The networks overflow, or a file has holes: run the networks in fp32, and look at this "
    "member's inputs at the first of these leads and at the channel's statistics. Such members are "
    "left out of the other checks.";

struct Holes {
  std::size_t nan = 0, infinite = 0;  // points
  std::size_t points() const { return nan + infinite; }
};

Holes holes_of(std::span<const float> map, std::span<const float> analysis) {
  Holes holes;
  for (std::size_t point = 0; point < map.size(); ++point) {
    if (std::isfinite(map[point]) || !std::isfinite(analysis[point])) continue;
    ++(std::isnan(map[point]) ? holes.nan : holes.infinite);
  }
  return holes;
}

bool has_holes(const HealthInput& input, const Fields& batch, std::size_t member,
               std::size_t channel) {
  return holes_of(batch.map(member, 0, channel), input.analysis->map(0, 0, channel)).points() > 0;
}

// By channel: whether no member is without holes.
std::vector<bool> lost_channels(const HealthInput& input) {
  std::vector<bool> lost(input.channels().size(), true);
  for (const Fields* batch : input.batches)
    for (std::size_t member = 0; member < batch->members.size(); ++member)
      for (std::size_t channel = 0; channel < lost.size(); ++channel)
        lost[channel] = lost[channel] && has_holes(input, *batch, member, channel);
  return lost;
}

}  // namespace

void check_finite(const HealthInput& input, HealthChecks& checks) {
  for (std::size_t channel = 0; channel < input.channels().size(); ++channel) {
    const auto members = member_maps(input, channel);
    auto check = new_check(input, Signature::not_finite,
                           "points that are NaN or infinite where the analysis is not",
                           input.channels()[channel]);
    Holes all;
    std::size_t worst = 0, touched = 0;
    for (const auto& member : members) {
      const Holes holes = holes_of(member.values, input.analysis->map(0, 0, channel));
      if (holes.points() > 0) ++touched;
      if (holes.points() > worst) {
        worst = holes.points();
        check.member = member.number;
      }
      all.nan += holes.nan;
      all.infinite += holes.infinite;
    }
    if (worst > 0)
      check.where = fmt::format("{} in {} of {} members",
                                all.infinite == 0 ? "NaN"
                                : all.nan == 0    ? "infinite"
                                                  : "NaN and infinite",
                                touched, members.size());
    checks.push_back(
        judged(std::move(check), static_cast<double>(worst), at_most(0, 0), kNotFinite));
  }
}

std::vector<Fields> finite_members(const HealthInput& input) {
  const auto lost = lost_channels(input);
  std::vector<Fields> finite;
  for (const Fields* batch : input.batches) {
    Fields kept = *batch;
    kept.members.clear();
    kept.values.clear();
    for (std::size_t member = 0; member < batch->members.size(); ++member) {
      bool sound = true;
      for (std::size_t channel = 0; channel < lost.size(); ++channel)
        sound = sound && (lost[channel] || !has_holes(input, *batch, member, channel));
      if (!sound) continue;
      kept.members.push_back(batch->members[member]);
      for (std::size_t channel = 0; channel < lost.size(); ++channel) {
        const auto map = batch->map(member, 0, channel);
        if (lost[channel])
          kept.values.insert(kept.values.end(), map.size(),
                             std::numeric_limits<float>::quiet_NaN());
        else
          kept.values.insert(kept.values.end(), map.begin(), map.end());
      }
    }
    if (!kept.members.empty()) finite.push_back(std::move(kept));
  }
  return finite;
}

}  // namespace ladcast
