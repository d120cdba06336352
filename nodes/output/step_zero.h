// The analysis as step 0 of a forecast.
#pragma once

#include <vector>

#include "graph/stage.h"
#include "nodes/values/fields.h"

namespace ladcast {

/// Reports where the analysis cannot be a step 0 of the fields.
void check_step_zero(Shape& shape, const InPort& analysis, const InPort& fields);

/// The channels of an analysis that are `wanted` too. Sums over the hours before the initial time
/// belong to no step of it.
Fields as_step_zero(const Fields& analysis, const std::vector<Channel>& wanted);

}  // namespace ladcast
