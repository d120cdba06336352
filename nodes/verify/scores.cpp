#include "nodes/values/scores.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <mutex>
#include <regex>
#include <set>

#include "graph/diagnostics.h"
#include "graph/node.h"
#include "nodes/values/fields_payload.h"
#include "nodes/values/variables.h"
#include "nodes/verify/comparable.h"
#include "nodes/verify/latitude_weights.h"
#include "nodes/verify/rank_histogram.h"
#include "nodes/verify/score_conventions.h"
#include "nodes/verify/score_rows.h"
#include "nodes/verify/scorers.h"
#include "nodes/verify/seeps.h"

namespace ladcast {
namespace {

class ScoresNode final : public Node {
  using Names = std::vector<std::string>;

  Collect<Fields> forecast{this, "forecast", Axis::member, "the members of an ensemble"};
  In<Fields> truth{this, "truth", "fields of the valid time; without members where there are none"};
  In<Fields> analysis{this, "analysis", "of the initial time: scored as persistence", kOptional};
  In<Fields> climatology{this, "climatology", "of the valid time: scored itself, and gives acc",
                         kOptional};
  DetachedOut<Scores> scores{
      this, "scores",
      "of each map: rmse, bias, mae, crps_fair, spread, spread_skill, acc and those asked for"};
  In<Fields> climate_members{
      this, "climate_members",
      "of the valid time in other years: scored as probabilistic_climatology; the climate of efi "
      "and sot, and of seeps without in.seeps",
      kOptional};
  In<Fields> seeps{this, "seeps", "of seeps_climatology: the climate of the score seeps",
                   kOptional};
  In<Fields> land{this, "land",
                  "land-sea mask, 1 on land: points weigh by their part of land in regions of "
                  "land, of sea in those of sea; those where it is missing are in neither",
                  kOptional};
  Param<Names> regions{
      this, "regions",
      "means over: global, tropics, extra-tropics, northern-hemisphere, southern-hemisphere, "
      "europe, north-america, north-atlantic, north-pacific, east-asia, ausnz, arctic, antarctic "
      "(WeatherBench 2's), a box \"60/-10/35/30\" (north/west/south/east), and each with \" land\" "
      "or \" sea\"",
      ParamOptions<Names>{.fallback = Names{"global"}}};
  Param<Names> extra{
      this, "extra",
      "scores beside bias, mae, rmse, acc, crps_fair, spread and spread_skill: "
      "crps_ecdf, crps_skill, crps_spread, crps_under, crps_over, debiased_mse, error_spread (as "
      "scoringrules 0.x; Christensen et al. have M times the skewness), dawid_sebastiani, "
      "acc_centred, rank_histogram and pit_histogram (with their reliability indices), "
      "energy_fair, variogram (of regions of at most 500 points), spectrum (zonal, 30 to 60 "
      "degrees); with in.climate_members efi and sot (extreme forecast index, shift of tails: of "
      "the forecast beside the climate, whatever the truth); with that or in.seeps seeps (of "
      "total_precipitation_24hr or _6hr)",
      ParamOptions<Names>{.fallback = Names{}}};
  Param<Names> events{
      this, "events",
      "\"2m_temperature > 303.15\" or \"geopotential 500 < 52000\": Brier score and its parts, "
      "reliability diagram, ROC, ignorance, contingency scores, threshold-weighted CRPS; RPS of "
      "several thresholds",
      ParamOptions<Names>{.fallback = Names{}}};
  Param<std::vector<double>> quantiles{
      this, "quantiles", "0 to 1: the quantile score of each",
      ParamOptions<std::vector<double>>{.fallback = std::vector<double>{}}};
  Param<std::vector<int>> extra_leads{
      this, "extra_leads",
      "leads of the extra scores, events and quantiles, whose rows are many; [] takes all",
      ParamOptions<std::vector<int>>{.fallback = std::vector<int>{}, .unit = "h"}};
  Param<std::vector<int>> neighbourhoods{
      this, "neighbourhoods",
      "how far the squares reach in which the fractions skill score compares the members' "
      "probability of each event with how often it came",
      ParamOptions<std::vector<int>>{.fallback = std::vector<int>{}, .unit = "points"}};
  Param<std::string> weights{this,
                             "weights",
                             "of latitude rows: area of the cells, wb2 (area, the outer rows reach "
                             "to the poles), cos (cosine of latitude), or preset: as that has them",
                             {.fallback = "preset", .choices = {"preset", "area", "wb2", "cos"}}};
  Param<std::string> preset{this,
                            "preset",
                            "standard; wb2: weights as WeatherBench 2; ladcast: as the reference's "
                            "own evaluation, cosine "
                            "weights that are not renormalised over sea",
                            {.fallback = "standard", .choices = {"standard", "wb2", "ladcast"}}};
  Param<std::string> name{this,
                          "name",
                          "what the forecast is called in the table",
                          {.fallback = "model", .choices = {}}};

