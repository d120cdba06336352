#include <doctest/doctest.h>

#include <cmath>

#include "graph/error.h"
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
  HealthChecks checks() const { return all_checks(input()); }
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

  Sound mean;
  Fields only = mean.planet.state(kInit, kLead);
  for (std::size_t channel = 0; channel < only.channels.size(); ++channel)
    for (std::size_t point = 0; point < only.grid.points(); ++point) {
      float sum = 0;
      for (std::size_t member = 0; member < 6; ++member)
        sum += mean.forecast.map(member, 0, channel)[point];
      only.map(0, 0, channel)[point] = sum / 6;
    }
  CHECK(speaks(all_checks({{&only}, &mean.analysis}), "power, all channels"));
}

TEST_CASE("noise in the short waves is found") {
  Sound sound;
  std::mt19937 random(1);
  for (std::size_t member = 0; member < 6; ++member)
    for (std::size_t channel = 0; channel < sound.forecast.channels.size(); ++channel) {
      std::normal_distribution<float> noise(0, static_cast<float>(0.1 * sound.sigma(channel)));
      for (float& value : sound.forecast.map(member, 0, channel)) value += noise(random);
    }
  CHECK(speaks(sound.checks(), "power, all channels"));
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
  CHECK(speaks(sound.checks(), "spread"));
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
    return all_checks({{&sound.forecast}, &sound.analysis, &truth});
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
    check.measure = "spread";
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
      if (speaks(checks, "global mean")) return lead / 24.0;
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
  const auto missing =
      after("2m_temperature", {}, [](std::span<float> map) { map[700] = std::nanf(""); });
  REQUIRE(speaks(missing, "values that are not finite where the analysis is"));
  CHECK(missing[0].member == 6);
  CHECK(missing[0].value == 1.0);

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
