// Fields for measurements.
#pragma once

#include <cstddef>
#include <vector>

#include "nodes/values/fields.h"

namespace ladcast::bench {

/// 120 x 240 points, without the south pole's row, as the published model has them.
Grid published_grid();

/// One lead, 24 h, at each point normally distributed about `centre` (a map for each channel, or
/// nothing: about 0).
Fields random_fields(const Grid& grid, std::size_t members, std::size_t channels, unsigned seed,
                     const std::vector<float>& centre = {});

}  // namespace ladcast::bench
