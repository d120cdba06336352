// Values that are no numbers.
#pragma once

#include "nodes/health/health_input.h"

namespace ladcast {

/// "points that are NaN or infinite where the analysis is not": how many, in the member with most;
/// none allowed. `where` says what they are and in how many members.
void check_finite(const HealthInput& input, HealthChecks& checks);

/// The members without such points, so that the fault is told once and does not hide others. A
/// channel that has some in every member counts as missing in all, and its members stay. Copies.
std::vector<Fields> finite_members(const HealthInput& input);

}  // namespace ladcast
