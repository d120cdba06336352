#include "nodes/cyclones/best_track.h"

#include <algorithm>
#include <cctype>

#include "graph/error.h"

namespace ladcast {
namespace {

constexpr std::size_t kMostNamesInAMessage = 8;

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

}  // namespace

const Observation* Storm::at(Time time) const {
  const auto found = std::lower_bound(
      observations.begin(), observations.end(), time,
      [](const Observation& observation, Time wanted) { return observation.time < wanted; });
  return found != observations.end() && found->time == time ? &*found : nullptr;
}

std::vector<Storm> pick(const std::vector<Storm>& storms, const std::vector<std::string>& names) {
  std::vector<Storm> picked;
  for (const auto& name : names) {
    std::vector<const Storm*> found;
    const std::string wanted = upper(name);
    for (const auto& storm : storms)
      if (upper(storm.id) == wanted || upper(storm.name) == wanted ||
          upper(fmt::format("{} {}", storm.name, storm.season)) == wanted)
        found.push_back(&storm);
    if (found.size() == 1) {
      picked.push_back(*found.front());
      continue;
    }
    std::string there;
    const std::size_t all = found.empty() ? storms.size() : found.size();
    for (std::size_t i = 0; i < std::min(all, kMostNamesInAMessage); ++i) {
      const Storm& storm = found.empty() ? storms[i] : *found[i];
      there += fmt::format("{}{} ({} {})", i == 0 ? "" : ", ", storm.id, storm.name, storm.season);
    }
    if (all > kMostNamesInAMessage)
      there += fmt::format(" and {} more", all - kMostNamesInAMessage);
    if (found.empty()) fail("no storm is called '{}'; there are {}", name, there);
    fail("{} storms are called '{}': {}; take an id", found.size(), name, there);
  }
  return picked;
}

std::vector<Storm> read_best_tracks(const std::filesystem::path& file,
                                    const std::vector<std::string>& names) {
  const auto storms = read_best_tracks(file);
  try {
    return pick(storms, names);
  } catch (const Error& error) {
    throw error.in(file.string());
  }
}

}  // namespace ladcast
