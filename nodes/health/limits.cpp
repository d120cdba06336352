#include "nodes/health/limits.h"

#include <cmath>

namespace ladcast {

Limits at_most(double warn, double fail) { return {.warn_above = warn, .fail_above = fail}; }

Limits at_least(double warn, double fail) { return {.fail_below = fail, .warn_below = warn}; }

Limits within(double warn, double fail) { return {-fail, -warn, warn, fail}; }

Limits within_factor(double warn, double fail) { return {1 / fail, 1 / warn, warn, fail}; }

HealthCheck judged(HealthCheck check, double value, const Limits& limits, const char* advice) {
  check.value = value;
  check.lower = limits.warn_below;
  check.upper = limits.warn_above;
  if (value < limits.fail_below || value > limits.fail_above)
    check.verdict = Verdict::fail;
  else if (value < limits.warn_below || value > limits.warn_above)
    check.verdict = Verdict::warn;
  if (check.verdict != Verdict::ok) check.advice = advice;
  return check;
}

double natural_change(int hours) { return std::sqrt(1.0 - std::exp(-hours / 19.2)); }

}  // namespace ladcast
