// What many checks say together.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <vector>

#include "nodes/values/health.h"

namespace ladcast {

/// How far beyond its bound a value is: 1 at the bound, 2 at twice (a lower one: half) of it.
double excess(const HealthCheck& check);

/// "0.3 (at most 0.12)": value and bound of a check that is not ok, with as many digits as tell the
/// one from the other.
std::string value_and_bound(const HealthCheck& check);

/// One measure that did not keep its bounds somewhere.
struct HealthFinding {
  HealthCheck first;  // at the earliest initial time and lead
  HealthCheck worst;
  std::set<std::string> channels;
  std::set<Time> inits;
};

/// Gathers checks one by one and keeps the findings alone: as large for one date as for many.
class HealthVerdict {
 public:
  void add(const HealthCheck& check);

  /// Failures first, then by excess.
  std::vector<HealthFinding> findings() const;
  Verdict verdict() const;
  /// "healthy: …" in one line, or a line for each finding and one with its advice.
  std::string text() const;

 private:
  std::vector<HealthFinding> findings_;  // one for each signature and measure
  std::size_t checks_ = 0;
  std::size_t without_value_ = 0;
};

}  // namespace ladcast
