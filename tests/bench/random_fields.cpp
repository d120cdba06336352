#include "tests/bench/random_fields.h"

#include <fmt/format.h>

#include <random>

namespace ladcast::bench {

Grid published_grid() {
  Grid grid;
  for (int row = 0; row < 120; ++row) grid.latitude.push_back(-88.5 + 1.5 * row);
  for (int column = 0; column < 240; ++column) grid.longitude.push_back(1.5 * column);
  return grid;
}

Fields random_fields(const Grid& grid, std::size_t members, std::size_t channels, unsigned seed,
                     const std::vector<float>& centre) {
  Fields fields;
  fields.grid = grid;
  for (std::size_t channel = 0; channel < channels; ++channel)
    fields.channels.push_back({fmt::format("channel_{}", channel), {}, "1"});
  fields.lead_hours = {24};
  for (std::size_t member = 0; member < members; ++member)
    fields.members.push_back(static_cast<int>(member) + 1);
  fields.allocate();
  std::mt19937 engine(seed);
  std::normal_distribution<float> normal;
  for (std::size_t i = 0; i < fields.values.size(); ++i)
    fields.values[i] = normal(engine) + (centre.empty() ? 0.0F : centre[i % centre.size()]);
  return fields;
}

}  // namespace ladcast::bench
