#include <doctest/doctest.h>

#include <cmath>

#include "graph/error.h"
#include "nodes/health/collapse.h"
#include "nodes/health/drift.h"
#include "nodes/health/frozen.h"
#include "nodes/health/orientation.h"
#include "tests/nodes/health/planet.h"

using namespace ladcast;

namespace {

constexpr int kLead = 72;

// A sound ensemble of six members, its analysis and its climatology.
struct Sound {
  Planet planet;
  Fields analysis = planet.state(kInit, 0);
  Fields forecast = ensemble_of(planet, 6, kLead);
  Fields climate = planet.climatology(kInit, kLead);

  HealthInput input() const { return {{&forecast}, &analysis, nullptr, &climate}; }
  HealthChecks checks() const { return checks_of_lead(input()); }
  double sigma(std::size_t channel) const {
    return global_moments(analysis.grid, analysis.map(0, 0, channel)).standard_deviation;
  }
};

using Change = std::function<void(const Grid&, std::span<float>)>;

void change_all(Fields& fields, const Change& change) {
  for (std::size_t member = 0; member < fields.members.size(); ++member)
    for (std::size_t channel = 0; channel < fields.channels.size(); ++channel)
      change(fields.grid, fields.map(member, 0, channel));
}

// Along rows, `passes` times 1/4, 1/2, 1/4: leaves cos^4(pi k / L) of the power in each pass.
void smooth(const Grid& grid, std::span<float> map, int passes) {
  const std::size_t columns = grid.columns();
  for (int pass = 0; pass < passes; ++pass) {
    const std::vector<float> old(map.begin(), map.end());
    for (std::size_t row = 0; row < grid.rows(); ++row)
      for (std::size_t column = 0; column < columns; ++column) {
        const auto at = [&](std::size_t c) { return old[row * columns + c % columns]; };
        map[row * columns + column] =
            0.25F * at(column + columns - 1) + 0.5F * at(column) + 0.25F * at(column + 1);
      }
  }
}

std::span<float> north_row(const Grid& grid, std::span<float> map) {
  return map.last(grid.columns());
}

}  // namespace

TEST_CASE("six sound members have nothing wrong with them") {
  CHECK(told(not_ok(Sound().checks())) == "");
}

TEST_CASE("blurred members are found, the mean of the ensemble too") {
  Sound sound;
  change_all(sound.forecast, [](const auto& grid, auto map) { smooth(grid, map, 2); });
  CHECK(speaks(sound.checks(), "power, all channels"));
  CHECK(speaks(sound.checks(), "power"));
  for (const auto& check : not_ok(sound.checks()))
    if (check.measure.starts_with("power")) CHECK(check.signature == Signature::blurring);

  Sound mean;
  Fields only = mean.planet.state(kInit, kLead);
  for (std::size_t channel = 0; channel < only.channels.size(); ++channel)
    for (std::size_t point = 0; point < only.grid.points(); ++point) {
      float sum = 0;
      for (std::size_t member = 0; member < 6; ++member)
        sum += mean.forecast.map(member, 0, channel)[point];
      only.map(0, 0, channel)[point] = sum / 6;
    }
  CHECK(speaks(checks_of_lead({{&only}, &mean.analysis}), "power, all channels"));
}

TEST_CASE("noise in the short waves is found") {
  Sound sound;
  std::mt19937 random(1);
  for (std::size_t member = 0; member < 6; ++member)
    for (std::size_t channel = 0; channel < sound.forecast.channels.size(); ++channel) {
      std::normal_distribution<float> noise(0, static_cast<float>(0.1 * sound.sigma(channel)));
      for (float& value : sound.forecast.map(member, 0, channel)) value += noise(random);
    }
  const auto wrong = not_ok(sound.checks());
  CHECK(speaks(wrong, "power, all channels"));
  for (const auto& check : wrong)
    if (check.measure.starts_with("power")) CHECK(check.signature == Signature::noise);
}

