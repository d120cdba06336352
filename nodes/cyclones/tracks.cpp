#include "nodes/values/tracks.h"

#include <algorithm>
#include <optional>

#include "graph/node.h"
#include "nodes/cyclones/best_track.h"
#include "nodes/cyclones/ladcast_tracker.h"
#include "nodes/cyclones/link_lows.h"
#include "nodes/values/fields_payload.h"

namespace ladcast {
namespace {

using std::chrono::hours;

const Channel kMsl{"mean_sea_level_pressure", {}, "Pa"};
const Channel kHigh{"geopotential", 300, "m2 s-2"};
const Channel kMiddle{"geopotential", 500, "m2 s-2"};
const Channel kWindU{"10m_u_component_of_wind", {}, "m s-1"};
const Channel kWindV{"10m_v_component_of_wind", {}, "m s-1"};

std::optional<std::size_t> place_of(const Channel& wanted, const std::vector<Channel>& channels) {
  for (std::size_t i = 0; i < channels.size(); ++i)
    if (channels[i].name == wanted.name && channels[i].level == wanted.level) return i;
  return {};
}

CycloneMaps maps_of(const Fields& fields, std::size_t member, std::size_t lead) {
  const auto map = [&](const Channel& wanted) {
    const auto channel = place_of(wanted, fields.channels);
    return channel ? fields.map(member, lead, *channel) : std::span<const float>{};
  };
  return {map(kMsl), map(kHigh), map(kMiddle), map(kWindU), map(kWindV)};
}

/// What is kept of the leads that have come.
struct Gathered {
  std::vector<int> lead_hours, members;
  std::vector<std::vector<std::vector<Low>>> lows;  // closed_contour: by lead, then member
  std::vector<std::vector<Track>> tracks;           // ladcast: by member, then storm
};

class TracksNode final : public Node {
  Fold<Fields> fields{this, "fields", Axis::lead,
                      "forecasts in physical units: mean_sea_level_pressure; for closed_contour "
                      "also geopotential 300 and 500, 10m_u_component_of_wind and "
                      "10m_v_component_of_wind"};
  In<Fields> analysis{this, "analysis",
                      "of the initial time: closed_contour then begins with lead 0", kOptional};
  DetachedOut<Tracks> tracks{this, "tracks", "of the members of a batch, all leads"};

