#include <set>
#include <sstream>

#include "graph/node.h"
#include "graph/whole_file.h"
#include "nodes/cyclones/best_track.h"
#include "nodes/health/checks.h"
#include "nodes/output/csv_file.h"
#include "nodes/report/comparison_figure.h"
#include "nodes/report/figures.h"
#include "nodes/report/health_verdicts.h"
#include "nodes/report/page.h"
#include "nodes/report/run_facts.h"
#include "nodes/report/score_sections.h"
#include "nodes/report/score_series.h"
#include "nodes/report/track_map.h"
#include "nodes/report/wanted.h"
#include "nodes/values/items_in_order.h"
#include "nodes/values/scores.h"
#include "nodes/values/variables.h"
#include "nodes/verify/published_scores.h"
#include "nodes/verify/scorecard.h"

namespace ladcast {
namespace {

// Its inputs carry no credits, so that a lead may wait for the tracks, which come after the last.
class Report final : public Ordered {
  Many<Scores> scores{this, "scores", "from one node or several", kOptional};
  In<Scores> reference{this, "reference",
                       "scores of another run, from 'scores_in': the scores are compared with them",
                       kOptional};
  In<Health> health{this, "health", "from 'health': its verdicts stand first", kOptional};
  In<Figures> maps{this, "maps", "from 'maps'", kOptional};
  Collect<Tracks> tracks{this, "tracks", Axis::member,
                         "drawn on maps, of the first initial time that has any", kOptional};
  Param<PathPattern> path{this, "path", "the HTML file: one for all initial times"};
  Param<std::string> figures{
      this,
      "figures",
      "folder beside it for each figure as an .svg file, as browsers and Inkscape open them "
      "(rsvg-convert -z 2 x.svg -o x.png makes a PNG); \"\" writes none",
      {.fallback = "figures", .choices = {}}};
  Param<std::string> title{
      this, "title", "of the page", {.fallback = "Forecast report", .choices = {}}};
  Param<std::vector<std::string>> channels{
      this,
      "channels",
      "headline channels, with curves of their own; those that were scored are shown",
      {.fallback = std::vector<std::string>{"geopotential 500", "temperature 850", "2m_temperature",
                                            "mean_sea_level_pressure", "total_precipitation_6hr",
                                            "u_component_of_wind 850", "10m_u_component_of_wind"}}};
  Param<std::vector<std::string>> regions{
      this,
      "regions",
      "of the scores, each with figures of its own; [] takes the first",
      {.fallback = std::vector<std::string>{}}};
  Param<std::vector<int>> leads{
      this,
      "leads",
      "of scorecards, histograms, diagrams and spectra; those that were scored are shown",
      {.fallback = std::vector<int>{24, 72, 120, 240, 360}, .unit = "h"}};
  Param<std::string> run_forecast{this,
                                  "run_forecast",
                                  "the forecast that is compared with the reference",
                                  {.fallback = "model", .choices = {}}};
  Param<std::string> reference_forecast{
      this, "reference_forecast", "that of the reference", {.fallback = "model", .choices = {}}};
  Param<InputFiles> storms{
      this, "storms",
      "best tracks, IBTrACS CSV or HURDAT2, drawn beside the tracks of the storms that were "
      "followed",
      ParamOptions<InputFiles>{.optional = true}};

  struct Brought {  // by one key
    std::vector<ScoreRow> rows, reference;
    std::vector<HealthCheck> checks;
    Figures maps, tracks;
  };

  WantedScores wanted_;
  bool has_scores_ = false, has_reference_ = false, has_health_ = false, has_tracks_ = false;
  std::vector<Storm> storms_;

  ItemsInOrder<Brought> items_{
      [this](int item, const std::vector<Brought>& keys) { add(item, keys); }};
  std::unique_ptr<ScoreSeries> series_;
  std::vector<ScoreRow> run_rows_, reference_rows_;  // by initial time, for the comparison
  HealthVerdict health_;
  Figures maps_, tracks_;

 public:
  Report() : Ordered(Within::item) {}

