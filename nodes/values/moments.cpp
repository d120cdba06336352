#include "nodes/values/moments.h"

#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>

#include "graph/error.h"
#include "graph/nesting.h"
#include "graph/whole_file.h"

namespace ladcast {
namespace {

using Json = nlohmann::json;

Json read_json(const std::filesystem::path& file) {
  if (!std::filesystem::exists(file))
    fail("cannot read statistics {}: the file cannot be opened", file.string());
  const std::string text = read_whole_file(file);
  try {
    require_shallow_json(text);
    Json json = Json::parse(text);
    if (!json.is_object()) fail("it is not a JSON object");
    return json;
  } catch (const std::exception& e) {
    fail("cannot read statistics {}: {}", file.string(), e.what());
  }
}

/// json[variable][moment], or json[variable][moment][level].
std::optional<double> moment(const Json& json, const Channel& channel, const char* name) {
  const auto variable = json.find(channel.name);
  if (variable == json.end() || !variable->is_object()) return {};
  const auto found = variable->find(name);
  if (found == variable->end()) return {};
  const Json* value = &*found;
  if (channel.level) {
    if (!found->is_object()) return {};
    const auto level = found->find(std::to_string(*channel.level));
    if (level == found->end()) return {};
    value = &*level;
  }
  if (!value->is_number()) return {};
  return value->get<double>();
}

bool usable(std::optional<double> mean, std::optional<double> std) {
  return mean && std && std::isfinite(*mean) && std::isfinite(*std) && *std > 0;
}

std::vector<double> numbers(const Json& json, const char* name, const std::filesystem::path& file) {
  const auto found = json.find(name);
  const bool is_list = found != json.end() && found->is_array();
  std::vector<double> values;
  for (const Json& value : is_list ? *found : Json::array()) {
    if (value.is_number()) values.push_back(value.get<double>());
  }
  if (!is_list || values.size() != found->size()) {
    fail("cannot read statistics {}: '{}' is not a list of numbers", file.string(), name);
  }
  return values;
}

}  // namespace

Moments read_field_moments(const std::filesystem::path& file, std::span<const Channel> channels) {
  const Json json = read_json(file);
  Moments moments;
  std::string absent;
  for (const Channel& channel : channels) {
    const auto mean = moment(json, channel, "mean");
    const auto std = moment(json, channel, "std");
    if (usable(mean, std)) {
      moments.mean.push_back(*mean);
      moments.std.push_back(*std);
    } else {
      absent += "\n  " + to_string(channel);
    }
  }
  if (!absent.empty()) {
    fail("statistics {} hold no finite mean and positive std of:{}", file.string(), absent);
  }
  return moments;
}

Moments read_latent_moments(const std::filesystem::path& file, std::size_t channels) {
  if (file.empty())
    fail("the model has no statistics of latents: name them as 'latents' in its [statistics]");
  const Json json = read_json(file);
  Moments moments{numbers(json, "mean", file), numbers(json, "std", file)};
  if (moments.mean.size() != channels || moments.std.size() != channels) {
    fail("statistics {} hold {} means and {} deviations, but the model has {} latent channels",
         file.string(), moments.mean.size(), moments.std.size(), channels);
  }
  for (std::size_t i = 0; i < channels; ++i) {
    if (!usable(moments.mean[i], moments.std[i])) {
      fail("statistics {}: latent channel {} has mean {} and std {}", file.string(), i,
           moments.mean[i], moments.std[i]);
    }
  }
  return moments;
}

}  // namespace ladcast