  Param<std::string> method{this, "method",
                            "closed_contour: lows with closed contours, linked from lead to lead; "
                            "ladcast: the reference's box search, which needs 'storms'",
                            ParamOptions<std::string>{.fallback = "closed_contour",
                                                      .choices = {"closed_contour", "ladcast"}}};
  Param<InputFiles> storms{
      this, "storms",
      "best tracks, IBTrACS CSV or HURDAT2: those observed at the initial time "
      "are followed; without it all tropical cyclones are looked for",
      ParamOptions<InputFiles>{.optional = true}};
  Param<std::vector<std::string>> which{
      this, "which", "storms to follow: ids, names, or names with their season as \"DORIAN 2019\"",
      ParamOptions<std::vector<std::string>>{.optional = true}};
  Param<std::vector<double>> inner_widths{
      this, "inner_widths", "ladcast: of the boxes, tried in turn",
      ParamOptions<std::vector<double>>{.fallback = std::vector<double>{7, 4, 1},
                                        .unit = "degrees"}};
  Param<double> snap{
      this, "snap", "ladcast: starts are rounded to, and boxes widened by",
      ParamOptions<double>{.fallback = 1.5, .unit = "degrees", .min = 0.01, .max = 10.0}};
  Param<double> msl_rise{
      this, "msl_rise", "closed_contour: of pressure all around a low",
      ParamOptions<double>{.fallback = 200.0, .unit = "Pa", .min = 0.0, .max = 20000.0}};
  Param<double> msl_distance{
      this, "msl_distance", "closed_contour: within which it rises so much",
      ParamOptions<double>{.fallback = 5.5, .unit = "degrees", .min = 0.0, .max = 30.0}};
  Param<bool> warm_core{this, "warm_core",
                        "closed_contour: only lows with a warm core; of storms that are followed, "
                        "these are preferred",
                        ParamOptions<bool>{.fallback = true}};
  Param<double> thickness_fall{
      this, "thickness_fall",
      "closed_contour: of geopotential 300 - 500 hPa all around a warm core",
      ParamOptions<double>{.fallback = 58.8, .unit = "m2 s-2", .min = 0.0, .max = 10000.0}};
  Param<double> thickness_distance{
      this, "thickness_distance", "closed_contour: within which it falls so much",
      ParamOptions<double>{.fallback = 6.5, .unit = "degrees", .min = 0.0, .max = 30.0}};
  Param<double> merge_distance{
      this, "merge_distance", "closed_contour: of two lows nearer than that the deeper one stays",
      ParamOptions<double>{.fallback = 6.0, .unit = "degrees", .min = 0.0, .max = 30.0}};
  Param<double> range{
      this, "range", "closed_contour: the longest way from one position to the next",
      ParamOptions<double>{.fallback = 8.0, .unit = "degrees", .min = 0.1, .max = 30.0}};
  Param<int> max_gap{this, "max_gap", "closed_contour: between two positions of a track",
                     ParamOptions<int>{.fallback = 24, .unit = "h", .min = 0, .max = 240}};
  Param<int> min_life{this, "min_life", "closed_contour without 'storms': of a track",
                      ParamOptions<int>{.fallback = 54, .unit = "h", .min = 0, .max = 2400}};
  Param<int> min_points{
      this, "min_points",
      "closed_contour without 'storms': positions that have the wind and latitude below",
      ParamOptions<int>{.fallback = 10, .min = 0, .max = 1000}};
  Param<double> min_wind{
      this, "min_wind", "closed_contour without 'storms': 10 m wind; 0 for any",
      ParamOptions<double>{.fallback = 10.0, .unit = "m s-1", .min = 0.0, .max = 150.0}};
  Param<double> max_latitude{
      this, "max_latitude", "closed_contour without 'storms': north or south",
      ParamOptions<double>{.fallback = 50.0, .unit = "degrees", .min = 0.0, .max = 90.0}};

  std::vector<Storm> storms_;
  std::size_t state_ = 0;  // bytes, known once the shape is

  bool follows() const { return storms.has_value(); }
  bool is_ladcast() const { return *method == "ladcast"; }
  ContourRules contour_rules() const {
    return {.msl_rise = *msl_rise,
            .msl_distance = *msl_distance,
            .thickness_fall = *thickness_fall,
            .thickness_distance = *thickness_distance,
            .merge_distance = *merge_distance};
  }

  void shape(Shape& shape) override {
    const Spec& spec = shape.in(fields);
    check_physical(shape, fields);
    if (shape.has(analysis)) check_physical(shape, analysis);
    if (is_ladcast() && !follows())
      shape.error(method, "method \"ladcast\" follows given storms and has none",
                  "give a file of best tracks as 'storms', or take \"closed_contour\"");
    for (const double width : *inner_widths)
      if (!(width > 0 && width <= 30))
        shape.error(inner_widths, fmt::format("a box of {} degrees is none to search", width),
                    "take widths above 0, up to 30 degrees");
    if (!is_ladcast() && !follows()) require_time(shape);
    if (which.has_value() && !follows())
      shape.error(which, "there is no file to pick them from", "give it as 'storms'");
    try {
      check_channels(shape, channels_of(spec));
      if (shape.has(analysis) && !place_of(kMsl, channels_of(shape.in(analysis))))
        shape.error(analysis, "there is no mean_sea_level_pressure in the analysis",
                    "keep it there, or leave in.analysis out");
    } catch (const Error& error) {
      shape.error(fields, error.what(), "read fields of the variables that are known");
    }
    constexpr std::size_t kLows = 100;  // of a map, many
    const Plan& plan = shape.plan();
    const auto points = static_cast<std::size_t>(plan.largest_batch() * std::max(plan.leads, 1));
    state_ = points * kLows * sizeof(Low);
    shape.out(tracks).bytes = points * sizeof(TrackPoint);
  }