  void shape(Shape& shape) override {
    for (const InPort* port :
         std::initializer_list<const InPort*>{&truth, &analysis, &climatology, &climate_members})
      if (shape.has(*port))
        if (const auto found =
                mismatch(port->name(), shape.in(*port), "forecast", shape.in(forecast)))
          shape.error(*port, found->what, found->cure);
    const Spec& members = shape.in(forecast);
    if (!members.axes.leads.empty() && shape.in(truth).axes.leads.empty())
      shape.error(truth, "the forecast has leads and the truth is of the initial times alone",
                  "set at = \"lead\" of the node that reads the truth");
    if (weighting() == "wb2" && !members.coordinates.empty() && !near_poles(members.coordinates[0]))
      shape.error(weights, "the outer rows of a region do not reach to the poles",
                  "write weights = \"area\"");
    for (const InPort* port : std::initializer_list<const InPort*>{&truth, &analysis, &climatology})
      if (shape.has(*port)) require_one_member(shape, *port);
    require_own_name(shape);
    climate_size_ = shape.has(climate_members) ? maps_of_a_channel(shape.in(climate_members)) : 0;
    read_settings(shape);
    require_inputs(shape);
    require_on_grid(shape);
    has_batches_ = members.axes.batch;
    is_ensemble_ = has_batches_ ? shape.plan().members() > 1 : maps_of_a_channel(members) > 1;
    Spec& out = shape.out(scores);
    out.bytes = rows(shape) * sizeof(ScoreRow);
    out.history.push_back(fmt::format("{}{}", kPresetOfScores, *preset));
  }

  /// Of several members the first alone would be looked at.
  static void require_one_member(Shape& shape, const InPort& port) {
    const Spec& fields = shape.in(port);
    const int members = fields.axes.batch ? shape.plan().members() : maps_of_a_channel(fields);
    if (members > 1)
      shape.error(port, fmt::format("'{}' has {} members, not one", port.name(), members),
                  "name a node that reads analyses, without ensemble = true");
  }

  /// The table tells forecasts apart by their names.
  void require_own_name(Shape& shape) const {
    if (name->empty())
      shape.error(name, "the forecast has an empty name", "write name = \"model\"");
    for (const auto& [port, taken] :
         {std::pair<const InPort*, const char*>{&analysis, "persistence"},
          {&climatology, "climatology"},
          {&climate_members, "probabilistic_climatology"}})
      if (*name == taken && shape.has(*port))
        shape.error(name,
                    fmt::format("'{}' is what in.{} is called in the table", taken, port->name()),
                    fmt::format("take another name, or leave in.{} out", port->name()));
    if (*name == "truth" && std::count(extra->begin(), extra->end(), "spectrum") > 0)
      shape.error(name, "'truth' is what the truth's spectrum is called in the table",
                  "take another name");
  }

  /// What is named twice would be averaged as if it were of two initial times.
  static void refuse_twice(Shape& shape, const ParamBase& param, const Names& texts) {
    std::set<std::string> seen;
    for (const std::string& text : texts)
      if (!seen.insert(text).second)
        shape.error(param, fmt::format("'{}' is named twice", text), "name it once");
  }
  template <typename Number>
  static Names texts_of(const std::vector<Number>& numbers) {
    Names texts;
    for (const Number number : numbers) texts.push_back(fmt::format("{}", number));
    return texts;
  }

