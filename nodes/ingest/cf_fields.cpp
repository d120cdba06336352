#include "nodes/ingest/cf_fields.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <sstream>

#include "graph/error.h"

namespace ladcast {

namespace {

std::optional<std::size_t> dimension_of(const CfVariable& variable, const CfAxis& axis) {
  for (std::size_t i = 0; i < variable.dimensions.size(); ++i) {
    if (variable.dimensions[i].name == axis.name) return i;
  }
  return {};
}

std::vector<std::string> words(const std::string& text) {
  std::istringstream in(text);
  return {std::istream_iterator<std::string>(in), {}};
}

}  // namespace

CfFields::CfFields(std::unique_ptr<const CfFile> file) : file_(std::move(file)) {
  for (const CfVariable& variable : file_->variables()) {
    const bool scalar = variable.dimensions.empty();
    const bool coordinate =
        variable.dimensions.size() == 1 && variable.dimensions[0].name == variable.name;
    if (!scalar && !coordinate) continue;
    auto axis = read_axis(*file_, variable);
    if (axis) (scalar ? scalars_ : axes_).emplace(variable.name, std::move(*axis));
  }
}

const CfAxis* CfFields::axis_of(const CfVariable& variable, AxisRole role) const {
  for (const CfDimension& dimension : variable.dimensions) {
    const auto axis = axes_.find(dimension.name);
    if (axis != axes_.end() && axis->second.role == role) return &axis->second;
  }
  return nullptr;
}

/// Levels and heights differ between variables, so only those count that the variable itself lists.
const CfAxis* CfFields::scalar_of(const CfVariable& variable, AxisRole role) const {
  for (const std::string& name : words(file_->text(variable, "coordinates"))) {
    const auto scalar = scalars_.find(name);
    if (scalar != scalars_.end() && scalar->second.role == role) return &scalar->second;
  }
  if (role == AxisRole::level || role == AxisRole::height) return nullptr;
  for (const auto& [name, scalar] : scalars_) {
    if (scalar.role == role) return &scalar;
  }
  return nullptr;
}

bool CfFields::has_standard_name(const CfVariable& variable, const Channel& channel,
                                 const Variable& known) const {
  if (known.standard_name.empty()) return false;
  if (file_->text(variable, "standard_name") != known.standard_name) return false;
  const bool on_levels = axis_of(variable, AxisRole::level) || scalar_of(variable, AxisRole::level);
  if (on_levels != channel.level.has_value()) return false;
  if (known.surface != Surface::height) return true;
  const CfAxis* height = axis_of(variable, AxisRole::height);
  if (!height) height = scalar_of(variable, AxisRole::height);
  return height && height->values.size() == 1 && height->values[0] == known.height;
}

const CfVariable* CfFields::find_itself(const Channel& channel) const {
  if (const CfVariable* variable = file_->find(channel.name)) return variable;
  const Variable* known = find_variable(channel.name);
  if (!known) fail("there is no variable of this name");
  for (const auto name : {known->netcdf_name, known->short_name}) {
    if (const CfVariable* variable = file_->find(name)) return variable;
  }
  const CfVariable* found = nullptr;
  for (const CfVariable& variable : file_->variables()) {
    if (!has_standard_name(variable, channel, *known)) continue;
    if (found) {
      fail("both '{}' and '{}' have standard_name {}", found->name, variable.name,
           known->standard_name);
    }
    found = &variable;
  }
  return found;
}

CfFields::Source CfFields::find(const Channel& channel) const {
  if (const CfVariable* variable = find_itself(channel)) return {variable, channel, 1.0};
  if (const Equivalent* other = find_equivalent(channel.name)) {
    const Channel source{std::string(other->source), channel.level,
                         std::string(find_variable(other->source)->units)};
    if (const CfVariable* variable = find_itself(source)) return {variable, source, other->factor};
  }
  const Variable* known = find_variable(channel.name);
  fail("there is no variable {}, {} or with standard_name {}", known->name, known->netcdf_name,
       known->standard_name);
}

/// The map's own axes, its grid and units; everything else starts at 0.
CfFields::Slice CfFields::horizontal(const Channel& channel,
                                     const std::optional<Grid>& grid) const {
  const auto [source, read_as, factor] = find(channel);
  const CfVariable& variable = *source;
  const CfAxis* latitude = axis_of(variable, AxisRole::latitude);
  const CfAxis* longitude = axis_of(variable, AxisRole::longitude);
  if (!latitude || !longitude) fail("'{}' has no latitude and longitude axis", variable.name);
  Slice slice;
  slice.variable = &variable;
  slice.start.assign(variable.dimensions.size(), 0);
  slice.latitude = *dimension_of(variable, *latitude);
  slice.longitude = *dimension_of(variable, *longitude);
  slice.orientation = orient(latitude->values, longitude->values);
  if (grid) {
    require_grid(slice.orientation.grid, *grid);
    slice.orientation.grid = *grid;
  }
  if (const CfAxis* experiment = axis_of(variable, AxisRole::experiment))
    slice.experiment_dimension = dimension_of(variable, *experiment);
  const std::string units = file_->text(variable, "units");
  const auto conversion = convert_units(units, read_as.units);
  if (!conversion) {
    fail("'{}' has units '{}', which are not {}", variable.name, units, read_as.units);
  }
  slice.conversion = {conversion->factor * factor, conversion->offset * factor};
  return slice;
}

void CfFields::require_known_axes(const Slice& slice, const std::vector<At>& places) const {
  for (const auto& [name, length] : slice.variable->dimensions) {
    if (length == 1) continue;
    if (std::any_of(places.begin(), places.end(),
                    [&name = name](const At& place) { return place.dimension == name; }))
      continue;
    const auto axis = axes_.find(name);
    if (axis != axes_.end() && axis->second.role != AxisRole::height) continue;
    fail("'{}' has an axis '{}' of length {} that is not understood", slice.variable->name, name,
         length);
  }
}

void CfFields::place_level(Slice& slice, const Channel& channel) const {
  const CfVariable& variable = *slice.variable;
  const CfAxis* axis = axis_of(variable, AxisRole::level);
  const CfAxis* levels = axis ? axis : scalar_of(variable, AxisRole::level);
  if (!channel.level) {
    if (axis && axis->values.size() > 1) fail("'{}' has a level axis", variable.name);
    return;
  }
  if (!levels) fail("'{}' has no level axis", variable.name);
  const auto found = std::find_if(levels->values.begin(), levels->values.end(), [&](double level) {
    return std::abs(level - *channel.level) < 0.01;
  });
  if (found == levels->values.end()) {
    fail("the levels of '{}' are {:g} hPa", variable.name, fmt::join(levels->values, ", "));
  }
  if (std::count_if(found, levels->values.end(),
                    [&](double level) { return std::abs(level - *channel.level) < 0.01; }) > 1)
    fail("'{}' has {} hPa twice", levels->name, *channel.level);
  if (axis) {
    slice.start[*dimension_of(variable, *axis)] =
        static_cast<std::size_t>(found - levels->values.begin());
  }
}

/// Valid time = base + lag. The base is an axis or a scalar with valid or initial times; the lag,
/// where there is one, an axis or a scalar with leads.
struct CfFields::TimeAxes {
  const CfAxis* base;
  const CfAxis* lag;
  bool base_is_axis, lag_is_axis;