  /// Time and leads enough for a track that counts as a cyclone.
  void require_time(Shape& shape) const {
    const Plan& plan = shape.plan();
    const int positions = plan.leads + (shape.has(analysis) ? 1 : 0);
    const int longest = std::max(0, positions - 1) * plan.step_hours;
    const auto refuse = [&](const ParamBase& param, int most) {
      shape.error(param,
                  fmt::format("no cyclone can be found: from the first position to the last lead "
                              "there are {} h and {} positions",
                              longest, positions),
                  fmt::format("write {} = {} or less, or let run.lead.until_hours be more",
                              param.name(), most));
    };
    if (*min_life > longest) refuse(min_life, longest);
    if (*min_points > positions) refuse(min_points, positions);
  }

  static void check_physical(Shape& shape, const InPort& port) {
    if (shape.in(port).normalised)
      shape.error(port, "the fields are normalised, and cyclones are found in pascals",
                  "take the fields after 'denormalise' or before 'normalise'");
  }
  void check_channels(Shape& shape, const std::vector<Channel>& there) const {
    const auto lacks = [&](const Channel& channel) { return !place_of(channel, there); };
    if (lacks(kMsl))
      shape.error(fields, "there is no mean_sea_level_pressure among the fields",
                  "cyclones are found in it: keep it");
    if (is_ladcast()) return;
    if (*warm_core && (lacks(kHigh) || lacks(kMiddle)))
      shape.error(warm_core, "a warm core needs geopotential 300 and 500, the fields have not both",
                  "keep them, or write warm_core = false");
    if (!follows() && *min_wind > 0 && (lacks(kWindU) || lacks(kWindV)))
      shape.error(min_wind, "the fields have no 10 m wind", "keep it, or write min_wind = 0");
  }

  Memory memory() const override { return {.state = state_}; }
  std::vector<std::filesystem::path> files() const override {
    if (!follows()) return {};
    return {storms->expand(plan().inits.front())};
  }

  void open() override {
    if (!follows()) return;
    const auto file = storms->expand(plan().inits.front());
    storms_ = which.has_value() ? read_best_tracks(file, *which) : read_best_tracks(file);
    const auto is_there = [this](const Storm& storm) {
      return std::any_of(plan().inits.begin(), plan().inits.end(),
                         [&storm](Time init) { return storm.at(init) != nullptr; });
    };
    for (const Storm& storm : storms_)
      if (which.has_value() && !is_there(storm))
        fail(
            "{} ({}) is observed from {} to {}, at none of the initial times; leave it out of "
            "'which' or start within",
            storm.id, storm.name, short_time(storm.observations.front().time),
            short_time(storm.observations.back().time));
    if (std::none_of(storms_.begin(), storms_.end(), is_there))
      fail("no storm of {} is observed at any of the initial times; take a file of their season",
           file.string());
    tell_absent();
  }

  /// Which of the initial times have no storm, or not all that 'which' names.
  void tell_absent() const {
    const auto tell = [this](const std::string& what, const auto& is_there) {
      std::vector<std::string> without;
      for (const Time init : plan().inits)
        if (!is_there(init)) without.push_back(short_time(init));
      if (!without.empty())
        print(fmt::format("{} observed at {}, and not followed from there\n", what,
                          fmt::join(without, ", ")));
    };
    if (which.has_value()) {
      for (const Storm& storm : storms_)
        tell(fmt::format("storm {} ({}) is not", storm.id, storm.name),
             [&storm](Time init) { return storm.at(init) != nullptr; });
      return;
    }
    tell("no storm is", [this](Time init) {
      return std::any_of(storms_.begin(), storms_.end(),
                         [init](const Storm& storm) { return storm.at(init) != nullptr; });
    });
  }