  std::string weighting() const {
    if (*weights != "preset") return *weights;
    return *preset == "ladcast" ? "cos" : *preset == "wb2" ? "wb2" : "area";
  }

  void read_settings(Shape& shape) {
    settings_.weighting = parse_latitude_weighting(weighting());
    settings_.as_ladcast = *preset == "ladcast";
    settings_.quantiles = *quantiles;
    settings_.regions.clear();
    for (const std::string& text : *regions) try {
        settings_.regions.push_back(parse_score_region(text));
        if (settings_.regions.back().surface != ScoreRegion::Surface::any && !shape.has(land))
          shape.error(regions, fmt::format("'{}' needs a land-sea mask", text),
                      "give in.land a node that reads one: channels = [\"land_sea_mask\"]");
      } catch (const Error& error) {
        shape.error(regions, error.what(), "take one of the regions that are known, or a box");
      }
    refuse_twice(shape, regions, *regions);
    if (regions->empty())
      shape.error(regions, "there is no region", "write regions = [\"global\"]");
    for (const std::string& score : *extra) {
      auto known = extra_scores();
      for (const auto& each : whole_map_scores()) known.push_back(each);
      for (const auto& each : climate_scores()) known.push_back(each);
      if (std::find(known.begin(), known.end(), score) == known.end())
        shape.error(
            extra, fmt::format("unknown score '{}'", score),
            fmt::format("{}known are {}", suggestion(score, known), fmt::join(known, ", ")));
    }
    refuse_twice(shape, extra, *extra);
    settings_.extra = {extra->begin(), extra->end()};
    settings_.events.clear();
    for (const std::string& text : *events) read_event(shape, text);
    Names told;
    for (const Event& event : settings_.events)
      told.push_back(fmt::format("{} {}", event.about(), event.condition()));
    refuse_twice(shape, events, told);
    refuse_twice(shape, quantiles, texts_of(*quantiles));
    refuse_twice(shape, neighbourhoods, texts_of(*neighbourhoods));
    settings_.neighbourhoods = *neighbourhoods;
    for (const int reach : *neighbourhoods)
      if (reach < 0)
        shape.error(neighbourhoods, fmt::format("{} points are no reach", reach),
                    "write neighbourhoods = [1, 3]");
    if (!neighbourhoods->empty() && events->empty())
      shape.error(neighbourhoods, "there is no event to be compared within neighbourhoods",
                  "write events = [\"VARIABLE > NUMBER\"], or leave neighbourhoods out");
    for (const double tau : *quantiles)
      if (!(tau > 0 && tau < 1))
        shape.error(quantiles, fmt::format("{} is not between 0 and 1", tau),
                    "write quantiles = [0.1, 0.9]");
    const int step = shape.plan().step_hours;
    for (const int lead : *extra_leads)
      if (lead <= 0 || lead % step != 0)
        shape.error(extra_leads,
                    fmt::format("{} h is no lead of a run in steps of {} h", lead, step),
                    fmt::format("take multiples of {}, or set run.lead.step_hours", step));
  }

  void read_event(Shape& shape, const std::string& text) try {
    const Event event = parse_event(text);
    const auto there = channels_of(shape.in(forecast));
    if (std::none_of(there.begin(), there.end(),
                     [&](const Channel& channel) { return event.is_about(channel); }))
      refuse_event(shape, event, there);
    else
      settings_.events.push_back(event);
  } catch (const Error& error) {
    shape.error(events, error.what(), cure_of_event(text));
  }

