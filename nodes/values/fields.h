// Fields: maps of the atmosphere, the value that most edges carry.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "graph/time.h"
#include "nodes/values/channel.h"
#include "nodes/values/grid.h"

namespace ladcast {

/// float32 values [member][lead][channel][latitude][longitude], row-major. NaN is missing.
/// Plain C++: a plugin compiles without LibTorch.
struct Fields {
  Grid grid;
  std::vector<Channel> channels;
  Time init{};                  // initial time; valid time = init + lead
  std::vector<int> lead_hours;  // one for each lead; an analysis has {0}
  std::vector<int> members;  // member numbers from 1; {0} where there is only one and no ensemble
  bool normalised = false;   // zero mean and unit variance instead of physical units
  std::vector<float> values;

  /// Fields with the axes of `like` and values of 0.
  static Fields zeros_like(const Fields& like);

  std::size_t maps() const { return members.size() * lead_hours.size() * channels.size(); }

  /// The map of one member, lead and channel, all counted from 0.
  std::span<float> map(std::size_t member, std::size_t lead, std::size_t channel) {
    return std::span(values).subspan(offset(member, lead, channel), grid.points());
  }
  std::span<const float> map(std::size_t member, std::size_t lead, std::size_t channel) const {
    return std::span(values).subspan(offset(member, lead, channel), grid.points());
  }

  /// Makes `values` as large as the axes say, filled with `value`.
  void allocate(float value = 0.0F) { values.assign(maps() * grid.points(), value); }

 private:
  std::size_t offset(std::size_t member, std::size_t lead, std::size_t channel) const {
    return ((member * lead_hours.size() + lead) * channels.size() + channel) * grid.points();
  }
};

}  // namespace ladcast
