#include "nodes/ingest/fields_reader.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <set>

#include "nodes/ingest/plausible_means.h"
#include "nodes/values/regrid.h"
#include "nodes/values/variables.h"

namespace ladcast {

namespace {

/// Throws Error where a recipe makes nothing that is wanted.
std::vector<Recipe> recipes_for(const std::vector<std::string>& texts,
                                const std::vector<Channel>& wanted) {
  std::vector<Recipe> recipes;
  for (const std::string& text : texts) {
    recipes.push_back(parse_recipe(text));
    if (std::none_of(wanted.begin(), wanted.end(),
                     [&](const Channel& channel) { return recipes.back().makes(channel); }))
      fail("'{}' makes none of the channels that are read", text);
  }
  return recipes;
}

std::string variables_of(const std::vector<Channel>& channels) {
  std::set<std::string> names;
  for (const Channel& channel : channels) names.insert(channel.name);
  return fmt::format("{}", fmt::join(names, ", "));
}

/// Fields without members stand for a time that is not there.
Fields nothing(const FieldsRequest& request) {
  return {request.grid.value_or(Grid{}),
          request.channels,
          request.init,
          {request.lead_hours},
          {},
          false,
          {}};
}

/// The channel whose times stand for those of all; null where all are static.
const Channel* find_timed(const std::vector<Channel>& channels) {
  const auto found = std::find_if_not(channels.begin(), channels.end(), is_static);
  return found == channels.end() ? nullptr : &*found;
}

bool has_times(const FieldFiles& files, const std::vector<FieldsRequest>& requests) {
  return std::all_of(requests.begin(), requests.end(), [&](const FieldsRequest& request) {
    const Channel* timed = find_timed(request.channels);
    return !timed || files.times_of(*timed).contains(request.valid());
  });
}

/// Throws Error where values stand in the maps that mean "missing" in many files without these
/// saying so.
void require_values(const Fields& fields, const std::filesystem::path& source) {
  constexpr std::array kMarks = {-9999.0F, -32767.0F, 1e20F, 9.96921e36F};
  for (std::size_t m = 0; m < fields.members.size(); ++m)
    for (std::size_t c = 0; c < fields.channels.size(); ++c) {
      const auto map = fields.map(m, 0, c);
      std::array<std::size_t, kMarks.size()> counts{};
      for (const float value : map)
        for (std::size_t i = 0; i < kMarks.size(); ++i) counts[i] += value == kMarks[i] ? 1 : 0;
      for (std::size_t i = 0; i < kMarks.size(); ++i)
        if (counts[i] > 0)
          fail(
              "{}: {} is {:g} at {} of {} points, which means 'missing' in many files, but this "
              "one does not say so; 'cdo setctomiss,{:g}' makes it missing",
              source.string(), to_string(fields.channels[c]), kMarks[i], counts[i], map.size(),
              kMarks[i]);
    }
}

void require_plausible(const Fields& fields, const std::filesystem::path& source) try {
  require_plausible_means(fields);
} catch (const Error& error) {
  throw error.in(source.string());
}

}  // namespace

Axes FieldsReader::source_axes(const Plan& plan) const {
  return {true, *at == "lead" ? plan.each_lead() : Leads{}, *ensemble};
}

std::optional<Grid> FieldsReader::grid_of_model() const {
  return model.has_value() ? std::optional(model->grid) : std::nullopt;
}

std::vector<Channel> FieldsReader::wanted() const {
  std::vector<Channel> wanted;
  if (channels.has_value())
    for (const std::string& text : *channels) wanted.push_back(parse_channel(text));
  else
    wanted = model->channels;
  leave_out(wanted, *without);
  return wanted;
}

void FieldsReader::shape(Shape& shape) {
  if (!model.has_value() && !channels.has_value()) {
    shape.error(path, "neither model nor channels say what to read",
                "add model = \"…\", or channels = [\"geopotential 500\", …]");
    return;
  }
  try {
    const std::vector<Channel> channels_read = wanted();
    const Plan& plan = shape.plan();
    const auto first = path->expand(plan.inits.at(0), plan.batches.at(0).at(0), plan.step_hours);
    const auto recipes = recipes_for(*derive, channels_read);
    const auto requests = requests_for({channels_read, {}, 0, {}, {}}, recipes);
    OpenedFiles opened(open_files_);
    Grid found;
    try {
      found = on_grid_of_model()
                  ? model->grid
                  : opened.at(first)->grid_of(requests[0].channels.at(0), grid_of_model());
    } catch (const Error& error) {
      shape.error(path, error.what(), "'ladcast-flow inspect FILE' tells what a file holds");
      return;
    }
    const int members = *ensemble ? plan.largest_batch() : 1;
    describe_fields(shape.out(fields), channels_read, found, false, members, 1);
    for (const Recipe& recipe : recipes)
      shape.out(fields).history.push_back("derived: " + recipe.text);
    for (const std::string& line : persisted(plan, requests[0], opened))
      shape.out(fields).history.push_back(line);
  } catch (const Error& error) {
    shape.error(channels, error.what(), "name channels and a file that has them, or a model");
  }
}

std::vector<std::filesystem::path> FieldsReader::paths() const {
  std::set<std::filesystem::path> found;
  std::vector<int> members = {0};
  if (path->has("member"))
    for (const auto& batch : plan().batches)
      members.insert(members.end(), batch.begin(), batch.end());
  for (const Time init : plan().inits)
    for (const int member : members)
      for (int lead = 0; lead <= (path->has("lead") ? plan().leads : 0); ++lead)
        if (const auto file = path->expand(init, member, plan().lead_hours(lead));
            std::filesystem::exists(file))
          found.insert(file);
  return {found.begin(), found.end()};
}

std::vector<std::filesystem::path> FieldsReader::files() const {
  auto there = paths();
  std::erase_if(there, [](const auto& each) { return !std::filesystem::is_regular_file(each); });
  return there;
}

/// What is read for one message: one request, or one for each member where the path names it.
std::vector<FieldsReader::Read> FieldsReader::reads(Time init, int lead_hours,
                                                    const std::vector<int>& members) const {
  FieldsRequest request{wanted(), init, lead_hours, {}, {}, grid_of_model()};
  if (on_grid_of_model()) request.grid = model->grid;
  if (!*ensemble) return {{path->expand(init, 0, lead_hours), request}};
  request.members = members;
  if (!path->has("member")) return {{path->expand(init, 0, lead_hours), request}};
  std::vector<Read> reads;
  for (const int member : members) {
    request.members = {member};
    reads.emplace_back(path->expand(init, member, lead_hours), request);
  }
  return reads;
}

void FieldsReader::open() {
  if (skips_items() || *at != "init" || *missing == "skip") return;
  std::string what, others;
  for (const Time init : plan().inits) {
    std::vector<int> members;
    for (const auto& batch : plan().batches)
      members.insert(members.end(), batch.begin(), batch.end());
    try {
      for (const auto& [source, request] : reads(init, 0, members)) {
        const auto there = opened_.at(source);
        for (FieldsRequest part : requests_for(request, recipes_for(*derive, request.channels))) {
          part.lead_hours -= hours_back(*there, part);
          try {
            there->require(part);
          } catch (const Error& error) {
            throw with_cure(error, *there, part);
          }
        }
      }
    } catch (const Error& error) {
      if (what.empty())
        what = error.what();
      else
        others += (others.empty() ? "" : ", ") + short_time(init);
    }
  }
  if (!others.empty()) what += "\n  nor can these initial times be read: " + others;
  if (!what.empty()) fail("{}", what);
}

/// For the history: of which initial times an older one is read.
std::vector<std::string> FieldsReader::persisted(const Plan& plan, const FieldsRequest& request,
                                                 OpenedFiles& opened) const {
  if (*persist_hours == 0) return {};
  if (*at != "init")
    return {fmt::format("persisted for up to {} h: {}", *persist_hours,
                        variables_of(request.channels))};
  std::vector<std::string> lines;
  for (const Time init : plan.inits) try {
      FieldsRequest at_init = request;
      at_init.init = init;
      const auto files = opened.at(path->expand(init, plan.batches.at(0).at(0), 0));
      if (const int hours = hours_back(*files, at_init); hours > 0)
        lines.push_back(fmt::format("persisted: {} of {} for {}", variables_of(request.channels),
                                    short_time(init - std::chrono::hours{hours}),
                                    short_time(init)));
    } catch (const Error&) {  // open() tells what is wrong
    }
  return lines;
}

/// How much older than asked for the time is that is read instead: 0 where the time is there, or
/// nothing may take its place.
int FieldsReader::hours_back(const FieldFiles& files, const FieldsRequest& request) const {
  const Channel* timed = find_timed(request.channels);
  if (*persist_hours == 0 || !timed) return 0;
  const auto times = files.times_of(*timed);
  const auto after = times.upper_bound(request.valid());
  if (after == times.begin()) return 0;
  const auto age = std::chrono::ceil<std::chrono::hours>(request.valid() - *std::prev(after));
  if (age.count() > *persist_hours)
    fail("{}: the last time before {} is {}, {} h older, and persist_hours is {}",
         to_string(*timed), short_time(request.valid()), short_time(*std::prev(after)), age.count(),
         *persist_hours);
  return static_cast<int>(age.count());
}

Fields FieldsReader::read_part(const FieldFiles& files, const FieldsRequest& part) const try {
  return files.read(part);
} catch (const Error& error) {
  throw with_cure(error, files, part);
}

/// The same error; where the grid is not the model's, with what to do.
Error FieldsReader::with_cure(const Error& error, const FieldFiles& files,
                              const FieldsRequest& part) const try {
  if (!on_grid_of_model() ||
      same_grid(files.grid_of(part.channels.front(), grid_of_model()), model->grid))
    return error;
  return Error(fmt::format("{}; write grid = \"file\", and send the fields through a node 'regrid'",
                           error.what()));
} catch (const Error&) {
  return error;
}

Fields FieldsReader::read(const Task& task) const {
  Fields all;
  const auto members = *ensemble ? task.members() : std::vector<int>{};
  for (const auto& [source, request] : reads(task.init(), task.lead_hours(), members)) {
    const auto there = opened_.at(source);
    const auto recipes = recipes_for(*derive, request.channels);
    if (*missing == "skip" && !has_times(*there, requests_for(request, recipes)))
      return nothing(request);
    Fields one = read_and_derive(request, recipes, [&, &from = *there](FieldsRequest part) {
      part.lead_hours -= hours_back(from, part);
      Fields maps = read_part(from, part);
      require_values(maps, source);
      require_plausible(maps, source);
      return maps;
    });
    one.lead_hours = {task.lead_hours()};
    if (!*ensemble && one.members.size() > 1)
      fail("{} holds {} members; set ensemble = true, and [run] members", source.string(),
           one.members.size());
    if (!*ensemble) one.members = {0};
    if (all.members.empty()) {
      all = std::move(one);
    } else {
      all.members.push_back(one.members.at(0));
      all.values.insert(all.values.end(), one.values.begin(), one.values.end());
    }
  }
  return all;
}

}  // namespace ladcast
