#include "nodes/health/checks.h"

#include <algorithm>

#include "nodes/health/blurring.h"
#include "nodes/health/collapse.h"
#include "nodes/health/drift.h"
#include "nodes/health/finite.h"
#include "nodes/health/frozen.h"
#include "nodes/health/orientation.h"
#include "nodes/health/poles.h"
#include "nodes/health/ranges.h"

namespace ladcast {

HealthChecks checks_of_lead(const HealthInput& input) {
  require_comparable(input);
  HealthChecks checks;
  check_finite(input, checks);
  std::vector<Fields> copies;
  HealthInput finite = input;
  if (std::any_of(checks.begin(), checks.end(),
                  [](const auto& check) { return check.verdict != Verdict::ok; })) {
    copies = finite_members(input);
    finite.batches.clear();
    for (const Fields& members : copies) finite.batches.push_back(&members);
    if (copies.empty()) return checks;
  }
  for (const auto check : {check_blurring, check_collapse, check_poles, check_drift, check_frozen,
                           check_orientation, check_ranges})
    check(finite, checks);
  return checks;
}

HealthChecks checks_over_leads(const HealthChecks& checks) {
  HealthChecks all = check_falling_spread(checks);
  const HealthChecks frozen = check_frozen_over_leads(checks);
  all.insert(all.end(), frozen.begin(), frozen.end());
  return all;
}

}  // namespace ladcast