  /// The forecast lacks what the event is about.
  void refuse_event(Shape& shape, const Event& event, const std::vector<Channel>& there) const {
    Names names, levels;
    for (const Channel& channel : there) {
      names.push_back(to_string(channel));
      if (channel.name == event.name && channel.level) levels.push_back(names.back());
    }
    const std::string near =
        levels.empty() ? nearest(event.about(), names) : levels[levels.size() / 2];
    const std::string meant = levels.empty() ? meant_by(event, names) : "";
    shape.error(events,
                fmt::format("the forecast has no {}; {}it has {}", event.about(),
                            meant.empty() ? "" : meant + " ",
                            fmt::join(levels.empty() ? names : levels, ", ")),
                near.empty()
                    ? fmt::format("read {} with the forecast and the truth, or leave the event out",
                                  event.about())
                    : fmt::format("write \"{} {}\"", near, event.condition()));
  }

  /// A channel of the forecast, or any variable where the event is about none.
  static std::string meant_by(const Event& event, const Names& channels) {
    const std::string channel = did_you_mean(event.about(), channels);
    if (!channel.empty() || find_variable(event.name) != nullptr) return channel;
    Names known;
    for (const Variable& variable : variables()) known.emplace_back(variable.name);
    return did_you_mean(event.name, known);
  }

  /// Of what was written, as far as it can be understood.
  static std::string cure_of_event(const std::string& text) {
    const std::string strict = std::regex_replace(text, std::regex("\\s*([<>])=\\s*"), " $1 ");
    try {
      parse_event(strict);
      return fmt::format("write \"{}\": events are strict", strict);
    } catch (const Error&) {
      return "write a variable, its level in hPa where it has one, > or <, and a number in its "
             "units";
    }
  }

  /// What scores need beside the forecast and the truth.
  void require_inputs(Shape& shape) const {
    const auto wants = [&](const char* score) { return settings_.extra.contains(score); };
    if (wants("acc_centred") && !shape.has(climatology))
      shape.error(extra, "acc_centred needs the climatological mean",
                  "give in.climatology a node 'climatology', or leave acc_centred out");
    for (const char* const score : {"efi", "sot"})
      if (wants(score) && !shape.has(climate_members))
        shape.error(extra, fmt::format("{} needs a sample of the climate", score),
                    fmt::format("give in.climate_members a node 'climate_members', or leave {} out",
                                score));
      else if (wants(score) && climate_size_ < 2)
        shape.error(climate_members,
                    fmt::format("{} needs percentiles of the climate, which has {} member", score,
                                climate_size_),
                    "take years first_year to last_year further apart");
    if (!wants("seeps")) return;
    const auto there = channels_of(shape.in(forecast));
    Names precipitation;
    for (const Channel& channel : there)
      if (dry_limit_of(channel.name)) precipitation.push_back(channel.name);
    if (precipitation.empty())
      shape.error(extra,
                  "seeps is of total_precipitation_24hr or total_precipitation_6hr, and the "
                  "forecast has neither",
                  "read one of them with the forecast and the truth, or leave seeps out");
    if (!shape.has(seeps) && !shape.has(climate_members))
      shape.error(extra, "seeps needs a climate of precipitation",
                  "give in.seeps a node 'seeps_climatology', or in.climate_members a node "
                  "'climate_members'");
    if (!shape.has(seeps)) return;
    Spec stored = shape.in(seeps);
    for (const std::string& variable : precipitation)
      if (std::none_of(stored.channels.begin(), stored.channels.end(), [&](const auto& channel) {
            return channel.starts_with(variable + std::string(kSeepsThreshold));
          }))
        shape.error(
            seeps,
            fmt::format("the forecast has {}, and in.seeps is of another variable", variable),
            fmt::format("write precipitation = \"{}\" in the node seeps_climatology", variable));
    stored.channels = shape.in(forecast).channels;
    if (const auto found = mismatch("seeps", stored, "forecast", shape.in(forecast)))
      shape.error(seeps, found->what, "set model of seeps_climatology to that of the forecast");
  }

