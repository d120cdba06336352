#include "nodes/health/verdict.h"

#include <doctest/doctest.h>

#include <cmath>

#include "nodes/health/limits.h"

using namespace ladcast;

namespace {

HealthCheck check(int lead_hours, Signature signature, const char* measure, const char* variable,
                  double value, const Limits& limits) {
  HealthCheck check;
  check.init = parse_time("2002-01-11");
  check.lead_hours = lead_hours;
  check.signature = signature;
  check.measure = measure;
  check.channel = {variable, {}, "K"};
  return judged(check, value, limits, "Do this.");
}

}  // namespace

TEST_CASE("a value is judged by two pairs of bounds, and bounds themselves are kept") {
  const auto verdict = [](double value) {
    return check(6, Signature::drift, "mean", "t", value, within(0.1, 0.2)).verdict;
  };
  CHECK(verdict(0.1) == Verdict::ok);
  CHECK(verdict(-0.11) == Verdict::warn);
  CHECK(verdict(0.2) == Verdict::warn);
  CHECK(verdict(0.21) == Verdict::fail);
  CHECK(verdict(-INFINITY) == Verdict::fail);
  CHECK(verdict(NAN) == Verdict::ok);
  const auto ok = check(6, Signature::drift, "mean", "t", 0.1, within(0.1, 0.2));
  CHECK(ok.advice.empty());
  CHECK(ok.lower == -0.1);
  CHECK(ok.upper == 0.1);
  CHECK(check(6, Signature::drift, "mean", "t", 0.3, within(0.1, 0.2)).advice == "Do this.");
}

TEST_CASE("what is beyond is told in multiples of the bound, on both sides") {
  CHECK(excess(check(6, Signature::drift, "mean", "t", 0.2, within(0.1, 0.4))) == 2.0);
  CHECK(excess(check(6, Signature::drift, "mean", "t", -0.3, within(0.1, 0.4))) ==
        doctest::Approx(3));
  CHECK(excess(check(6, Signature::blurring, "power", "t", 0.125, within_factor(2, 4))) == 4.0);
  CHECK(excess(check(6, Signature::drift, "mean", "t", 0.05, within(0.1, 0.4))) == 0.0);
}

TEST_CASE("the verdict tells failures first, where each began, its worst and how many channels") {
  HealthVerdict verdict;
  verdict.add(check(6, Signature::drift, "mean", "t", 0.05, within(0.1, 0.4)));
  verdict.add(check(12, Signature::drift, "mean", "t", 0.3, within(0.1, 0.4)));
  verdict.add(check(18, Signature::drift, "mean", "q", 0.2, within(0.1, 0.4)));
  verdict.add(check(18, Signature::poles, "jump", "q", NAN, within(1, 2)));
  verdict.add(check(24, Signature::blurring, "power", "z", 0.2, at_least(0.5, 0.25)));
  CHECK(verdict.verdict() == Verdict::fail);
  CHECK(verdict.text() ==
        "health: fail, 2 kinds of fault (4 checks, 1 more without a value)\n"
        "  fail  blurring, power: from 24 h; worst 0.2 (at least 0.5) at 24 h in z\n"
        "        Do this.\n"
        "  warn  drift, mean: from 12 h; in 2 channels; worst 0.3 (at most 0.1) at 12 h in t\n"
        "        Do this.\n");
}

TEST_CASE("a healthy forecast is told in one line, and one that could not be checked as such") {
  HealthVerdict verdict;
  CHECK(verdict.text() == "health: nothing could be checked\n");
  verdict.add(check(6, Signature::drift, "mean", "t", 0.05, within(0.1, 0.4)));
  CHECK(verdict.verdict() == Verdict::ok);
  CHECK(verdict.text() ==
        "healthy: no blurring, noise, collapse, drift, frozen or turned maps, broken poles or "
        "impossible values (1 check)\n");
}

TEST_CASE("a finding names where it began, and digits enough to tell the value from its bound") {
  HealthVerdict verdict;
  verdict.add(check(12, Signature::drift, "mean", "t", 0.5, within(0.1, 0.2)));
  verdict.add(check(12, Signature::noise, "power", "q", 2.22512, at_most(2.225, 4)));
  auto holes = check(6, Signature::not_finite, "points", "z", 12, at_most(0, 0));
  holes.member = 3;
  verdict.add(holes);
  holes.lead_hours = 18;
  holes.channel.name = "t";
  verdict.add(judged(holes, 1234567, at_most(0, 0), "Do this."));
  CHECK(
      verdict.text() ==
      "health: fail, 3 kinds of fault (4 checks)\n"
      "  fail  not finite, points: from 6 h in z, member 3; in 2 channels; worst 1234567 (at most "
      "0) at 18 h in t, member 3\n"
      "        Do this.\n"
      "  fail  drift, mean: from 12 h; worst 0.5 (at most 0.1) at 12 h in t\n"
      "        Do this.\n"
      "  warn  noise, power: from 12 h; worst 2.2251 (at most 2.225) at 12 h in q\n"
      "        Do this.\n");
}