 private:
  std::filesystem::path file() const { return path->expand(plan().inits.front()); }
  std::filesystem::path figures_folder() const { return file().parent_path() / *figures; }

  std::vector<Claim> claims() const override {
    constexpr std::uint64_t kPage = 2 << 20;
    std::vector<Claim> claims{
        {.pattern = *path, .holds_items = true, .holds_members = true, .bytes = kPage}};
    if (!figures->empty())
      claims.push_back(
          {.pattern = {(std::filesystem::path(path->text).parent_path() / *figures).string()},
           .holds_items = true,
           .holds_members = true,
           .bytes = kPage});
    return claims;
  }
  std::vector<std::filesystem::path> files() const override {
    if (!storms.has_value()) return {};
    return {storms->expand(plan().inits.front())};
  }

  void shape(Shape& shape) override {
    wanted_ = {{}, *regions, *leads};
    for (const auto& text : *channels) {
      try {
        wanted_.channels.push_back(parse_channel(text));
      } catch (const Error& error) {
        shape.error(channels, error.what(), "write \"geopotential 500\" or \"2m_temperature\"");
      }
    }
    has_scores_ = shape.has(scores);
    has_reference_ = shape.has(reference);
    has_health_ = shape.has(health);
    has_tracks_ = shape.has(tracks);
    require_steps(shape, leads);
    if (!has_scores_ && !has_health_ && !shape.has(maps) && !has_tracks_)
      shape.error(scores, "there is nothing to report",
                  "wire in.scores, in.health, in.maps or in.tracks");
    if (has_reference_ && !has_scores_)
      shape.error(reference, "there are no scores to compare with the reference",
                  "wire in.scores too");
    if (storms.has_value() && !has_tracks_)
      shape.error(storms, "there are no tracks to draw the storms beside", "wire in.tracks too");
  }

  void open() override {
    if (storms.has_value()) storms_ = read_best_tracks(storms->expand(plan().inits.front()));
    series_ = std::make_unique<ScoreSeries>(
        [this](const ScoreRow& row) { return !row.bin && wanted_.is_headline(row.channel); });
  }

  void run(Task& task) override {
    const int item = task.key().item;
    Brought brought;
    for (const Scores* each : task.all(scores))
      brought.rows.insert(brought.rows.end(), each->rows.begin(), each->rows.end());
    if (task.has(reference)) brought.reference = task.get(reference).rows;
    if (task.has(health)) brought.checks = task.get(health).checks;
    if (task.has(maps)) brought.maps = task.get(maps);
    if (task.has(tracks) && !items_.has(item)) brought.tracks = track_figures(task);
    items_.add(item, std::move(brought));
  }

  Figures track_figures(const Task& task) const {
    Figures drawn{{{}}};
    const int until = plan().lead_hours(plan().leads);
    for (const MappedTracks& storm : tracks_by_storm(task.all(tracks), storms_, until)) {
      drawn.groups[0].push_back(track_map(storm.name, storm.members, storm.observed));
      drawn.groups[0].back().caption += " Forecast from " + short_time(task.init()) + ".";
    }
    return drawn;
  }

  void finish_item(int item) override { items_.complete(item); }
  void drop_item(int item) override { items_.drop(item); }

  void add(int item, const std::vector<Brought>& keys) {
    const auto append_published = [](std::vector<ScoreRow>& all,
                                     const std::vector<ScoreRow>& rows) {
      for (ScoreRow& row : published_scores(rows)) all.push_back(std::move(row));
    };
    std::vector<HealthCheck> checks;
    for (const Brought& brought : keys) {
      series_->add(item, brought.rows);
      if (has_reference_) {
        append_published(run_rows_, brought.rows);
        append_published(reference_rows_, brought.reference);
      }
      checks.insert(checks.end(), brought.checks.begin(), brought.checks.end());
      append(maps_, brought.maps);
    }
    if (!keys.empty() && (tracks_.groups.empty() || tracks_.groups[0].empty()))
      tracks_ = keys.front().tracks;
    for (const auto& each : {checks, checks_over_leads(checks)})
      for (const auto& check : each) health_.add(check);
  }