TEST_CASE("one noisy member of six is found by its number") {
  Sound sound;
  std::mt19937 random(3);
  for (std::size_t channel = 0; channel < sound.forecast.channels.size(); ++channel) {
    std::normal_distribution<float> noise(0, static_cast<float>(0.2 * sound.sigma(channel)));
    for (float& value : sound.forecast.map(1, 0, channel)) value += noise(random);
  }
  const auto wrong = not_ok(sound.checks());
  REQUIRE(speaks(wrong, "power, strongest member"));
  for (const auto& check : wrong)
    if (check.measure == "power, strongest member") CHECK(check.member == 2);
  CHECK(!speaks(wrong, "power, weakest member"));
}

TEST_CASE("one blurred member of six is found by its number") {
  Sound sound;
  for (std::size_t channel = 0; channel < sound.forecast.channels.size(); ++channel)
    smooth(sound.forecast.grid, sound.forecast.map(3, 0, channel), 3);
  const auto wrong = not_ok(sound.checks());
  REQUIRE(speaks(wrong, "power, weakest member"));
  for (const auto& check : wrong)
    if (check.measure == "power, weakest member") CHECK(check.member == 4);
}

TEST_CASE("copied members are found, exact or nearly, also where every member has its double") {
  Sound exact;
  for (std::size_t channel = 0; channel < exact.forecast.channels.size(); ++channel) {
    const auto first = exact.forecast.map(1, 0, channel);
    std::copy(first.begin(), first.end(), exact.forecast.map(4, 0, channel).begin());
  }
  const auto wrong = not_ok(exact.checks());
  REQUIRE(wrong.size() == 1);
  CHECK(wrong[0].measure == "distance of the nearest members");
  CHECK(wrong[0].where == "members 2 and 5");
  CHECK(wrong[0].value == 0.0);
  CHECK(wrong[0].verdict == Verdict::fail);

  Sound nearly;  // a quarter of the way from the one to the other is left
  for (std::size_t channel = 0; channel < nearly.forecast.channels.size(); ++channel) {
    const auto first = nearly.forecast.map(1, 0, channel);
    const auto second = nearly.forecast.map(4, 0, channel);
    for (std::size_t i = 0; i < first.size(); ++i) second[i] = 0.75F * first[i] + 0.25F * second[i];
  }
  CHECK(speaks(nearly.checks(), "distance of the nearest members"));

  Sound doubled;
  for (const std::size_t member : {0, 2, 4})
    for (std::size_t channel = 0; channel < doubled.forecast.channels.size(); ++channel) {
      const auto first = doubled.forecast.map(member, 0, channel);
      std::copy(first.begin(), first.end(), doubled.forecast.map(member + 1, 0, channel).begin());
    }
  CHECK(speaks(doubled.checks(), "distance of the nearest members"));
}

TEST_CASE("members that are all equal, two or six, have no spread") {
  Sound sound;
  for (std::size_t member = 1; member < 6; ++member)
    for (std::size_t channel = 0; channel < sound.forecast.channels.size(); ++channel) {
      const auto first = sound.forecast.map(0, 0, channel);
      std::copy(first.begin(), first.end(), sound.forecast.map(member, 0, channel).begin());
    }
  CHECK(speaks(sound.checks(), "spread in standard deviations"));
}

TEST_CASE("a spread of a third of the error is found") {
  Sound sound;
  const Fields truth = sound.planet.state(kInit, kLead + 240);
  const auto narrow = [&](float factor) {
    for (std::size_t channel = 0; channel < truth.channels.size(); ++channel)
      for (std::size_t point = 0; point < truth.grid.points(); ++point) {
        float mean = 0;
        for (std::size_t member = 0; member < 6; ++member)
          mean += sound.forecast.map(member, 0, channel)[point] / 6;
        for (std::size_t member = 0; member < 6; ++member) {
          float& value = sound.forecast.map(member, 0, channel)[point];
          value = mean + factor * (value - mean);
        }
      }
    return checks_of_lead({{&sound.forecast}, &sound.analysis, &truth});
  };
  CHECK(!speaks(narrow(1), "spread by error"));
  CHECK(speaks(narrow(0.33F), "spread by error"));
}