  /// Regions without a point and scores that the grid cannot have, where it is known.
  void require_on_grid(Shape& shape) const {
    const auto& coordinates = shape.in(forecast).coordinates;
    if (coordinates.size() != 2 || coordinates[0].empty() || coordinates[1].empty()) return;
    const Grid grid{coordinates[0], coordinates[1]};
    ScoreSettings settings;
    settings.weighting = settings_.weighting;
    const auto require = [&](const ParamBase& param, const std::string& cure) {
      try {
        const Scorers sound(grid, settings, {});
      } catch (const Error& error) {
        shape.error(param, error.what(), cure);
      }
    };
    settings.regions = {{"global", {}, {}}};
    for (const int reach : settings_.neighbourhoods) {
      settings.neighbourhoods = {reach};
      require(neighbourhoods, "write neighbourhoods = [1, 3]");
    }
    settings.neighbourhoods.clear();
    for (ScoreRegion region : settings_.regions) {
      const bool of_surface = region.surface != ScoreRegion::Surface::any;
      region.surface = ScoreRegion::Surface::any;
      settings.regions = {region};
      settings.extra.clear();
      require(regions, fmt::format("take a region in {}", to_string(grid)));
      if (of_surface || !settings_.extra.contains("variogram")) continue;
      settings.extra = {"variogram"};
      require(extra, "name smaller boxes under regions, or leave variogram out");
    }
    if (!settings_.extra.contains("spectrum")) return;
    settings.regions = {{"global", {}, {}}};
    settings.extra = {"spectrum"};
    require(extra, "leave spectrum out");
  }

  static std::string suggestion(const std::string& score, const Names& known) {
    const std::string near = did_you_mean(score, known);
    return near.empty() ? "" : near + "; ";
  }

  /// The most that a message may hold; of spectra an estimate.
  std::size_t rows(Shape& shape) const {
    constexpr std::size_t kWavenumbers = 121;
    const auto members = static_cast<std::size_t>(shape.plan().members());
    const std::size_t forecasts =
        2 + shape.has(analysis) + shape.has(climatology) + shape.has(climate_members);
    std::size_t each = 10 + extra->size() + quantiles->size();
    if (settings_.extra.contains("rank_histogram")) each += members;
    if (settings_.extra.contains("pit_histogram")) each += PitHistogram::kBins;
    if (settings_.extra.contains("spectrum")) each += kWavenumbers;
    const std::size_t channels = shape.in(forecast).channels.size();
    return forecasts * settings_.regions.size() *
           (channels * each +
            settings_.events.size() * (2 * members + 5 + 2 * neighbourhoods->size()));
  }

  /// Whether a pole is at most a row and a half away from both ends.
  static bool near_poles(const std::vector<double>& latitude) {
    const double row = (latitude.back() - latitude.front()) /
                       static_cast<double>(std::max<std::size_t>(latitude.size(), 2) - 1);
    return std::max(latitude.front() + 90, 90 - latitude.back()) <= 1.5 * row;
  }

  /// Whether the scores with many rows are wanted of a lead.
  bool is_extra(int lead_hours) const {
    const auto& leads = *extra_leads;
    return leads.empty() || std::find(leads.begin(), leads.end(), lead_hours) != leads.end();
  }

  std::shared_ptr<const Scorers> scorers(const Task& task, const Grid& grid) const {
    if (is_extra(task.lead_hours())) return with_extra_.of(grid, settings_, mask(task, grid));
    ScoreSettings settings = settings_;
    settings.extra.clear();
    settings.events.clear();
    settings.quantiles.clear();
    return without_extra_.of(grid, settings, mask(task, grid));
  }

  /// The land-sea mask of the first map of `land`.
  std::span<const float> mask(const Task& task, const Grid& grid) const {
    if (!task.has(land)) return {};
    const Fields& fields = task.get(land);
    if (fields.grid != grid)
      fail(
          "the land-sea mask is on a grid of {}, the truth on one of {}; read it with the model of "
          "the truth, or send it through a node 'regrid'",
          to_string(fields.grid), to_string(grid));
    const auto values = fields.map(0, 0, 0);
    std::call_once(told_of_mask_, [&] { tell_of_gaps(values); });
    return values;
  }

