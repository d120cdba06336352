#include "nodes/values/scores.h"

#include <fmt/ranges.h>

#include <algorithm>

#include "graph/diagnostics.h"
#include "graph/node.h"
#include "nodes/values/fields_payload.h"
#include "nodes/verify/latitude_weights.h"
#include "nodes/verify/score_conventions.h"
#include "nodes/verify/score_rows.h"

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
      "of the valid time in other years: scored as probabilistic_climatology", kOptional};
  In<Fields> land{this, "land", "land-sea mask, 1 on land: for regions of land or sea alone",
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
      "crps_ecdf, crps_skill, crps_spread, crps_under, crps_over, debiased_mse, "
      "acc_centred, rank_histogram, energy_fair, variogram (of regions of at most 500 "
      "points), spectrum (zonal, 30 to 60 degrees)",
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
      "how far the squares reach in which the fractions skill score of the members counts "
      "each event, over the globe",
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
         std::initializer_list<const InPort*>{&truth, &analysis, &climatology, &climate_members}) {
      const std::string difference =
          shape.has(*port) ? shape.in(*port).difference(shape.in(forecast)) : "";
      if (difference.empty()) continue;
      shape.error(
          *port,
          fmt::format("'{}' and 'forecast' cannot be compared: {}", port->name(), difference),
          "take both before, or both after, 'normalise' and 'select'");
    }
    const Spec& members = shape.in(forecast);
    if (!members.axes.leads.empty() && shape.in(truth).axes.leads.empty())
      shape.error(truth, "the forecast has leads and the truth is of the initial times alone",
                  "set at = \"lead\" of the node that reads the truth");
    if (weighting() == "wb2" && !members.coordinates.empty() && !near_poles(members.coordinates[0]))
      shape.error(weights, "the outer rows of a region do not reach to the poles",
                  "write weights = \"area\"");
    read_settings(shape);
    is_ensemble_ = members.axes.batch;
    shape.out(scores).bytes = rows(shape) * sizeof(ScoreRow);
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
    if (regions->empty())
      shape.error(regions, "there is no region", "write regions = [\"global\"]");
    for (const std::string& score : *extra) {
      auto known = extra_scores();
      for (const auto& each : whole_map_scores()) known.push_back(each);
      if (std::find(known.begin(), known.end(), score) == known.end())
        shape.error(
            extra, fmt::format("unknown score '{}'", score),
            fmt::format("{}known are {}", suggestion(score, known), fmt::join(known, ", ")));
    }
    settings_.extra = {extra->begin(), extra->end()};
    for (const std::string& text : *events) try {
        settings_.events.push_back(parse_event(text));
        require_about_channel(shape, settings_.events.back());
      } catch (const Error& error) {
        shape.error(events, error.what(), "write it as \"2m_temperature > 303.15\"");
      }
    for (const int reach : *neighbourhoods)
      if (reach < 0)
        shape.error(neighbourhoods, fmt::format("{} points are no reach", reach),
                    "write neighbourhoods = [1, 3]");
    for (const double tau : *quantiles)
      if (!(tau > 0 && tau < 1))
        shape.error(quantiles, fmt::format("{} is not between 0 and 1", tau),
                    "write quantiles = [0.1, 0.9]");
  }

  static std::string suggestion(const std::string& score, const Names& known) {
    const std::string near = did_you_mean(score, known);
    return near.empty() ? "" : near + "; ";
  }

  void require_about_channel(Shape& shape, const Event& event) const {
    const auto there = channels_of(shape.in(forecast));
    if (std::none_of(there.begin(), there.end(),
                     [&](const Channel& channel) { return event.is_about(channel); })) {
      Names names;
      for (const Channel& channel : there) names.push_back(to_string(channel));
      const std::string near = did_you_mean(event.about(), names);
      fail("the forecast has no {}; {}", event.about(),
           near.empty() ? fmt::format("it has {}", fmt::join(names, ", ")) : near);
    }
  }

  /// The most that a message may hold; of spectra an estimate.
  std::size_t rows(Shape& shape) const {
    constexpr std::size_t kWavenumbers = 121;
    const auto members = static_cast<std::size_t>(shape.plan().members());
    const std::size_t forecasts =
        2 + shape.has(analysis) + shape.has(climatology) + shape.has(climate_members);
    std::size_t each = 10 + extra->size() + quantiles->size();
    if (settings_.extra.contains("rank_histogram")) each += members;
    if (settings_.extra.contains("spectrum")) each += kWavenumbers;
    const std::size_t channels = shape.in(forecast).channels.size();
    return forecasts * settings_.regions.size() *
           (channels * each + settings_.events.size() * (2 * members + 5 + neighbourhoods->size()));
  }

  /// Whether a pole is at most a row and a half away from both ends.
  static bool near_poles(const std::vector<double>& latitude) {
    const double row = (latitude.back() - latitude.front()) /
                       static_cast<double>(std::max<std::size_t>(latitude.size(), 2) - 1);
    return std::max(latitude.front() + 90, 90 - latitude.back()) <= 1.5 * row;
  }

  ScoreSettings settings_of(int lead_hours, const Grid& grid) const {
    ScoreSettings settings = settings_;
    settings.regions = named_on(std::move(settings.regions), grid);
    const auto& leads = *extra_leads;
    if (!leads.empty() && std::find(leads.begin(), leads.end(), lead_hours) == leads.end()) {
      settings.extra.clear();
      settings.events.clear();
      settings.quantiles.clear();
    }
    return settings;
  }

  /// The land-sea mask of the first map of `land`.
  std::span<const float> mask(const Task& task, const Grid& grid) const {
    if (!task.has(land)) return {};
    const Fields& fields = task.get(land);
    if (fields.grid != grid) fail("the land-sea mask is on another grid than the truth");
    return fields.map(0, 0, 0);
  }

  void run(Task& task) const override {
    const Fields& observed = task.get(truth);
    Scores result;
    if (!observed.members.empty()) {
      const ScoreSettings settings = settings_of(task.lead_hours(), observed.grid);
      const MapScorer scorer(observed.grid, settings, mask(task, observed.grid));
      const WholeMapScorer maps(observed.grid, settings, *neighbourhoods, scorer);
      const bool has_climate = task.has(climatology) && !task.get(climatology).members.empty();
      const Fields* climate = has_climate ? &task.get(climatology) : nullptr;
      std::vector<NamedForecast> forecasts{{*name, task.all(forecast)}};
      if (task.has(analysis)) forecasts.push_back({"persistence", {&task.get(analysis)}});
      if (climate != nullptr) forecasts.push_back({"climatology", {climate}});
      if (task.has(climate_members) && !task.get(climate_members).members.empty())
        forecasts.push_back({"probabilistic_climatology", {&task.get(climate_members)}});
      for (const auto& each : forecasts) {
        append_score_rows(result.rows, each, observed, climate, scorer);
        append_whole_map_rows(result.rows, each, observed, maps);
      }
      append_truth_spectrum(result.rows, observed, maps);
      result.conventions = conventions(task, settings);
    }
    task.send(scores, std::move(result));
  }

  Conventions conventions(const Task& task, const ScoreSettings& settings) const {
    Conventions words = conventions_of(settings, *preset);
    words["members of " + *name] = std::to_string(members(task));
    words["climatology of " + *name] =
        task.has(climatology) ? "in.climatology, at the valid times that it has" : "none";
    if (task.has(analysis)) words["members of persistence"] = "1";
    if (task.has(climatology)) words["members of climatology"] = "1";
    if (task.has(climate_members))
      words["members of probabilistic_climatology"] = "analyses of other years";
    return words;
  }

  /// Of the ensemble, also where some are absent.
  std::size_t members(const Task& task) const {
    if (is_ensemble_) return static_cast<std::size_t>(plan().members());
    return task.all(forecast).front()->members.size();
  }

  ScoreSettings settings_;
  bool is_ensemble_ = false;
};

LADCAST_NODE(ScoresNode, "scores", "Scores an ensemble against the truth, map by map.");

}  // namespace
}  // namespace ladcast