TEST_CASE("spread that falls with lead is found, its daily cycle is none") {
  HealthChecks checks;
  for (int lead = 6; lead <= 240; lead += 6) {
    HealthCheck check;
    check.lead_hours = lead;
    check.signature = Signature::collapse;
    check.measure = "spread in standard deviations";
    check.value = std::sqrt(lead) * (lead % 24 == 6 ? 0.5 : 1.0);
    checks.push_back(check);
  }
  CHECK(check_falling_spread(checks).size() == 36);
  CHECK(told(not_ok(check_falling_spread(checks))) == "");
  for (auto& check : checks)
    if (check.lead_hours > 120) check.value *= 0.6;
  const auto fallen = not_ok(check_falling_spread(checks));
  REQUIRE(!fallen.empty());
  CHECK(fallen.front().lead_hours == 126);
}

TEST_CASE("a broken polar row is found: zero, constant, noisy in one member alone") {
  const auto break_rows = [](const Change& change) {
    Sound sound;
    change_all(sound.forecast, change);
    return sound.checks();
  };
  const auto zero = break_rows([](const Grid& grid, std::span<float> map) {
    for (float& value : north_row(grid, map)) value = 0;
  });
  CHECK(speaks(zero, "jump of the polar row"));
  CHECK(speaks(zero, "kink at the polar row"));

  const auto constant = break_rows([](const Grid& grid, std::span<float> map) {
    const auto row = north_row(grid, map);
    std::fill(row.begin(), row.end(), row[0]);
  });
  CHECK(speaks(constant, "roughness along the polar row"));

  Sound noisy;
  std::mt19937 random(2);
  for (std::size_t channel = 0; channel < noisy.forecast.channels.size(); ++channel) {
    std::normal_distribution<float> noise(0, static_cast<float>(0.3 * noisy.sigma(channel)));
    for (float& value : north_row(noisy.forecast.grid, noisy.forecast.map(2, 0, channel)))
      value += noise(random);
  }
  const auto wrong = not_ok(noisy.checks());
  REQUIRE(speaks(wrong, "roughness along the polar row, worst member"));
  for (const auto& check : wrong)
    if (check.measure == "roughness along the polar row, worst member") CHECK(check.member == 3);
}

TEST_CASE("polar rows that are off in each member in another way are found") {
  Sound sound;
  for (std::size_t member = 0; member < 6; ++member)
    for (std::size_t channel = 0; channel < sound.forecast.channels.size(); ++channel) {
      const auto off = static_cast<float>((member % 2 == 0 ? 2 : -2) * sound.sigma(channel));
      for (float& value : north_row(sound.forecast.grid, sound.forecast.map(member, 0, channel)))
        value += off;
    }
  const auto checks = sound.checks();
  CHECK(!speaks(checks, "jump of the polar row"));
  CHECK(speaks(checks, "kink at the polar row"));
}

TEST_CASE("drift of 0.1 standard deviations a day is found within two days, with a climatology") {
  const Planet planet;
  const Fields analysis = planet.state(kInit, 0);
  const auto first_day = [&](double per_day, bool with_climate) {
    for (int lead = 6; lead <= 360; lead += 6) {
      Fields forecast = planet.state(kInit, lead);
      const auto channel = planet.channel("temperature", 500);
      const double sigma =
          global_moments(analysis.grid, analysis.map(0, 0, channel)).standard_deviation;
      for (float& value : forecast.map(0, 0, channel))
        value += static_cast<float>(per_day * sigma * lead / 24);
      const Fields climate = planet.climatology(kInit, lead);
      HealthChecks checks;
      check_drift({{&forecast}, &analysis, nullptr, with_climate ? &climate : nullptr}, checks);
      if (speaks(checks, "global mean in standard deviations")) return lead / 24.0;
    }
    return INFINITY + 0.0;
  };
  CHECK(first_day(0.1, true) <= 2);
  CHECK(first_day(-0.1, true) <= 2);
  CHECK(first_day(0.1, false) <= 3);
  CHECK(first_day(0.02, true) <= 8);
  CHECK(first_day(0, true) == INFINITY);
}