  void tell_of_gaps(std::span<const float> values) const {
    const auto gaps = std::count_if(values.begin(), values.end(),
                                    [](const float value) { return std::isnan(value); });
    if (gaps > 0)
      print(fmt::format(
          "warning: the land-sea mask is missing at {} of {} points; they are left out of regions "
          "of land and of sea\n",
          gaps, values.size()));
  }

  void open() override {
    constexpr int kEnough = 101;  // then each percentile is a member
    if (climate_size_ < kEnough &&
        (settings_.extra.contains("efi") || settings_.extra.contains("sot")))
      print(fmt::format(
          "warning: the climate of efi and sot has {} members, between which its percentiles are "
          "interpolated; with fewer than {} both 1 and 99 lie between the outermost two, and sot "
          "says little of the tails\n",
          climate_size_, kEnough));
  }

  void run(Task& task) const override {
    const Fields& observed = task.get(truth);
    Scores result;
    if (!observed.members.empty()) {
      const auto made = scorers(task, observed.grid);
      const Fields* climate = there(task, climatology);
      const Fields* sample = there(task, climate_members);
      std::vector<NamedForecast> forecasts{{*name, task.all(forecast), is_ensemble_}};
      if (task.has(analysis)) forecasts.push_back({"persistence", {&task.get(analysis)}, false});
      if (climate != nullptr) forecasts.push_back({"climatology", {climate}, false});
      if (sample != nullptr) forecasts.push_back({"probabilistic_climatology", {sample}, true});
      const auto precipitation = precipitation_climates(task, *made, observed, sample);
      for (const auto& each : forecasts) {
        append_score_rows(result.rows, each, observed, climate, made->points);
        append_whole_map_rows(result.rows, each, observed, made->maps);
        append_seeps_rows(result.rows, each, observed, precipitation, made->points);
      }
      if (sample != nullptr)
        append_extremeness_rows(result.rows, forecasts.front(), observed, *sample, made->points);
      append_truth_spectrum(result.rows, observed, made->maps);
      result.conventions = conventions(task, made->points.settings());
    }
    task.send(scores, std::move(result));
  }

  /// The fields of an optional port; null where it has none of this time.
  static const Fields* there(const Task& task, const In<Fields>& port) {
    return task.has(port) && !task.get(port).members.empty() ? &task.get(port) : nullptr;
  }

  PrecipitationClimates precipitation_climates(const Task& task, const Scorers& made,
                                               const Fields& observed, const Fields* sample) const {
    PrecipitationClimates none(observed.channels.size());
    if (!made.points.settings().extra.contains("seeps")) return none;
    if (task.has(seeps)) return stored_precipitation(task.get(seeps), observed);
    return sample != nullptr ? sampled_precipitation(*sample, observed) : none;
  }

  Conventions conventions(const Task& task, const ScoreSettings& settings) const {
    Conventions words = conventions_of(settings, *preset);
    words["members of " + *name] = std::to_string(members(task));
    words["climatology of " + *name] =
        task.has(climatology) ? "in.climatology, at the valid times that it has" : "none";
    if (settings.extra.contains("seeps"))
      words["climate_of_seeps"] =
          task.has(seeps) ? "in.seeps: dry part of the whole year, limit of the valid time"
                          : "in.climate_members: dry part and limit of the valid time";
    if (task.has(analysis)) words["members of persistence"] = "1";
    if (task.has(climatology)) words["members of climatology"] = "1";
    if (task.has(climate_members))
      words["members of probabilistic_climatology"] = "analyses of other years";
    return words;
  }

  /// Of the ensemble, also where some are absent.
  std::size_t members(const Task& task) const {
    if (has_batches_) return static_cast<std::size_t>(plan().members());
    return task.all(forecast).front()->members.size();
  }

  ScoreSettings settings_;
  bool has_batches_ = false, is_ensemble_ = false;
  int climate_size_ = 0;  // members of the climate, the most of a valid time
  mutable std::once_flag told_of_mask_;
  KeptScorers with_extra_, without_extra_;
};

LADCAST_NODE(ScoresNode, "scores", "Scores an ensemble against the truth, map by map.");

}  // namespace
}  // namespace ladcast
