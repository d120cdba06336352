#include "tests/nodes/health/planet.h"

#include <doctest/doctest.h>

#include "tests/nodes/data_folder.h"

using namespace ladcast;

TEST_CASE("the small planet's own weather is healthy at every lead up to 19 days") {
  const Planet planet;
  const Fields analysis = planet.state(kInit, 0);
  HealthChecks all;
  for (int lead = 6; lead <= 19 * 24; lead += 6) {
    const Fields forecast = planet.state(kInit, lead);
    const Fields climate = planet.climatology(kInit, lead);
    CHECK(told(not_ok(checks_of_lead({{&forecast}, &analysis, nullptr, &climate}))) == "");
    const auto checks = checks_of_lead({{&forecast}, &analysis});
    CHECK(told(not_ok(checks)) == "");
    all.insert(all.end(), checks.begin(), checks.end());
  }
  CHECK(checks_over_leads(all).size() > 1000);
  CHECK(told(not_ok(checks_over_leads(all))) == "");
}

TEST_CASE("the analysis itself is frozen as a forecast, and healthy otherwise") {
  const Planet planet;
  const Fields analysis = planet.state(kInit, 0);
  Fields forecast = analysis;
  forecast.lead_hours = {6};
  auto wrong = not_ok(checks_of_lead({{&forecast}, &analysis}));
  CHECK(wrong.size() == analysis.channels.size());
  std::erase_if(wrong, [](const auto& check) { return check.signature == Signature::frozen; });
  CHECK(told(wrong) == "");
}

TEST_CASE("a year of the planet's weather speaks in few of many thousand checks") {
  const auto year = data_file("plasim/plasim_64x32_6h_2001.nc");
  if (!year) return;
  const Planet planet(*year);
  std::size_t checks = 0;
  HealthChecks spoken;
  for (int day = 0; day < 345; day += 15) {
    const Time init = parse_time("2001-01-01") + std::chrono::days{day};
    const Fields analysis = planet.state(init, 0);
    for (const int lead : {6, 12, 24, 48, 72, 120, 180, 240, 300, 360}) {
      const Fields forecast = planet.state(init, lead);
      const Fields climate = planet.climatology(init, lead);
      const auto all = checks_of_lead({{&forecast}, &analysis, nullptr, &climate});
      checks += all.size();
      const auto wrong = not_ok(all);
      spoken.insert(spoken.end(), wrong.begin(), wrong.end());
    }
  }
  MESSAGE(spoken.size() << " of " << checks << " checks spoke\n" << told(spoken));
  CHECK(checks > 40000);
  CHECK(spoken.size() < checks / 2000);
}
