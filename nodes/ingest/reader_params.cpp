#include "nodes/ingest/reader_params.h"

#include <algorithm>
#include <set>

#include "nodes/values/fields_payload.h"
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

}  // namespace

Axes ReaderParams::axes(const Plan& plan) const {
  return {true, *at == "lead" ? plan.each_lead() : Leads{}, *ensemble};
}

std::optional<Grid> ReaderParams::grid_of_model() const {
  return model.has_value() ? std::optional(model->grid) : std::nullopt;
}

std::vector<Channel> ReaderParams::wanted() const {
  if (!channels.has_value()) return model->channels;
  std::vector<Channel> wanted;
  for (const std::string& text : *channels) wanted.push_back(parse_channel(text));
  return wanted;
}

void ReaderParams::shape(Shape& shape, const OutPort& out, const GridOf& grid_of) const {
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
    const Channel channel = channels_to_read(channels_read, recipes).at(0);
    Grid found;
    try {
      found = on_grid_of_model() ? model->grid : grid_of(first, channel);
    } catch (const Error& error) {
      shape.error(path, error.what(), "'ladcast-flow inspect FILE' tells what a file holds");
      return;
    }
    const int members = *ensemble ? plan.largest_batch() : 1;
    describe_fields(shape.out(out), channels_read, found, false, members, 1);
    for (const Recipe& recipe : recipes)
      shape.out(out).history.push_back("derived: " + recipe.text);
  } catch (const Error& error) {
    shape.error(channels, error.what(), "name channels and a file that has them, or a model");
  }
}

std::vector<std::filesystem::path> ReaderParams::paths(const Plan& plan) const {
  std::set<std::filesystem::path> found;
  std::vector<int> members = {0};
  if (path->has("member"))
    for (const auto& batch : plan.batches)
      members.insert(members.end(), batch.begin(), batch.end());
  for (const Time init : plan.inits)
    for (const int member : members)
      for (int lead = 0; lead <= (path->has("lead") ? plan.leads : 0); ++lead)
        if (const auto file = path->expand(init, member, plan.lead_hours(lead));
            std::filesystem::exists(file))
          found.insert(file);
  return {found.begin(), found.end()};
}

std::vector<std::filesystem::path> ReaderParams::files(const Plan& plan) const {
  auto files = paths(plan);
  std::erase_if(files, [](const auto& each) { return !std::filesystem::is_regular_file(each); });
  return files;
}

std::filesystem::path ReaderParams::file(const Task& task, int member) const {
  return path->expand(task.init(), member, task.lead_hours());
}

Fields ReaderParams::fields(const Task& task, const ReadFields& plain_read) const {
  FieldsRequest request{wanted(), task.init(), task.lead_hours(), {}, {}, grid_of_model()};
  if (on_grid_of_model()) request.grid = model->grid;
  const std::vector<Recipe> recipes = recipes_for(*derive, request.channels);
  const ReadFields read = [&](const auto& file, const FieldsRequest& each) {
    return read_and_derive(file, each, recipes, plain_read);
  };
  if (!*ensemble) {
    Fields fields = read(file(task, 0), request);
    if (fields.members.size() > 1) {
      fail("{} holds {} members; set ensemble = true, and [run] members", file(task, 0).string(),
           fields.members.size());
    }
    if (!fields.members.empty()) fields.members = {0};
    return fields;
  }
  if (!path->has("member")) {
    request.members = task.members();
    return read(file(task, 0), request);
  }
  Fields all;
  for (const int member : task.members()) {
    request.members = {member};
    const Fields one = read(file(task, member), request);
    if (all.members.empty()) {
      all = one;
    } else {
      all.members.push_back(member);
      all.values.insert(all.values.end(), one.values.begin(), one.values.end());
    }
  }
  return all;
}

}  // namespace ladcast