  void fold(Task& task) const override {
    const Fields& forecast = task.get(fields);
    auto& gathered = task.state<Gathered>();
    gathered.members = forecast.members;
    for (std::size_t lead = 0; lead < forecast.lead_hours.size(); ++lead) {
      gathered.lead_hours.push_back(forecast.lead_hours[lead]);
      if (is_ladcast())
        step_ladcast(gathered, forecast, lead);
      else
        gathered.lows.push_back(lows_of(forecast, lead));
    }
  }

  std::vector<std::vector<Low>> lows_of(const Fields& forecast, std::size_t lead) const {
    const LowFinder finder(forecast.grid, contour_rules());
    std::vector<std::vector<Low>> lows;
    for (std::size_t member = 0; member < forecast.members.size(); ++member) {
      auto& found = lows.emplace_back(finder.find(maps_of(forecast, member, lead)));
      if (*warm_core && !follows())
        std::erase_if(found, [](const Low& low) { return !low.warm_core; });
    }
    return lows;
  }

  /// Every storm's next position; the first is that of lead 0, as the reference has it.
  void step_ladcast(Gathered& gathered, const Fields& forecast, std::size_t lead) const {
    const LadcastTracker tracker{*inner_widths, *snap};
    constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
    for (std::size_t m = 0; m < forecast.members.size(); ++m) {
      if (gathered.tracks.size() == m) {
        auto& started = gathered.tracks.emplace_back();
        for (const Storm& storm : storms_)
          if (const auto* observed = storm.at(forecast.init))
            started.push_back({storm.id,
                               forecast.members[m],
                               {{0, tracker.start(observed->position), kUnknown, kUnknown}}});
      }
      const auto msl = maps_of(forecast, m, lead).msl;
      for (Track& track : gathered.tracks[m])
        track.points.push_back({forecast.lead_hours[lead],
                                tracker.next(forecast.grid, msl, track.points.back().position),
                                kUnknown, kUnknown});
    }
  }

  void run(Task& task) const override {
    auto& gathered = task.state<Gathered>();
    Tracks result{task.init(), gathered.lead_hours, gathered.members, {}};
    std::vector<std::vector<Low>> first;
    if (task.has(analysis) && !is_ladcast()) {
      first = lows_of(task.get(analysis), 0);
      result.lead_hours.insert(result.lead_hours.begin(), 0);
    }
    for (std::size_t m = 0; m < gathered.members.size(); ++m) {
      auto found = is_ladcast() ? std::move(gathered.tracks[m]) : linked(task, gathered, first, m);
      result.tracks.insert(result.tracks.end(), std::make_move_iterator(found.begin()),
                           std::make_move_iterator(found.end()));
    }
    task.send(tracks, std::move(result));
  }

  std::vector<Track> linked(const Task& task, const Gathered& gathered,
                            const std::vector<std::vector<Low>>& first, std::size_t member) const {
    LowLinker linker({.range = *range, .max_gap_hours = *max_gap});
    for (const Storm& storm : storms_) follow(linker, storm, task.init());
    if (!first.empty()) linker.add(0, first[std::min(member, first.size() - 1)], !follows());
    for (std::size_t lead = 0; lead < gathered.lead_hours.size(); ++lead)
      linker.add(gathered.lead_hours[lead], gathered.lows[lead][member], !follows());
    auto found = linker.tracks(gathered.members[member]);
    if (follows()) return found;
    return tropical_cyclones(std::move(found), {.min_hours = *min_life,
                                                .min_points = *min_points,
                                                .min_wind = *min_wind,
                                                .max_latitude = *max_latitude});
  }

  static void follow(LowLinker& linker, const Storm& storm, Time init) {
    const auto* start = storm.at(init);
    if (start == nullptr) return;
    for (const int back : {12, 6}) {
      if (const auto* before = storm.at(init - hours{back})) {
        linker.follow(storm.id, start->position, before->position, back);
        return;
      }
    }
    linker.follow(storm.id, start->position, {}, 0);
  }
};

LADCAST_NODE(TracksNode, "tracks",
             "Tracks cyclones in each member while the forecast goes on: storms that are given, or "
             "all there are.");

}  // namespace
}  // namespace ladcast