  std::size_t lags() const { return lag ? lag->values.size() : 1; }
  Time valid(std::size_t b, std::size_t l) const {
    return base->times[b] + std::chrono::seconds{lag ? std::llround(lag->values[l] * 3600) : 0};
  }
};

CfFields::TimeAxes CfFields::find_time_axes(const CfVariable& variable) const {
  const CfAxis* leads = axis_of(variable, AxisRole::lead);
  const CfAxis* times = axis_of(variable, AxisRole::initial_time);
  if (!times) times = axis_of(variable, AxisRole::valid_time);
  const CfAxis* base = times;
  if (!base) base = scalar_of(variable, leads ? AxisRole::initial_time : AxisRole::valid_time);
  if (!base) base = scalar_of(variable, leads ? AxisRole::valid_time : AxisRole::initial_time);
  const CfAxis* lag = leads;
  if (!lag && base && base->role == AxisRole::initial_time)
    lag = scalar_of(variable, AxisRole::lead);
  return {base, lag, times != nullptr, leads != nullptr};
}

CfFields::TimeAxes CfFields::time_axes(const CfVariable& variable) const {
  const TimeAxes axes = find_time_axes(variable);
  if (!axes.base)
    fail(
        "there is no time, neither an axis nor a scalar coordinate with units like \"hours since "
        "1970-01-01\"; 'cdo -setreftime,1970-01-01,00:00:00,hours -settaxis,DATE,TIME' writes one");
  return axes;
}

/// False where the file does not have the time. Of several forecasts that are valid then, the one
/// with the request's initial time is taken.
bool CfFields::place_time(Slice& slice, const FieldsRequest& request) const {
  const TimeAxes axes = find_time_axes(*slice.variable);
  if (!axes.base) return false;
  int found = 0;
  bool same_init = false;
  for (std::size_t b = 0; b < axes.base->times.size() && !same_init; ++b) {
    for (std::size_t l = 0; l < axes.lags() && !same_init; ++l) {
      if (axes.valid(b, l) != request.valid()) continue;
      same_init = axes.lag && axes.base->times[b] == request.init;
      ++found;
      if (axes.base_is_axis) slice.start[*dimension_of(*slice.variable, *axes.base)] = b;
      if (axes.lag_is_axis) slice.start[*dimension_of(*slice.variable, *axes.lag)] = l;
      slice.time = axes.lag_is_axis ? axes.lag : axes.base;
      slice.time_index = axes.lag_is_axis ? l : b;
    }
  }
  if (found > 1 && !same_init) fail("'{}' is there {} times", slice.variable->name, found);
  return found > 0;
}

/// What is static needs no time, and is read at the file's first one where it lacks another.
bool CfFields::is_at_any_time(const Channel& channel, const CfVariable& variable) const {
  if (!is_static(channel)) return false;
  const CfAxis* times = find_time_axes(variable).base;
  return !times || !times->times.empty();
}

void CfFields::fail_time(const CfVariable& variable) const {
  const TimeAxes axes = time_axes(variable);
  const auto& times = axes.base->times;
  if (times.empty()) fail("the time axis '{}' is empty", axes.base->name);
  const auto [first, last] = std::minmax_element(times.begin(), times.end());
  if (times.size() > 1) {
    fail("the {} times of '{}' lie between {} and {}, without this one", times.size(),
         axes.base->name, short_time(*first), short_time(*last));
  }
  if (!axes.lag) fail("the only time of '{}' is {}", axes.base->name, short_time(*first));
  fail("the forecast from {} has leads of {:g} h", short_time(*first),
       fmt::join(axes.lag->values, ", "));
}

void CfFields::place_members(Slice& slice, const FieldsRequest& request) const {
  const CfVariable& variable = *slice.variable;
  const CfAxis* axis = axis_of(variable, AxisRole::member);
  const CfAxis* numbers = axis ? axis : scalar_of(variable, AxisRole::member);
  std::vector<int> there = {0};
  if (numbers) {
    there.clear();
    for (const double number : numbers->values) there.push_back(static_cast<int>(number));
  }
  if (axis) slice.member_dimension = dimension_of(variable, *axis);
  slice.members = request.members.empty() ? there : request.members;
  for (const int number : slice.members) {
    const auto found = std::find(there.begin(), there.end(), number);
    if (found == there.end()) {
      fail("there is no member {}; the members are {}", number, fmt::join(there, ", "));
    }
    slice.member_starts.push_back(static_cast<std::size_t>(found - there.begin()));
  }
}

/// Names like "tp" and standard_name do not say over how many hours a sum was taken; the bounds do.
/// Who asks for hourly sums or those since the start has said so.
void CfFields::require_accumulation(const Slice& slice, const Channel& channel) const {
  const Variable* known = find_variable(channel.name);
  if (!known || known->accumulation_hours == 0 || slice.variable->name == known->name) return;
  const auto hours = bounds_hours(*file_, *slice.time, slice.time_index);
  if (known->accumulation_hours == kSinceStart) return;
  if (!hours && known->accumulation_hours == 1) return;
  if (!hours) {
    fail("'{}' does not say that it is a sum over {} h: '{}' has no bounds", slice.variable->name,
         known->accumulation_hours, slice.time->name);
  }
  if (std::abs(*hours - known->accumulation_hours) > 1e-6) {
    fail("'{}' is a sum over {:g} h, not {}", slice.variable->name, *hours,
         known->accumulation_hours);
  }
}

CfFields::Slice CfFields::slice(const Channel& channel, const FieldsRequest& request) const {
  Slice slice = horizontal(channel, request.grid);
  require_known_axes(slice);
  place_level(slice, channel);
  if (!place_time(slice, request) && !is_at_any_time(channel, *slice.variable))
    fail_time(*slice.variable);
  place_members(slice, request);
  require_accumulation(slice, channel);
  return slice;
}

Holding CfFields::holding(const Channel& channel) const {
  Slice slice = horizontal(channel, {});
  require_known_axes(slice);
  place_level(slice, channel);
  place_members(slice, {});
  Holding holding{find(channel).channel.name, {}, {}, describe(slice.orientation.grid)};
  holding.members.insert(slice.members.begin(), slice.members.end());
  if (is_static(channel) && !find_time_axes(*slice.variable).base) return holding;
  const TimeAxes axes = time_axes(*slice.variable);
  slice.time = axes.lag_is_axis ? axes.lag : axes.base;
  require_accumulation(slice, channel);
  for (std::size_t b = 0; b < axes.base->times.size(); ++b)
    for (std::size_t l = 0; l < axes.lags(); ++l) holding.times.insert(axes.valid(b, l));
  return holding;
}

CfFields::Slice CfFields::fixed_slice(const Channel& channel, const std::optional<Grid>& grid,
                                      const std::vector<At>& places) const {
  Slice slice = horizontal(channel, grid);
  require_known_axes(slice, places);
  place_level(slice, channel);
  slice.members = {0};
  slice.member_starts = {0};
  const auto& dimensions = slice.variable->dimensions;
  for (const At& place : places) {
    const auto found = std::find_if(dimensions.begin(), dimensions.end(),
                                    [&](const auto& each) { return each.name == place.dimension; });
    if (found == dimensions.end() || found->length <= place.index) {
      fail("'{}' has no {} {}", slice.variable->name, place.dimension, place.index);
    }
    slice.start[static_cast<std::size_t>(found - dimensions.begin())] = place.index;
  }
  return slice;
}

/// Points that the first experiment lacks come from the others.
void CfFields::add_other_experiments(const Slice& slice, std::vector<std::size_t> start,
                                     const std::vector<std::size_t>& count,
                                     std::vector<double>& values) const {
  const std::size_t dimension = *slice.experiment_dimension;
  for (std::size_t i = 1; i < slice.variable->dimensions[dimension].length; ++i) {
    start[dimension] = i;
    const std::vector<double> others = file_->values(*slice.variable, start, count);
    for (std::size_t point = 0; point < values.size(); ++point)
      if (std::isnan(values[point])) values[point] = others[point];
  }
}

void CfFields::copy(const Slice& slice, std::size_t member, std::span<float> map) const {
  const auto& dimensions = slice.variable->dimensions;
  const auto& [grid, rows, columns] = slice.orientation;
  std::vector<std::size_t> start = slice.start, count(dimensions.size(), 1);
  if (slice.member_dimension) start[*slice.member_dimension] = slice.member_starts[member];
  count[slice.latitude] = rows.size();
  count[slice.longitude] = columns.size();
  std::vector<double> values = file_->values(*slice.variable, start, count);
  if (slice.experiment_dimension) add_other_experiments(slice, start, count, values);
  const bool row_major = slice.latitude < slice.longitude;
  const std::size_t row_stride = row_major ? columns.size() : 1;
  const std::size_t column_stride = row_major ? 1 : rows.size();
  for (std::size_t row = 0; row < rows.size(); ++row) {
    for (std::size_t column = 0; column < columns.size(); ++column) {
      const double value = values[rows[row] * row_stride + columns[column] * column_stride];
      map[row * columns.size() + column] =
          static_cast<float>(value * slice.conversion.factor + slice.conversion.offset);
    }
  }
}

Fields CfFields::read(const FieldsRequest& request) const {
  std::vector<Slice> slices;
  MissingChannels missing;
  for (const Channel& channel : request.channels) {
    try {
      Slice next = slice(channel, request);
      if (!slices.empty() && next.members != slices.front().members) {
        fail("'{}' has other members than '{}'", next.variable->name,
             slices.front().variable->name);
      }
      if (!slices.empty()) require_grid(next.orientation.grid, slices.front().orientation.grid);
      slices.push_back(std::move(next));
    } catch (const Error& error) {
      missing.add(channel, error.what());
    }
  }
  missing.require_none(request.channels.size(), fmt::format("{} at {}", file_->path().string(),
                                                            short_time(request.valid())));

  return read_slices(slices, request);
}

Fields CfFields::read_slices(const std::vector<Slice>& slices, const FieldsRequest& request) const {
  Fields fields{slices.front().orientation.grid,
                request.channels,
                request.init,
                {request.lead_hours},
                slices.front().members,
                false,
                {}};
  fields.allocate();
  for (std::size_t channel = 0; channel < slices.size(); ++channel) {  // may share a chunk
    for (std::size_t member = 0; member < fields.members.size(); ++member) {
      copy(slices[channel], member, fields.map(member, 0, channel));
    }
  }
  return fields;
}

Grid CfFields::grid_of(const Channel& channel) const {
  return horizontal(channel, {}).orientation.grid;
}

Fields CfFields::read_fixed(const std::vector<Channel>& channels, const std::optional<Grid>& grid,
                            const std::vector<At>& places) const {
  std::vector<Slice> slices;
  MissingChannels missing;
  for (const Channel& channel : channels) {
    try {
      slices.push_back(fixed_slice(channel, grid, places));
    } catch (const Error& error) {
      missing.add(channel, error.what());
    }
  }
  missing.require_none(channels.size(), file_->path().string());
  return read_slices(slices, {channels, {}, 0, grid, {}});
}

}  // namespace ladcast
