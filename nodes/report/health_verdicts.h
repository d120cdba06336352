// The health of a forecast as the report tells it.
#pragma once

#include <vector>

#include "nodes/health/verdict.h"
#include "nodes/report/page.h"

namespace ladcast {

/// One verdict for each kind of fault that was found, the worst first; a single one that all passed
/// where none was.
std::vector<PageVerdict> page_verdicts(const HealthVerdict& health);

}  // namespace ladcast