  // A note holds what a key brought, with separators between.
  static constexpr char kSeparator = '\x1d';

  bool keeps() const override { return true; }
  std::optional<std::string> commit(const Task& task) override {
    const Brought& brought = items_.last(task.key().item);
    std::string note = to_text(brought.rows);
    for (const std::string& part : {to_text(brought.reference), to_text(brought.checks),
                                    to_text(brought.maps), to_text(brought.tracks)})
      note += kSeparator + part;
    return note;
  }
  bool restore(int item, const std::vector<Committed>& committed) override {
    for (const auto& each : committed) {
      std::istringstream note(each.note);
      const auto next = [&note] {
        std::string part;
        std::getline(note, part, kSeparator);
        return part;
      };
      items_.add(item, {.rows = rows_from(next()),
                        .reference = rows_from(next()),
                        .checks = checks_from(next()),
                        .maps = figures_from(next()),
                        .tracks = figures_from(next())});
    }
    return true;
  }

  void finish() override {
    items_.finish();
    const auto points = series_->points();
    const Page page = make_page(points);
    write_whole_file(file(), {html_page(page)});
    print(unscored_wishes(points, asked()));
    if (figures->empty()) return;
    for (const auto& section : page.sections)
      for (const auto& figure : section.figures)
        write_whole_file(figures_folder() / (figure.id + ".svg"), {svg_file(figure)});
  }

  void close() override {
    series_.reset();
    storms_.clear();
  }

  /// What the pipeline itself asks for.
  WantedScores asked() const {
    return {is_set(channels) ? wanted_.channels : std::vector<Channel>{}, *regions,
            is_set(leads) ? *leads : std::vector<int>{}};
  }

  Page make_page(const std::vector<SeriesPoint>& points) const {
    Page page{.title = *title,
              .what = what_was_run(plan()),
              .finding = {},
              .verdicts = has_health_ ? page_verdicts(health_) : std::vector<PageVerdict>{},
              .table = {},
              .sections = {},
              .numbers = {},
              .csv_header = csv_header(),
              .provenance = run_facts(origin(), plan())};
    if (has_reference_) page.sections.push_back(comparison());
    if (has_scores_) {
      page.what += " " + what_was_scored(points);
      page.numbers = where_numbers_are(origin(), has_reference_) + " " + what_is_not_drawn(points);
      add_scores(page, points, wanted_, plan().items() > 1);
    }
    page.sections.push_back({"maps", "Maps", "", all_of(maps_)});
    page.sections.push_back({"tracks", "Tracks of cyclones", "", all_of(tracks_),
                             has_tracks_ ? "No cyclone was found." : ""});
    return page;
  }

  static std::vector<Figure> all_of(const Figures& grouped) {
    std::vector<Figure> all;
    for (const auto& group : grouped.groups) all.insert(all.end(), group.begin(), group.end());
    return all;
  }

  PageSection comparison() const {
    PageSection section{"comparison", "Against another run", ""};
    if (run_rows_.empty() || reference_rows_.empty()) {
      section.instead = run_rows_.empty()
                            ? "There was no truth to score this run against: it is not compared."
                            : "The reference has no scores: the run is not compared.";
      return section;
    }
    const auto compared =
        compare_runs(run_rows_, reference_rows_, {*run_forecast, *reference_forecast});
    ScorecardView view{{"rmse", "crps_fair"}, *leads};
    std::set<int> there, shown;
    for (const ComparedScore& cell : compared.cells) {
      there.insert(cell.name.lead_hours);
      if (view.shows(compared, cell)) shown.insert(cell.name.lead_hours);
    }
    if (shown.empty()) view.lead_hours = {*there.rbegin()};
    section.figures = {comparison_figure(compared, view,
                                         fmt::format("'{}' of this run against '{}' of the "
                                                     "reference",
                                                     *run_forecast, *reference_forecast))};
    return section;
  }
};

LADCAST_NODE(Report, "report",
             "Writes a page of figures that show how good the forecasts are: one HTML file that "
             "needs nothing else.");

}  // namespace
}  // namespace ladcast
