#include "nodes/train/moments_file.h"

#include <nlohmann/json.hpp>

#include "graph/whole_file.h"

namespace ladcast {
namespace {

using Json = nlohmann::ordered_json;  // variables and levels in the channels' order

void write_json(const std::filesystem::path& file, const Json& json) {
  constexpr int kIndent = 1;
  write_whole_file(file, {json.dump(kIndent), "\n"});
}

}  // namespace

void write_field_moments(const std::filesystem::path& file, std::span<const Channel> channels,
                         const Moments& moments) {
  Json json;
  for (std::size_t i = 0; i < channels.size(); ++i) {
    const auto put = [&](const char* name, double value) {
      Json& place = json[channels[i].name][name];
      (channels[i].level ? place[std::to_string(*channels[i].level)] : place) = value;
    };
    put("mean", moments.mean[i]);
    put("std", moments.std[i]);
  }
  write_json(file, json);
}

void write_latent_moments(const std::filesystem::path& file, const Moments& moments) {
  write_json(file, {{"mean", moments.mean}, {"std", moments.std}});
}

}  // namespace ladcast
