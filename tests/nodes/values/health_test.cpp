#include "nodes/values/health.h"

#include <doctest/doctest.h>

#include <cmath>

#include "graph/error.h"

using namespace ladcast;

TEST_CASE("health checks survive as text, with what they lack, infinity and NaN") {
  HealthCheck drift;
  drift.init = parse_time("2002-01-11T06");
  drift.lead_hours = 48;
  drift.signature = Signature::drift;
  drift.measure = "global mean";
  drift.channel = {"temperature", 850, "K"};
  drift.value = 0.1 + 0.2;
  drift.upper = 0.25;
  drift.verdict = Verdict::fail;
  drift.advice = "look at \"it\",\nplease";
  HealthCheck copied;
  copied.signature = Signature::collapse;
  copied.member = 7;
  copied.value = std::nan("");

  const auto checks = checks_from(to_text({drift, copied}));
  REQUIRE(checks.size() == 2);
  CHECK(checks[0].init == drift.init);
  CHECK(checks[0].lead_hours == 48);
  CHECK(checks[0].signature == Signature::drift);
  CHECK(checks[0].measure == "global mean");
  CHECK(checks[0].channel == drift.channel);
  CHECK(!checks[0].member);
  CHECK(checks[0].value == drift.value);
  CHECK(checks[0].lower == drift.lower);
  CHECK(checks[0].upper == 0.25);
  CHECK(checks[0].verdict == Verdict::fail);
  CHECK(checks[0].advice == drift.advice);
  CHECK(checks[1].member == 7);
  CHECK(!checks[1].channel.level);
  CHECK(std::isnan(checks[1].value));
}

TEST_CASE("text that holds no health checks is refused") {
  CHECK_THROWS_AS(checks_from("[[1, 2]]"), Error);
  CHECK_THROWS_AS(checks_from("not JSON"), Error);
}
