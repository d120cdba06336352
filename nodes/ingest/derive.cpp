#include "nodes/ingest/derive.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <regex>

#include "graph/error.h"
#include "nodes/values/variables.h"

namespace ladcast {
namespace {

constexpr double kDryAir = 287.0597;       // J kg-1 K-1, gas constant; these four are the IFS's
constexpr double kWaterVapour = 461.5250;  // J kg-1 K-1
constexpr double kGravity = 9.80665;       // m s-2
constexpr double kTriplePoint = 273.16;    // K
constexpr double kAllIce = 250.16;         // K
constexpr double kSeaWaterFreezes = 271.35;

/// Pa.
double saturation_over_water(double temperature) {
  return 611.21 * std::exp(17.502 * (temperature - kTriplePoint) / (temperature - 32.19));
}

/// Pa, over water above the triple point, over ice below 250.16 K, mixed in between.
double saturation_pressure(double temperature) {
  const double water = saturation_over_water(temperature);
  const double ice = 611.21 * std::exp(22.587 * (temperature - kTriplePoint) / (temperature + 0.7));
  const double part = std::clamp((temperature - kAllIce) / (kTriplePoint - kAllIce), 0.0, 1.0);
  return part * part * water + (1 - part * part) * ice;
}

/// Of air with this partial pressure of water vapour, Pa.
float humidity_of(double vapour, const Channel& channel) {
  const double pressure = 100.0 * channel.level.value_or(1000);
  const double ratio = kDryAir / kWaterVapour;
  return static_cast<float>(ratio * vapour / (pressure - (1 - ratio) * vapour));
}

float humidity_from_relative(const Channel& channel, std::span<const float> in) {
  return humidity_of(static_cast<double>(in[0]) / 100 * saturation_pressure(in[1]), channel);
}

float humidity_from_dew_point(const Channel& channel, std::span<const float> in) {
  return humidity_of(saturation_over_water(in[0]), channel);
}

float pressure_velocity(const Channel& channel, std::span<const float> in) {
  const double pressure = 100.0 * channel.level.value_or(1000);
  return static_cast<float>(-static_cast<double>(in[0]) * pressure * kGravity /
                            (kDryAir * static_cast<double>(in[1])));
}

float sea_surface_temperature(const Channel&, std::span<const float> in) {
  if (!(in[1] < 0.5F)) return std::numeric_limits<float>::quiet_NaN();
  return std::max(in[0], static_cast<float>(kSeaWaterFreezes));
}

float sum(const Channel&, std::span<const float> in) {
  double total = 0;
  for (const float value : in) total += static_cast<double>(value);
  return static_cast<float>(total);
}

float growth(const Channel&, std::span<const float> in) { return std::max(0.0F, in[0] - in[1]); }

const std::vector<Recipe>& known_recipes() {
  const auto recipe = [](std::string text, std::vector<Recipe::Input> inputs, auto value) {
    const std::string variable = text.substr(0, text.find(' '));
    return Recipe{std::move(text), variable, {}, std::move(inputs), value};
  };
  const std::string hourly = "total_precipitation", total = "total_precipitation_since_start";
  static const std::vector<Recipe> recipes = {
      recipe("specific_humidity from relative_humidity", {{"relative_humidity"}, {"temperature"}},
             humidity_from_relative),
      recipe("specific_humidity from dew_point_temperature", {{"dew_point_temperature"}},
             humidity_from_dew_point),
      recipe("vertical_velocity from geometric_vertical_velocity",
             {{"geometric_vertical_velocity"}, {"temperature"}}, pressure_velocity),
      recipe("sea_surface_temperature from skin_temperature",
             {{"skin_temperature"}, {"land_sea_mask"}}, sea_surface_temperature),
      recipe("total_precipitation_6hr from hourly sums",
             {{hourly, 5}, {hourly, 4}, {hourly, 3}, {hourly, 2}, {hourly, 1}, {hourly, 0}}, sum),
      recipe("total_precipitation_6hr from sums since the start", {{total, 0}, {total, 6}},
             growth)};
  return recipes;
}

[[noreturn]] void fail_unknown(const std::string& text) {
  std::string known;
  for (const Recipe& recipe : known_recipes()) known += "\n  " + recipe.text;
  fail("'{}' is no way to derive a channel; there are{}\n  CHANNEL from NUMBER", text, known);
}

/// What the inputs of `channel` are called on its level.
std::vector<Channel> input_channels(const Recipe& recipe, const Channel& channel) {
  std::vector<Channel> channels;
  for (const Recipe::Input& input : recipe.inputs) {
    const Variable* variable = find_variable(input.variable);
    const bool has_level = variable->surface == Surface::isobaric;
    channels.push_back(
        {input.variable, has_level ? channel.level : std::nullopt, std::string(variable->units)});
  }
  return channels;
}

void add_new(std::vector<Channel>& channels, const Channel& channel) {
  if (std::find(channels.begin(), channels.end(), channel) == channels.end())
    channels.push_back(channel);
}

const Recipe* recipe_for(const Channel& channel, std::span<const Recipe> recipes) {
  const auto found = std::find_if(recipes.begin(), recipes.end(),
                                  [&](const Recipe& recipe) { return recipe.makes(channel); });
  return found == recipes.end() ? nullptr : &*found;
}

std::size_t place(const Fields& fields, const Channel& channel) {
  const auto found = std::find(fields.channels.begin(), fields.channels.end(), channel);
  return static_cast<std::size_t>(found - fields.channels.begin());
}

}  // namespace

Recipe parse_recipe(const std::string& text) {
  for (const Recipe& recipe : known_recipes())
    if (recipe.text == text) return recipe;
  static const std::regex number(R"((\w+)(?: (\d{1,4})(?: hPa)?)? from ([-+.\deE]+))");
  constexpr std::size_t kLongest = 200;  // the matcher's stack grows with the text
  std::smatch match;
  if (text.size() > kLongest) fail_unknown(text.substr(0, kLongest));
  if (!std::regex_match(text, match, number)) fail_unknown(text);
  const Variable* variable = find_variable(match[1].str());
  if (!variable || variable->name != match[1].str())
    fail("'{}' is not a known variable", match[1].str());
  char* end = nullptr;
  const std::string digits = match[3].str();
  const float value = std::strtof(digits.c_str(), &end);
  if (*end != '\0' || !std::isfinite(value)) fail_unknown(text);
  Recipe recipe{text, match[1].str(), {}, {}, {}};
  if (match[2].matched) recipe.level = std::stoi(match[2].str());
  recipe.value = [value](const Channel&, std::span<const float>) { return value; };
  return recipe;
}

std::vector<std::string> recipes_that_make(const std::string& variable) {
  std::vector<std::string> texts;
  for (const Recipe& recipe : known_recipes())
    if (recipe.variable == variable) texts.push_back(recipe.text);
  return texts;
}

std::vector<FieldsRequest> requests_for(const FieldsRequest& request,
                                        std::span<const Recipe> recipes) {
  std::map<int, std::vector<Channel>> needs;  // by hours before the valid time
  for (const Channel& channel : request.channels) {
    const Recipe* recipe = recipe_for(channel, recipes);
    if (!recipe) {
      add_new(needs[0], channel);
      continue;
    }
    const std::vector<Channel> inputs = input_channels(*recipe, channel);
    for (std::size_t i = 0; i < inputs.size(); ++i)
      add_new(needs[recipe->inputs[i].hours_before], inputs[i]);
  }
  if (!needs.contains(0)) fail("all channels come from numbers, so that nothing is read");
  std::vector<FieldsRequest> requests;
  for (auto& [hours, channels] : needs) {
    FieldsRequest& part = requests.emplace_back(request);
    part.channels = std::move(channels);
    part.lead_hours -= hours;
  }
  return requests;
}

Fields read_and_derive(const FieldsRequest& request, std::span<const Recipe> recipes,
                       const ReadFields& read) {
  std::map<int, Fields> there;  // by hours before the valid time
  for (const FieldsRequest& part : requests_for(request, recipes))
    there.emplace(request.lead_hours - part.lead_hours, read(part));
  const Fields& now = there.at(0);
  Fields result{now.grid,    request.channels, now.init, now.lead_hours,
                now.members, now.normalised,   {}};
  result.allocate();
  for (std::size_t m = 0; m < result.members.size(); ++m) {
    for (std::size_t c = 0; c < result.channels.size(); ++c) {
      const Channel& channel = result.channels[c];
      const std::span<float> map = result.map(m, 0, c);
      const Recipe* recipe = recipe_for(channel, recipes);
      if (!recipe) {
        const auto values = now.map(m, 0, place(now, channel));
        std::copy(values.begin(), values.end(), map.begin());
        continue;
      }
      const std::vector<Channel> channels = input_channels(*recipe, channel);
      std::vector<std::span<const float>> inputs;
      for (std::size_t i = 0; i < channels.size(); ++i) {
        const Fields& from = there.at(recipe->inputs[i].hours_before);
        inputs.push_back(from.map(m, 0, place(from, channels[i])));
      }
      std::vector<float> point(inputs.size());
      for (std::size_t p = 0; p < map.size(); ++p) {
        for (std::size_t i = 0; i < inputs.size(); ++i) point[i] = inputs[i][p];
        map[p] = recipe->value(channel, point);
      }
    }
  }
  return result;
}

}  // namespace ladcast
