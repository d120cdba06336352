#include "nodes/values/tracks.h"

#include <cmath>
#include <limits>
#include <memory>
#include <nlohmann/json.hpp>

#include "graph/error.h"

namespace ladcast {
namespace {

using nlohmann::json;

// JSON has no word for NaN.
json number(double value) { return std::isnan(value) ? json() : json(value); }
double number_from(const json& value) {
  return value.is_null() ? std::numeric_limits<double>::quiet_NaN() : value.get<double>();
}

}  // namespace

std::size_t PayloadTraits<Tracks>::bytes(const Tracks& tracks) {
  std::size_t bytes = tracks.members.size() * sizeof(int);
  for (const auto& track : tracks.tracks)
    bytes += sizeof(Track) + track.points.size() * sizeof(TrackPoint);
  return bytes;
}

std::vector<ArrayView> PayloadTraits<Tracks>::arrays(const Tracks& tracks) {
  auto values = std::make_shared<std::vector<float>>();
  for (const auto& track : tracks.tracks)
    for (const auto& point : track.points)
      for (const double value : {point.position.latitude, point.position.longitude, point.msl})
        values->push_back(static_cast<float>(value));
  return {{"points", {values->size() / 3, 3}, *values, values}};
}

std::string to_text(const Tracks& tracks) {
  json text{{"init", format_time(tracks.init)},
            {"leads", tracks.lead_hours},
            {"members", tracks.members},
            {"tracks", json::array()}};
  for (const auto& track : tracks.tracks) {
    json points = json::array();
    for (const auto& point : track.points)
      points.push_back({point.lead_hours, point.position.latitude, point.position.longitude,
                        number(point.msl), number(point.wind)});
    text["tracks"].push_back(
        {{"storm", track.storm}, {"member", track.member}, {"points", std::move(points)}});
  }
  return text.dump();
}

Tracks tracks_from(const std::string& text) try {
  const json saved = json::parse(text);
  Tracks tracks{parse_time(saved.at("init").get<std::string>()),
                saved.at("leads").get<std::vector<int>>(),
                saved.at("members").get<std::vector<int>>(),
                {}};
  for (const auto& track : saved.at("tracks")) {
    Track& added = tracks.tracks.emplace_back(Track{track.at("storm"), track.at("member"), {}});
    for (const auto& point : track.at("points"))
      added.points.push_back({point.at(0).get<int>(),
                              {point.at(1).get<double>(), point.at(2).get<double>()},
                              number_from(point.at(3)),
                              number_from(point.at(4))});
  }
  return tracks;
} catch (const json::exception& error) {
  fail("saved tracks are damaged: {}", error.what());
}

}  // namespace ladcast