TEST_CASE("contrast that grows by a tenth a day is found") {
  Sound sound;
  const auto channel = sound.planet.channel("temperature", 850);
  for (std::size_t member = 0; member < 6; ++member)
    for (float& value : sound.forecast.map(member, 0, channel)) value = 270 + (value - 270) * 1.75F;
  CHECK(speaks(sound.checks(), "global standard deviation"));
}

TEST_CASE("impossible values are found") {
  const auto after = [](const char* name, std::optional<int> level,
                        const std::function<void(std::span<float>)>& change) {
    Sound sound;
    change(sound.forecast.map(5, 0, sound.planet.channel(name, level)));
    return not_ok(sound.checks());
  };
  const auto wind =
      after("u_component_of_wind", 250, [](std::span<float> map) { map[1000] = -155; });
  REQUIRE(speaks(wind, "strongest wind"));

  const auto dry = after("specific_humidity", 850, [](std::span<float> map) {
    for (std::size_t i = 700; i < 1400; ++i) map[i] = -0.001F;
  });
  CHECK(speaks(dry, "share below -0.02 standard deviations"));

  const auto rain = after("total_precipitation_6hr", {}, [](std::span<float> map) {
    for (std::size_t i = 700; i < 1400; ++i) map[i] = -0.0002F;
  });
  CHECK(speaks(rain, "share below -0.1 mm"));

  const auto hot = after("temperature", 850, [](std::span<float> map) {
    for (std::size_t i = 1000; i < 1300; ++i) map[i] += 25;
  });
  CHECK(speaks(hot, "share of superadiabatic layers"));
}

TEST_CASE("missing and constant fields have no value, never a verdict") {
  Sound sound;
  for (Fields* fields : {&sound.analysis, &sound.forecast})
    for (std::size_t member = 0; member < fields->members.size(); ++member) {
      for (float& value : fields->map(member, 0, 0)) value = std::nanf("");
      for (float& value : fields->map(member, 0, 3)) value = 1;
    }
  CHECK(told(not_ok(sound.checks())) == "");
}

TEST_CASE("fields on another grid or of other channels are refused") {
  Sound sound;
  sound.forecast.grid.longitude[0] = 0.5;
  CHECK_THROWS_AS(require_comparable(sound.input()), Error);
  Sound other;
  other.forecast.channels[0].units = "m";
  CHECK_THROWS_AS(require_comparable(other.input()), Error);
}

TEST_CASE("drift is of the points that forecast, analysis and climatology share") {
  Sound sound;
  const auto channel = sound.planet.channel("2m_temperature", {});
  const auto missing = sound.climate.map(0, 0, channel);
  std::fill(missing.begin(), missing.begin() + 600, std::nanf(""));  // the cold south
  HealthChecks checks;
  check_drift(sound.input(), checks);
  CHECK(told(not_ok(checks)) == "");
}

TEST_CASE("values that are NaN or infinite are told once, with member and number of points") {
  for (const float bad : {std::nanf(""), INFINITY, -INFINITY}) {
    for (const std::size_t first : {0, 700, 2040}) {  // at the poles and between
      Sound sound;
      const auto channel = sound.planet.channel("temperature", 850);
      for (const std::size_t member : {3, 5}) {
        const auto map = sound.forecast.map(member, 0, channel);
        std::fill_n(map.begin() + static_cast<std::ptrdiff_t>(first), member, bad);
      }
      const auto wrong = not_ok(sound.checks());
      REQUIRE(told(wrong) != "");
      CHECK(wrong.size() == 1);
      CHECK(wrong[0].signature == Signature::not_finite);
      CHECK(wrong[0].channel.name == "temperature");
      CHECK(wrong[0].member == 6);
      CHECK(wrong[0].value == 5.0);
      CHECK(wrong[0].where ==
            (std::isnan(bad) ? "NaN in 2 of 6 members" : "infinite in 2 of 6 members"));
    }
  }
}

