// Requests in the language of MARS. Analyses are of type an. Precipitation is of the short
// forecasts, type fc, which start at 06 and 18 UTC: steps 1 to 12 cover the hours up to the next
// start.
#include <fmt/ranges.h>

#include <map>

#include "nodes/retrieve/requests.h"
#include "nodes/values/variables.h"

namespace ladcast {
namespace {

constexpr double kSpacing = 0.25;  // degrees, as the Climate Data Store has ERA5
constexpr long kGeopotential = 129;

std::string dates_text(const Dates& dates) {
  std::vector<std::string> days;
  for (const int day : dates.days)
    days.push_back(fmt::format("{}-{:02}-{:02}", dates.year, dates.month, day));
  return fmt::format("{}", fmt::join(days, "/"));
}

std::string params_text(const std::vector<std::string>& variables) {
  std::vector<std::string> params;
  for (const auto& name : variables) {
    const long id = find_variable(name)->param_id;
    params.push_back(fmt::format("{}.128", id == 0 ? kGeopotential : id));
  }
  return fmt::format("{}", fmt::join(params, "/"));
}

class Request {
 public:
  explicit Request(const char* type) : text_("retrieve,\n") {
    key("class", "ea");
    key("expver", "1");
    key("stream", "oper");
    key("type", type);
  }
  Request& key(const char* name, const std::string& value) {
    text_ += fmt::format("  {:8} = {},\n", name, value);
    return *this;
  }
  std::string finish(const Needs& needs, const std::string& target) {
    key("grid", fmt::format("{0}/{0}", needs.spacing.value_or(kSpacing)));
    return text_ + fmt::format("  {:8} = \"{}\"\n", "target", target);
  }

 private:
  std::string text_;
};

/// The hour at which the forecast starts that has the sum of the hour before `end`.
Time start_of(Time end) {
  const auto noon = std::chrono::hours(6);  // starts are 6 h after midnight and noon
  const auto last = end - std::chrono::hours(1);
  const auto half_days =
      std::chrono::floor<std::chrono::duration<int, std::ratio<43200>>>(last - noon);
  return Time(half_days.time_since_epoch()) + noon;
}

std::string precipitation(const Needs& needs) {
  std::map<Time, std::vector<int>> steps;
  for (const Time end : six_hours_before(needs.times)) {
    const Time start = start_of(end);
    steps[start].push_back(static_cast<int>((end - start) / std::chrono::hours(1)));
  }
  std::map<std::vector<int>, std::set<Time>> starts;
  for (const auto& [start, of_start] : steps) starts[of_start].insert(start);
  std::string text;
  Targets targets(needs);
  for (const auto& [of_start, times] : starts)
    for (const Dates& dates : dates_of(times))
      text += Request("fc")
                  .key("levtype", "sfc")
                  .key("param", "228.128")
                  .key("date", dates_text(dates))
                  .key("time", fmt::format("{:02}", fmt::join(dates.hours, "/")))
                  .key("step", fmt::format("{}", fmt::join(of_start, "/")))
                  .finish(needs, targets.next("precipitation", dates));
  return text;
}

}  // namespace

std::string mars_requests(const Needs& needs) {
  std::string text;
  Targets targets(needs);
  const auto add = [&](const char* kind, const std::vector<std::string>& variables,
                       const std::vector<int>& levels) {
    for (const Dates& dates : dates_of(needs.times)) {
      Request request("an");
      request.key("levtype", levels.empty() ? "sfc" : "pl");
      if (!levels.empty()) request.key("levelist", fmt::format("{}", fmt::join(levels, "/")));
      text += request.key("param", params_text(variables))
                  .key("date", dates_text(dates))
                  .key("time", fmt::format("{:02}", fmt::join(dates.hours, "/")))
                  .finish(needs, targets.next(kind, dates));
    }
  };
  for (const LevelGroup& group : needs.pressure) add("pressure", group.variables, group.levels);
  if (!needs.surface.empty()) add("surface", needs.surface, {});
  return needs.precipitation ? text + precipitation(needs) : text;
}

}  // namespace ladcast
