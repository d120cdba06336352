#include <doctest/doctest.h>

#include <fstream>
#include <sstream>

#include "graph/harness.h"
#include "nodes/values/fields_payload.h"
#include "nodes/values/health.h"
#include "tests/nodes/error_message.h"
#include "tests/nodes/health/planet.h"
#include "tests/temporary_folder.h"

using namespace ladcast;

namespace {

const Axes kLeads{true, {1, 1, 1}, false};
const Axes kBatches{true, {1, 1, 1}, true};
const Key kFirst{0, 1, 0};

Fields batch(const Fields& all, std::vector<int> members) {
  Fields some = all;
  some.values.clear();
  for (const int member : members) {
    const auto map = all.map(static_cast<std::size_t>(member) - 1, 0, 0);
    some.values.insert(some.values.end(), map.begin(), map.end());
  }
  some.members = std::move(members);
  return some;
}

// One channel of three members in two batches.
Harness health(const std::function<void(Fields& analysis, Fields& forecast)>& change) {
  const Planet planet;
  const auto first = [](Fields fields) {
    Fields one = fields;
    one.channels.resize(1);
    one.allocate();
    for (std::size_t member = 0; member < fields.members.size(); ++member) {
      const auto map = fields.map(member, 0, 0);
      std::copy(map.begin(), map.end(), one.map(member, 0, 0).begin());
    }
    return one;
  };
  Fields analysis = first(planet.state(kInit, 0)), forecast = first(ensemble_of(planet, 3, 6));
  change(analysis, forecast);
  Harness harness("health");
  harness.plan("inits = [\"2002-01-11T00:00:00Z\"]\nmembers = 3\nbatch = 2")
      .plan("lead = { step_hours = 6, until_hours = 6 }")
      .put("analysis", analysis)
      .put_all<Fields>("forecast",
                       {{kFirst, batch(forecast, {1, 2})}, {{0, 1, 1}, batch(forecast, {3})}},
                       kBatches);
  return harness;
}

HealthCheck drift(const char* init, int lead_hours, double value, Verdict verdict) {
  HealthCheck check;
  check.init = parse_time(init);
  check.lead_hours = lead_hours;
  check.signature = Signature::drift;
  check.measure = "global mean in standard deviations";
  check.channel = {"temperature", 850, "K"};
  check.value = value;
  check.lower = -0.12;
  check.upper = 0.12;
  check.verdict = verdict;
  if (verdict != Verdict::ok) check.advice = "Look, and think.";
  return check;
}

}  // namespace

TEST_CASE("health collects the members of all batches and takes lead and init from them") {
  const auto result = health([](auto&, auto&) {}).get<Health>("health");
  CHECK(told(not_ok(result.checks)) == "");
  REQUIRE(!result.checks.empty());
  CHECK(result.checks[0].init == kInit);
  CHECK(result.checks[0].lead_hours == 6);
  CHECK(result.checks[0].channel == Channel{"geopotential", 250, "m2 s-2"});
  const auto copied = health([](auto&, Fields& forecast) {
                        const auto map = forecast.map(0, 0, 0);
                        std::copy(map.begin(), map.end(), forecast.map(2, 0, 0).begin());
                      }).get<Health>("health");
  REQUIRE(speaks(copied.checks, "distance of the nearest members"));
  for (const auto& check : not_ok(copied.checks)) CHECK(check.where == "members 1 and 3");
}

TEST_CASE("truth without members and a climatology without members are as if not wired") {
  const auto none = [](Harness harness) {
    Fields empty = Planet().state(kInit, 6);
    empty.channels.resize(1);
    empty.members.clear();
    empty.values.clear();
    harness.put_all<Fields>("truth", {{kFirst, empty}}, kLeads)
        .put_all<Fields>("climatology", {{kFirst, empty}}, kLeads);
    return harness.get<Health>("health");
  };
  const auto with = none(health([](auto&, auto&) {}));
  const auto without = health([](auto&, auto&) {}).get<Health>("health");
  CHECK(told(with.checks) == told(without.checks));
}