TEST_CASE("holes in one member do not hide faults of the others, in all members not of channels") {
  Sound sound;
  const auto drifting = sound.planet.channel("temperature", 500);
  for (float& value : sound.forecast.map(2, 0, drifting))
    value += static_cast<float>(sound.sigma(drifting));
  sound.forecast.map(4, 0, 0)[100] = std::nanf("");
  const auto one = sound.checks();
  CHECK(speaks(one, "points that are NaN or infinite where the analysis is not"));
  CHECK(speaks(one, "global mean in standard deviations, worst member"));
  for (std::size_t member = 0; member < 6; ++member)
    sound.forecast.map(member, 0, 0)[100] = std::nanf("");
  const auto all = sound.checks();
  CHECK(speaks(all, "points that are NaN or infinite where the analysis is not"));
  CHECK(speaks(all, "global mean in standard deviations, worst member"));
}

TEST_CASE("a forecast without one finite member has nothing else to be checked") {
  Sound sound;
  for (float& value : sound.forecast.values) value = std::nanf("");
  const auto checks = sound.checks();
  CHECK(not_ok(checks).size() == sound.forecast.channels.size());
}

TEST_CASE("one member that drifts by 0.1 standard deviations a day is found by its number") {
  const Planet planet;
  const Fields analysis = planet.state(kInit, 0);
  const auto channel = planet.channel("temperature", 500);
  const double sigma =
      global_moments(analysis.grid, analysis.map(0, 0, channel)).standard_deviation;
  for (const double per_day : {0.1, -0.1, 0.0}) {
    double first_day = INFINITY;
    for (int lead = 6; lead <= 96; lead += 6) {
      Fields forecast = ensemble_of(planet, 6, lead);
      for (float& value : forecast.map(4, 0, channel))
        value += static_cast<float>(per_day * sigma * lead / 24);
      HealthChecks checks;
      check_drift({{&forecast}, &analysis}, checks);
      for (const auto& check : not_ok(checks))
        if (check.measure == "global mean in standard deviations, worst member") {
          CHECK(check.member == 5);
          CHECK(check.channel == analysis.channels[channel]);
          first_day = std::min(first_day, lead / 24.0);
        }
    }
    CHECK(first_day <= (per_day == 0 ? INFINITY : 1.75));
    CHECK((first_day == INFINITY) == (per_day == 0));
  }
}

TEST_CASE("a forecast that is the analysis still is found at every lead, in all members or one") {
  for (const int lead : {6, 72, 240}) {
    Sound sound;
    const auto channel = sound.planet.channel("geopotential", 500);
    sound.forecast = ensemble_of(sound.planet, 6, lead);
    const auto freeze = [&](std::size_t member) {
      const auto map = sound.analysis.map(0, 0, channel);
      std::copy(map.begin(), map.end(), sound.forecast.map(member, 0, channel).begin());
      HealthChecks checks;
      check_frozen(sound.input(), checks);
      return not_ok(checks);
    };
    const auto one = freeze(3);
    REQUIRE(one.size() == 1);
    CHECK(one[0].channel == sound.analysis.channels[channel]);
    CHECK(one[0].member == 4);
    CHECK(one[0].value == 0.0);
    CHECK(one[0].verdict == Verdict::fail);
    for (const std::size_t member : {0, 1, 2, 4, 5}) freeze(member);
    CHECK(freeze(0).size() == 1);
  }
}

