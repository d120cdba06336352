// States of the small planet's climate model, taken as forecasts, and faults planted in them.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "nodes/health/checks.h"
#include "nodes/ingest/cf_fields.h"
#include "nodes/ingest/netcdf_file.h"
#include "nodes/values/model.h"
#include "nodes/verify/climatology_terms.h"

namespace ladcast {

class Planet {
 public:
  explicit Planet(const std::filesystem::path& states = "examples/small_planet/truth.nc")
      : model_(Model::read("pipelines/models/small-planet")),
        states_(open_netcdf(states)),
        climate_(ClimatologyTerms::read(model_.climatology, model_.channels, model_.grid)) {}

  /// The state `lead_hours` after `init`.
  Fields state(Time init, int lead_hours) const {
    return states_.read({model_.channels, init, lead_hours, model_.grid, {}});
  }
  Fields climatology(Time init, int lead_hours) const { return climate_.at(init, lead_hours); }
  std::size_t channel(const char* name, std::optional<int> level) const {
    return *find_channel(model_.channels, name, level);
  }

 private:
  Model model_;
  CfFields states_;
  ClimatologyTerms climate_;
};

inline const Time kInit = parse_time("2002-01-11");

/// An ensemble at `lead_hours`: the states of as many neighbouring times, as members from 1.
inline Fields ensemble_of(const Planet& planet, int members, int lead_hours) {
  Fields ensemble = planet.state(kInit, lead_hours);
  ensemble.members.clear();
  ensemble.values.clear();
  for (int member = 1; member <= members; ++member) {
    const Fields state = planet.state(kInit, lead_hours + 24 * (member - 1));
    ensemble.members.push_back(member);
    ensemble.values.insert(ensemble.values.end(), state.values.begin(), state.values.end());
  }
  return ensemble;
}

inline HealthChecks not_ok(HealthChecks checks) {
  std::erase_if(checks, [](const auto& check) { return check.verdict == Verdict::ok; });
  return checks;
}

/// Whether a measure spoke.
inline bool speaks(const HealthChecks& checks, const std::string& measure) {
  return std::any_of(checks.begin(), checks.end(), [&](const auto& check) {
    return check.verdict != Verdict::ok && check.measure == measure;
  });
}

inline std::string told(const HealthChecks& checks) {
  std::string text;
  for (const auto& check : checks)
    text += fmt::format("{} h {}: {} {} {} = {:.4g} ({:.4g} to {:.4g})\n", check.lead_hours,
                        to_string(check.verdict), check.measure, to_string(check.channel),
                        check.where, check.value, check.lower, check.upper);
  return text;
}

}  // namespace ladcast