TEST_CASE("normalised fields, and those on another grid, are refused before the run") {
  CHECK(contains(error_of([] {
                   health([](auto&, Fields& forecast) {
                     forecast.normalised = true;
                   }).get<Health>("health");
                 }),
                 "the forecast is normalised; health is that of physical values"));
  CHECK(contains(error_of([] {
                   health([](Fields& analysis, auto&) {
                     analysis.grid.longitude[1] += 1;
                   }).get<Health>("health");
                 }),
                 "'analysis' and 'forecast' cannot be compared"));
}

TEST_CASE("health_out writes the checks of each initial time in plan order") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "health.csv";
  HealthCheck spread = drift("2002-01-11", 30, 2, Verdict::ok), fallen = spread;
  spread.lead_hours = 6;
  for (HealthCheck* check : {&spread, &fallen}) {
    check->signature = Signature::collapse;
    check->measure = "spread in standard deviations";
    check->lower = 0.001;
    check->upper = INFINITY;
  }
  fallen.value = 0.5;
  Harness("health_out")
      .plan(
          "inits = [\"2002-01-11T00:00:00Z\", \"2002-01-12T00:00:00Z\"]\n"
          "lead = { step_hours = 6, until_hours = 12 }")
      .set("path", '"' + path.string() + '"')
      .put_all<Health>("health",
                       {{{0, 1, 0}, {{spread}}},
                        {{0, 2, 0}, {{fallen}}},
                        {{1, 1, 0}, {{drift("2002-01-12", 6, 0.2, Verdict::warn)}}},
                        {{1, 2, 0}, {}}},
                       Axes{true, {1, 1, 2}, false})
      .run();
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  CHECK(text.str() ==
        "init,lead_hours,signature,measure,variable,level,member,where,value,lower,upper,verdict,"
        "advice\n"
        "2002-01-11T00:00:00Z,6,ensemble collapse,spread in standard "
        "deviations,temperature,850,,,2,0.001,,ok,\n"
        "2002-01-11T00:00:00Z,30,ensemble collapse,spread in standard "
        "deviations,temperature,850,,,0.5,0.001,,ok,\n"
        "2002-01-11T00:00:00Z,30,ensemble collapse,spread by its highest before,temperature,850,,,"
        "0.25,0.8,,fail,\"The members come together again: look for a climate that the model falls "
        "into, and shorten the forecast to where the spread still grows.\"\n"
        "2002-01-12T00:00:00Z,6,drift,global mean in standard "
        "deviations,temperature,850,,,0.2,-0.12,0.12,warn,\"Look, "
        "and think.\"\n");
}

TEST_CASE("health_out fails the run from a verdict on if asked to, and all files are whole") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "health.csv", other = folder.path() / "other.csv";
  const auto error = [&](const std::string& fail_on, Verdict verdict, bool first = true) {
    for (const auto& file : {path, other}) std::filesystem::remove(file);
    Harness harness("health_out");
    harness.plan("inits = [\"2002-01-11T00:00:00Z\"]\nlead = { step_hours = 6, until_hours = 6 }")
        .set("path", '"' + (first ? path : other).string() + '"')
        .put_all<Health>("health", {{kFirst, {{drift("2002-01-11", 6, 0.2, verdict)}}}}, kLeads);
    if (first && !fail_on.empty()) harness.set("fail_on", '"' + fail_on + '"');
    const auto message = error_of([&] {
      harness.run(fmt::format(
          "[nodes.second]\ntype = \"health_out\"\nin = \"put_health\"\npath = \"{}\"\n{}",
          (first ? other : path).string(), first ? "" : "fail_on = \"" + fail_on + "\"\n"));
    });
    for (const auto& file : {path, other}) CHECK(std::filesystem::file_size(file) > 150);
    return message;
  };
  CHECK(error("", Verdict::fail) == "");
  CHECK(error("never", Verdict::fail) == "");
  CHECK(error("fail", Verdict::warn) == "");
  CHECK(error("warn", Verdict::ok) == "");
  CHECK(contains(error("fail", Verdict::fail),
                 "the forecast's health is 'fail', and fail_on = \"fail\" asks for an error then; "
                 "all files are written, " +
                     path.string() + " says what was found"));
  CHECK(contains(error("fail", Verdict::fail, false), path.string()));
  CHECK(contains(error("warn", Verdict::warn), "the forecast's health is 'warn'"));
  CHECK(contains(error("warn", Verdict::fail), "the forecast's health is 'fail'"));
}