TEST_CASE("maps that stop at a lead are found there, of all members or of the one left behind") {
  const Planet planet;
  const Fields analysis = planet.state(kInit, 0);
  const auto channel = planet.channel("v_component_of_wind", 850);
  const auto stuck_at = [&](std::size_t members, int stops) {
    HealthChecks all;
    Fields before;
    for (int lead = 6; lead <= 120; lead += 6) {
      Fields forecast = ensemble_of(planet, 6, lead);
      for (std::size_t member = 0; lead > stops && member < members; ++member) {
        const auto map = before.map(member, 0, channel);
        std::copy(map.begin(), map.end(), forecast.map(member, 0, channel).begin());
      }
      check_frozen({{&forecast}, &analysis}, all);
      before = std::move(forecast);
    }
    CHECK(told(not_ok(all)) == "");
    return not_ok(check_frozen_over_leads(all));
  };
  CHECK(told(stuck_at(0, 0)) == "");
  const auto every = stuck_at(6, 48);
  REQUIRE(every.size() == 12);
  CHECK(every[0].lead_hours == 54);
  CHECK(every[0].value == 0.0);
  CHECK(every[0].channel == analysis.channels[channel]);
  const auto one = stuck_at(1, 12);
  REQUIRE(!one.empty());
  for (const auto& check : one) CHECK(check.member == 1);
}

TEST_CASE("sea surface temperature may stay, and whatever the truth's own change excuses") {
  Sound sound;
  Fields truth = sound.analysis;
  sound.forecast = ensemble_of(sound.planet, 1, 0);
  sound.forecast.lead_hours = {24};
  HealthChecks checks;
  check_frozen({{&sound.forecast}, &sound.analysis}, checks);
  CHECK(not_ok(checks).size() == sound.analysis.channels.size());
  checks.clear();
  check_frozen({{&sound.forecast}, &sound.analysis, &truth}, checks);
  CHECK(told(not_ok(checks)) == "");
  for (Fields* fields : {&sound.forecast, &sound.analysis})
    fields->channels[0] = {"sea_surface_temperature", {}, "K"};
  checks.clear();
  check_frozen({{&sound.forecast}, &sound.analysis}, checks);
  CHECK(checks.size() == sound.analysis.channels.size() - 1);
}

TEST_CASE("turned maps are found in every channel at the first lead, of all members or of one") {
  const Planet planet;
  const Fields analysis = planet.state(kInit, 0);
  const std::size_t rows = analysis.grid.rows(), columns = analysis.grid.columns();
  const auto turn = [&](Fields& fields, std::size_t member, const std::string& how) {
    for (std::size_t channel = 0; channel < fields.channels.size(); ++channel) {
      const auto map = fields.map(member, 0, channel);
      const std::vector<float> old(map.begin(), map.end());
      for (std::size_t row = 0; row < rows; ++row)
        for (std::size_t column = 0; column < columns; ++column)
          map[row * columns + column] = how == "turned north to south"
                                            ? old[(rows - 1 - row) * columns + column]
                                        : how == "turned east to west"
                                            ? old[row * columns + columns - 1 - column]
                                            : old[row * columns + (column + columns / 2) % columns];
    }
  };
  for (const std::string how :
       {"turned north to south", "turned by 180 degrees of longitude", "turned east to west"}) {
    Fields state = planet.state(kInit, 6);
    turn(state, 0, how);
    HealthChecks checks;
    check_orientation({{&state}, &analysis}, checks);
    CHECK(not_ok(checks).size() == analysis.channels.size());
    for (const auto& check : checks) CHECK(check.where == how);

    Fields one = planet.state(kInit, 6);
    one.members = {1, 2, 3};
    one.values.clear();
    for (int member = 0; member < 3; ++member) {
      const Fields next = planet.state(kInit, 6 + 6 * member);
      one.values.insert(one.values.end(), next.values.begin(), next.values.end());
    }
    turn(one, 0, how);
    checks.clear();
    check_orientation({{&one}, &analysis}, checks);
    REQUIRE(speaks(checks, "difference from the analysis once turned, worst member"));
    for (const auto& check : not_ok(checks)) {
      CHECK(check.measure == "difference from the analysis once turned, worst member");
      CHECK(check.member == 1);
      CHECK(check.where == how);
    }
  }
}
