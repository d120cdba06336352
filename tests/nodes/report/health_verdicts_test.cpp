#include "nodes/report/health_verdicts.h"

#include <doctest/doctest.h>

using namespace ladcast;

namespace {

HealthCheck check(int lead_hours, double value, Verdict verdict) {
  return {.init = parse_time("2002-01-11"),
          .lead_hours = lead_hours,
          .signature = Signature::blurring,
          .measure = "power against the analysis",
          .channel = {"temperature", 850, "K"},
          .member = {},
          .where = "wavenumbers 9 to 16",
          .value = value,
          .lower = 0.5,
          .verdict = verdict,
          .advice = verdict == Verdict::ok ? "" : "Take more steps."};
}

}  // namespace

TEST_CASE("a sound forecast has one verdict") {
  HealthVerdict health;
  health.add(check(24, 0.9, Verdict::ok));
  const auto verdicts = page_verdicts(health);
  REQUIRE(verdicts.size() == 1);
  CHECK(verdicts[0].status == PageVerdict::Status::passed);
  CHECK(verdicts[0].finding.find("1 check)") != std::string::npos);
}

TEST_CASE("a fault is told with its measure, threshold, place and cure") {
  HealthVerdict health;
  health.add(check(24, 0.45, Verdict::warn));
  health.add(check(120, 0.2, Verdict::fail));
  const auto verdicts = page_verdicts(health);
  REQUIRE(verdicts.size() == 1);
  CHECK(verdicts[0].status == PageVerdict::Status::failed);
  CHECK(verdicts[0].finding ==
        "Blurring, power against the analysis: from day 1 on; worst 0.2 (at least 0.5) at "
        "day 5: Temperature 850 hPa, wavenumbers 9 to 16.");
  CHECK(verdicts[0].advice == "Take more steps.");
}
