#include "nodes/verify/daily_climatology.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "graph/error.h"
#include "nodes/ingest/cf_files.h"
#include "nodes/verify/day_of_year.h"

namespace ladcast {
namespace {

/// -1 where `wanted` is not there.
std::ptrdiff_t place_of(int wanted, const std::vector<int>& numbers) {
  const auto found = std::find(numbers.begin(), numbers.end(), wanted);
  return found == numbers.end() ? -1 : found - numbers.begin();
}

/// -1 off the hour.
int hour_of(Time time) {
  using namespace std::chrono;
  const auto into_day = time - floor<days>(time);
  return into_day % hours{1} == seconds{0} ? static_cast<int>(into_day / hours{1}) : -1;
}

}  // namespace

DailyClimatology::DailyClimatology(const std::filesystem::path& path, std::vector<Channel> channels,
                                   const std::optional<Grid>& grid)
    : source_(open_cf(path)),
      channels_(std::move(channels)),
      hours_(numbers("hour")),
      days_(numbers("dayofyear")) {
  grid_ = source_.read_fixed(channels_, grid, {{"hour", 0}, {"dayofyear", 0}}).grid;
}

std::vector<int> DailyClimatology::numbers(const char* axis) const {
  const CfVariable* variable = source_.file().find(axis);
  if (!variable || variable->dimensions.size() != 1)
    fail("{} has no axis '{}'; a climatology has the dimensions hour and dayofyear",
         source_.file().path().string(), axis);
  std::vector<int> numbers;
  for (const double value : source_.file().values(*variable)) {
    if (!(value >= 0 && value <= 366 && std::floor(value) == value))
      fail("'{}' in {} holds the value {}", axis, source_.file().path().string(), value);
    numbers.push_back(static_cast<int>(value));
  }
  if (numbers.empty()) fail("'{}' in {} is empty", axis, source_.file().path().string());
  return numbers;
}

std::string DailyClimatology::hours() const {
  return fmt::format("{:02}", fmt::join(hours_, ", "));
}

void DailyClimatology::require(std::span<const Time> valid) const {
  std::set<std::string> hours_lacking;
  std::set<int> days_lacking;
  for (const Time time : valid) {
    if (place_of(hour_of(time), hours_) < 0) hours_lacking.insert(format_time(time).substr(11, 5));
    if (place_of(day_of_year(time), days_) < 0) days_lacking.insert(day_of_year(time));
  }
  const std::string path = source_.file().path().string();
  if (!hours_lacking.empty())
    fail(
        "{} has the hours {} UTC, and the run is valid at {} too; set run.lead.step_hours and "
        "run.inits to the hours that are there, or name a climatology with all",
        path, hours(), fmt::join(hours_lacking, ", "));
  if (!days_lacking.empty())
    fail("{} has no day {} of the year, on which the run is valid", path,
         fmt::join(days_lacking, ", "));
}

Fields DailyClimatology::at(Time init, int lead_hours) const {
  const Time valid = init + std::chrono::hours{lead_hours};
  require({&valid, 1});
  Fields fields = source_.read_fixed(
      channels_, grid_,
      {{"hour", static_cast<std::size_t>(place_of(hour_of(valid), hours_))},
       {"dayofyear", static_cast<std::size_t>(place_of(day_of_year(valid), days_))}});
  fields.init = init;
  fields.lead_hours = {lead_hours};
  return fields;
}

std::optional<std::pair<Time, Time>> DailyClimatology::analyses() const {
  const CfVariable* count = source_.file().find("count");
  if (count == nullptr) return {};
  const std::string first = source_.file().text(*count, "first_analysis");
  const std::string last = source_.file().text(*count, "last_analysis");
  if (first.empty() || last.empty()) return {};
  return std::pair{parse_time(first), parse_time(last)};
}

Fields DailyClimatology::mean() const {
  Fields fields;
  std::vector<double> sums, counts;
  for (std::size_t hour = 0; hour < hours_.size(); ++hour)
    for (std::size_t day = 0; day < days_.size(); ++day) {
      fields = source_.read_fixed(channels_, grid_, {{"hour", hour}, {"dayofyear", day}});
      sums.resize(fields.values.size());
      counts.resize(fields.values.size());
      for (std::size_t i = 0; i < fields.values.size(); ++i) {
        if (std::isnan(fields.values[i])) continue;
        sums[i] += static_cast<double>(fields.values[i]);
        counts[i] += 1.0;
      }
    }
  for (std::size_t i = 0; i < fields.values.size(); ++i)
    fields.values[i] = static_cast<float>(sums[i] / counts[i]);
  return fields;
}

}  // namespace ladcast
