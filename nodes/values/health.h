// Health of a forecast: what was measured to find the known faults of a learned model, and whether
// it keeps its bounds.
#pragma once

#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "graph/payload.h"
#include "graph/time.h"
#include "nodes/values/channel.h"

namespace ladcast {

/// A kind of fault.
enum class Signature {
  blurring,
  collapse,
  poles,
  drift,
  range,
  noise,
  frozen,
  orientation,
  not_finite
};

enum class Verdict { ok, warn, fail };

/// One measure of one forecast. NaN `value`: it could not be formed, and the verdict is ok.
struct HealthCheck {
  Time init{};
  int lead_hours = 0;
  Signature signature = Signature::blurring;
  std::string measure;        // "power against the analysis"; nodes/health/ lists them
  Channel channel;            // its name is empty where the measure is of all channels
  std::optional<int> member;  // number, where it is of one member: the worst
  std::string where;          // "wavenumbers 9 to 16", "row 87.1875 N"; empty: the whole globe
  double value = 0.0;         // of the measure
  double lower = -std::numeric_limits<double>::infinity();  // bounds that a sound forecast keeps
  double upper = std::numeric_limits<double>::infinity();
  Verdict verdict = Verdict::ok;
  std::string advice;  // one sentence; empty where the verdict is ok
};

/// The checks of one initial time and lead; empty where there was nothing to compare with.
struct Health {
  std::vector<HealthCheck> checks;
};

template <>
struct PayloadTraits<Health> {
  static constexpr const char* name = "Health";
  static std::size_t bytes(const Health& health);
  static std::vector<ArrayView> arrays(const Health& health);
};

/// "blurring", "ensemble collapse", "not finite"; "ok", "warn", "fail".
const char* to_string(Signature signature);
const char* to_string(Verdict verdict);

/// Checks as text, exactly, and back. Throws Error where the text is none.
std::string to_text(const std::vector<HealthCheck>& checks);
std::vector<HealthCheck> checks_from(const std::string& text);

}  // namespace ladcast
