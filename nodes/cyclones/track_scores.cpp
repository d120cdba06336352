#include <charconv>

#include "graph/node.h"
#include "nodes/cyclones/best_track.h"
#include "nodes/cyclones/track_errors.h"
#include "nodes/values/scores.h"

namespace ladcast {
namespace {

struct NamedPlace {
  std::string name;
  LatLon position;
};

/// "Miami 25.8 -80.2": name, latitude, longitude.
NamedPlace parse_place(const std::string& text) {
  const auto before = [&](std::size_t end) {
    const auto space = end == std::string::npos || end == 0 ? end : text.rfind(' ', end - 1);
    return space;
  };
  const auto second = before(text.size());
  const auto first = second == std::string::npos ? second : before(second);
  const auto number = [&](std::size_t from, std::size_t to, double limit) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data() + from, text.data() + to, value);
    if (error != std::errc{} || end != text.data() + to || !(std::abs(value) <= limit))
      fail("'{}' is no place; write \"NAME LATITUDE LONGITUDE\" as \"Miami 25.8 -80.2\"", text);
    return value;
  };
  if (first == std::string::npos || first == 0)
    fail("'{}' is no place; write \"NAME LATITUDE LONGITUDE\" as \"Miami 25.8 -80.2\"", text);
  return {text.substr(0, first),
          {number(first + 1, second, 90.0), number(second + 1, text.size(), 360.0)}};
}

class TrackScores final : public Node {
  Fold<Tracks> tracks{this, "tracks", Axis::member, "of the members of an ensemble"};
  Collect<Tracks> against{this, "against", Axis::member,
                          "of another forecast: errors are then those of the cases that both have",
                          kOptional};
  DetachedOut<Scores> scores{
      this, "scores",
      "by storm and lead: track_error, along_track, cross_track, centre_error, track_spread "
      "(km), hits, misses, false_alarms (members), bias and mae of the central pressure"};

  Param<InputFiles> storms{this, "storms", "best tracks, IBTrACS CSV or HURDAT2"};
  Param<std::vector<std::string>> which{
      this, "which", "storms to score: ids, names, or names with their season as \"DORIAN 2019\"",
      ParamOptions<std::vector<std::string>>{.optional = true}};
  Param<double> match_distance{
      this, "match_distance",
      "within which a track that followed no given storm belongs to an observed one",
      ParamOptions<double>{.fallback = 500.0, .unit = "km", .min = 0.0, .max = 5000.0}};
  Param<std::string> name{this, "name", "what the forecast is called in the table",
                          ParamOptions<std::string>{.fallback = "model"}};
  Param<std::string> against_name{this, "against_name", "what the other one is called",
                                  ParamOptions<std::string>{.fallback = "reference"}};
  Param<std::vector<std::string>> places{
      this, "places", "where the probability of a strike is wanted, as \"Miami 25.8 -80.2\"",
      ParamOptions<std::vector<std::string>>{.fallback = std::vector<std::string>{}}};
  Param<double> strike_distance{
      this, "strike_distance", "of a track that strikes a place",
      ParamOptions<double>{.fallback = 120.0, .unit = "km", .min = 0.0, .max = 2000.0}};

  std::vector<Storm> storms_;
  std::vector<NamedPlace> places_;

  void shape(Shape& shape) override {
    constexpr std::size_t kScores = 10;
    shape.out(scores).bytes =
        static_cast<std::size_t>(shape.plan().leads) * kScores * sizeof(ScoreRow);
    if (*name == *against_name)
      shape.error(against_name, fmt::format("both forecasts are called '{}'", *name),
                  "give them two names");
    try {
      places_.clear();
      for (const auto& text : *places) places_.push_back(parse_place(text));
    } catch (const Error& error) {
      shape.error(places, error.what(), "put the numbers last, with one blank before each");
    }
  }

  std::vector<std::filesystem::path> files() const override {
    return {storms->expand(plan().inits.front())};
  }
  void open() override {
    const auto file = storms->expand(plan().inits.front());
    storms_ = which.has_value() ? read_best_tracks(file, *which) : read_best_tracks(file);
  }

  void fold(Task& task) const override {
    task.state<std::vector<Tracks>>().push_back(task.get(tracks));
  }

  void run(Task& task) const override {
    std::vector<const Tracks*> batches;
    for (const Tracks& batch : task.state<std::vector<Tracks>>()) batches.push_back(&batch);
    const Tracks ours = together(batches);
    const MatchedTracks matched = match(storms_, ours, *match_distance);
    auto sample = sample_of(matched, ours.init);
    Scores result;
    if (task.has(against)) {
      const Tracks others = together(task.all(against));
      const MatchedTracks other = match(storms_, others, *match_distance);
      const auto has_not = [theirs = sample_of(other, others.init)](const TrackCase& at) {
        return !theirs.contains(at);
      };
      std::erase_if(sample, has_not);
      result.rows = TrackErrors(other, others, sample).rows(*against_name);
    }
    const auto rows = TrackErrors(matched, ours, sample).rows(*name);
    result.rows.insert(result.rows.begin(), rows.begin(), rows.end());
    append_strikes(result.rows, ours);
    task.send(scores, std::move(result));
  }

  void append_strikes(std::vector<ScoreRow>& rows, const Tracks& ours) const {
    std::vector<LatLon> positions;
    for (const NamedPlace& place : places_) positions.push_back(place.position);
    const auto share = strike_probability(ours, positions, *strike_distance);
    for (std::size_t i = 0; i < places_.size(); ++i) {
      ScoreRow row;
      row.init = ours.init;
      row.lead_hours = ours.lead_hours.empty() ? 0 : ours.lead_hours.back();
      row.forecast = *name;
      row.region = places_[i].name;
      row.channel = {"cyclone_members", {}, "1"};
      row.score = "strike_probability";
      row.event = fmt::format("within {} km", *strike_distance);
      row.value = static_cast<double>(share[i]);
      row.weight = 1.0;
      row.count = ours.members.size();
      rows.push_back(row);
    }
  }
};

LADCAST_NODE(TrackScores, "track_scores",
             "Compares tracks of cyclones with best tracks: errors, spread, hits, strikes.");

}  // namespace
}  // namespace ladcast
