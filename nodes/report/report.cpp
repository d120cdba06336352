#include <algorithm>
#include <map>
#include <set>
#include <sstream>

#include "graph/node.h"
#include "graph/whole_file.h"
#include "nodes/health/collapse.h"
#include "nodes/output/csv_file.h"
#include "nodes/report/axis.h"
#include "nodes/report/field_figures.h"
#include "nodes/report/findings.h"
#include "nodes/report/health_verdicts.h"
#include "nodes/report/page.h"
#include "nodes/report/run_facts.h"
#include "nodes/report/score_series.h"
#include "nodes/values/fields_payload.h"
#include "nodes/values/scores.h"
#include "nodes/values/variables.h"

namespace ladcast {
namespace {

class Report final : public Ordered {
  Many<Scores> scores{this, "scores", "from one node or several"};
  Fold<Fields> fields{this, "fields", Axis::member,
                      "the members of the ensemble, in physical units: maps are drawn", kOptional};
  In<Fields> truth{this, "truth", "of the valid time: drawn beside the members", kOptional};
  In<Health> health{this, "health", "from 'health': its verdicts stand first", kOptional};
  Param<PathPattern> path{this, "path", "the HTML file: one for all initial times"};
  Param<std::string> figures{this,
                             "figures",
                             "folder beside it for each figure as an .svg file; \"\" writes none",
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

  Param<std::vector<std::string>> map_channels{
      this,
      "map_channels",
      "channels of the maps; those that the fields have are drawn",
      {.fallback = std::vector<std::string>{"geopotential 500", "2m_temperature",
                                            "total_precipitation_6hr"}}};
  Param<std::vector<int>> map_leads{
      this,
      "map_leads",
      "of the maps, which are of the first initial time; the last where none is there",
      {.fallback = std::vector<int>{120, 240}, .unit = "h"}};
  Param<std::vector<std::string>> events{
      this,
      "events",
      "whose probability is drawn on the maps of their channels, the first for each",
      {.fallback =
           std::vector<std::string>{"2m_temperature > 303.15", "total_precipitation_6hr > 0.005"}}};

  struct Brought {  // by one key
    std::vector<ScoreRow> rows;
    std::vector<HealthCheck> checks;
    std::vector<Figure> maps;
  };
  /// What an item has brought; it is added once the item and all before it are complete.
  struct Item {
    std::vector<Brought> keys;
    bool complete = false;
  };
  using Maps = std::vector<EnsembleMaps>;  // of the map channels that are there

  std::vector<Channel> channels_, map_channels_;
  std::vector<Event> events_;
  bool has_fields_ = false;
  std::size_t maps_bytes_ = 0;  // of all members
  bool has_health_ = false;
  HealthVerdict health_;
  std::set<int> drawn_leads_;  // of maps, in hours
  std::vector<Figure> maps_;
  std::unique_ptr<ScoreSeries> series_;
  std::map<int, Item> items_;
  int next_ = 0;  // the first item that is not added

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

  void shape(Shape& shape) override {
    channels_ = parsed(shape, channels);
    map_channels_ = parsed(shape, map_channels);
    for (const auto& text : *events) {
      try {
        events_.push_back(parse_event(text));
      } catch (const Error& error) {
        shape.error(events, error.what(), "write \"2m_temperature > 303.15\"");
      }
    }
    has_health_ = shape.has(health);
    has_fields_ = shape.has(fields);
    if (!has_fields_) {
      if (shape.has(truth))
        shape.error(truth, "there are no members to draw the truth beside", "wire in.fields too");
      return;
    }
    const Spec& members = shape.in(fields);
    if (members.normalised)
      shape.error(fields, "the fields are normalised, and maps are in physical units",
                  "take the fields after 'denormalise'");
    if (shape.has(truth))
      if (const auto difference = shape.in(truth).difference(members); !difference.empty())
        shape.error(truth, fmt::format("'truth' and 'fields' cannot be compared: {}", difference),
                    "take both before, or both after, 'regrid' and 'select'");
    if (!members.channels.empty())
      maps_bytes_ = members.bytes / members.channels.size() * map_channels_.size() *
                    static_cast<std::size_t>(shape.plan().batch_count());
  }
  std::vector<Channel> parsed(Shape& shape, const Param<std::vector<std::string>>& texts) const {
    std::vector<Channel> found;
    for (const auto& text : *texts) {
      try {
        found.push_back(parse_channel(text));
      } catch (const Error& error) {
        shape.error(texts, error.what(), "write \"geopotential 500\" or \"2m_temperature\"");
      }
    }
    return found;
  }
  Memory memory() const override { return {.state = maps_bytes_}; }

  bool is_headline(const Channel& channel) const {
    return std::any_of(channels_.begin(), channels_.end(), [&](const Channel& each) {
      return each.name == channel.name && each.level == channel.level;
    });
  }

  void open() override {
    for (const int lead : *map_leads)
      if (lead % plan().step_hours == 0 && lead <= plan().lead_hours(plan().leads))
        drawn_leads_.insert(lead);
    if (drawn_leads_.empty()) drawn_leads_.insert(plan().lead_hours(plan().leads));
    series_ = std::make_unique<ScoreSeries>(
        [this](const ScoreRow& row) { return !row.bin && is_headline(row.channel); });
  }

  bool draws_maps(const Task& task) const {
    return task.key().item == 0 && drawn_leads_.contains(task.lead_hours());
  }

  void fold(Task& task) const override {
    const Fields& batch = task.get(fields);
    if (draws_maps(task)) append_maps(task.state<Maps>(), batch, map_channels_);
  }

  void run(Task& task) override {
    Brought brought;
    for (const Scores* each : task.all(scores))
      brought.rows.insert(brought.rows.end(), each->rows.begin(), each->rows.end());
    if (task.has(health)) brought.checks = task.get(health).checks;
    if (has_fields_ && draws_maps(task)) {
      for (EnsembleMaps& maps : task.state<Maps>()) {
        if (task.has(truth)) add_truth(maps, task.get(truth));
        brought.maps.push_back(ensemble_sheet(maps, events_));
        if (maps.members.size() > 1) brought.maps.push_back(postage_stamps(maps));
      }
    }
    items_[task.key().item].keys.push_back(std::move(brought));
  }

  void finish_item(int item) override {
    items_[item].complete = true;
    for (; items_.contains(next_) && items_.at(next_).complete; ++next_) add(next_);
  }
  /// What was scored before the item failed is not a whole forecast's.
  void drop_item(int item) override { items_[item] = {{}, true}; }

  void add(int item) {
    std::vector<HealthCheck> all;
    for (auto& [rows, checks, maps] : items_.at(item).keys) {
      series_->add(item, rows);
      all.insert(all.end(), checks.begin(), checks.end());
      maps_.insert(maps_.end(), maps.begin(), maps.end());
    }
    for (const auto& each : {all, check_falling_spread(all)})
      for (const auto& check : each) health_.add(check);
    items_.erase(item);
  }

  // A note holds the rows, the checks and each figure, with separators between.
  static constexpr char kSeparator = '\x1d';

  bool keeps() const override { return true; }
  std::optional<std::string> commit(const Task& task) override {
    const auto& [rows, checks, maps] = items_.at(task.key().item).keys.back();
    std::string note = to_text(rows) + kSeparator + to_text(checks);
    for (const Figure& figure : maps) note += kSeparator + to_text(figure);
    return note;
  }
  bool restore(int item, const std::vector<Committed>& committed) override {
    for (const auto& each : committed) {
      std::istringstream note(each.note);
      std::string part;
      std::getline(note, part, kSeparator);
      Brought brought{rows_from(part), {}, {}};
      std::getline(note, part, kSeparator);
      brought.checks = checks_from(part);
      while (std::getline(note, part, kSeparator)) brought.maps.push_back(figure_from(part));
      items_[item].keys.push_back(std::move(brought));
    }
    return true;
  }

  void finish() override {
    while (!items_.empty()) add(items_.begin()->first);
    const Page page = make_page(series_->points());
    if (!file().parent_path().empty()) std::filesystem::create_directories(file().parent_path());
    write_whole_file(file(), {html_page(page)});
    if (figures->empty()) return;
    std::filesystem::create_directories(figures_folder());
    for (const auto& section : page.sections)
      for (const auto& figure : section.figures)
        write_whole_file(figures_folder() / (figure.id + ".svg"), {svg_file(figure)});
  }

  void close() override { series_.reset(); }

  Page make_page(const std::vector<SeriesPoint>& points) const {
    Page page{.title = *title,
              .what = what_was_run(plan(), points),
              .finding = {},
              .verdicts = has_health_ ? page_verdicts(health_) : std::vector<PageVerdict>{},
              .table = {},
              .sections = {},
              .numbers = where_numbers_are(origin()),
              .csv_header = csv_header(),
              .provenance = run_facts(origin(), plan())};
    ScoreChoice choice{scored_channels(points), {}, scored_leads()};
    for (const auto& region : shown_regions(points)) {
      choice.region = region;
      if (page.finding.empty()) page.finding = main_finding(points, choice);
      if (page.table.empty()) page.table = glance_table(points, choice);
      append_sections(page, score_figures(points, choice), region);
    }
    page.sections.push_back({"spectra", "Spectra", "", spectrum_figures(points, choice)});
    page.sections.push_back({"maps", "Maps", "", {maps_in_order()}});
    return page;
  }

  /// By channel, then by lead.
  std::vector<Figure> maps_in_order() const {
    std::vector<Figure> maps = maps_;
    const auto channel_of = [this](const Figure& figure) {
      for (std::size_t i = 0; i < map_channels_.size(); ++i)
        if (figure.id.find("-" + id_of(to_string(map_channels_[i])) + "-") != std::string::npos)
          return i;
      return map_channels_.size();
    };
    std::stable_sort(maps.begin(), maps.end(), [&](const Figure& a, const Figure& b) {
      return channel_of(a) < channel_of(b);
    });
    return maps;
  }

  void append_sections(Page& page, ScoreFigures all, const std::string& region) const {
    const std::string of = region == "global" ? "" : ", " + region;
    const std::string end = region == "global" ? "" : "-" + id_of(region);
    page.sections.push_back({"skill" + end, "Skill" + of, "", std::move(all.skill)});
    page.sections.push_back(
        {"by-lead" + end, "Scores by lead" + of, interval_text(), std::move(all.by_lead)});
    page.sections.push_back(
        {"calibration" + end, "Calibration" + of, "", std::move(all.calibration)});
  }

  std::string interval_text() const {
    if (plan().items() < 2) return "One initial time: there are no confidence intervals.";
    return "Means over initial times. Bands are 95 % confidence intervals, mean ± 1.96 s/√n over "
           "the n initial times (for roots and ratios by the jackknife), as if these were "
           "independent of each other.";
  }

  std::vector<std::string> shown_regions(const std::vector<SeriesPoint>& points) const {
    std::vector<std::string> shown;
    for (const auto& [row, low, high] : points) {
      const bool wanted = regions->empty() ? shown.empty()
                                           : std::find(regions->begin(), regions->end(),
                                                       row.region) != regions->end();
      if (wanted && std::find(shown.begin(), shown.end(), row.region) == shown.end())
        shown.push_back(row.region);
    }
    return shown;
  }

  /// The headline channels that are there, in the order of the parameter, with their units.
  std::vector<Channel> scored_channels(const std::vector<SeriesPoint>& points) const {
    std::vector<Channel> scored;
    for (const auto& wanted : channels_)
      for (const auto& [row, low, high] : points)
        if (row.channel.name == wanted.name && row.channel.level == wanted.level) {
          scored.push_back(row.channel);
          break;
        }
    return scored;
  }

  std::vector<int> scored_leads() const {
    const auto there = series_->leads();
    std::vector<int> scored;
    for (const int lead : *leads)
      if (there.contains(lead)) scored.push_back(lead);
    if (scored.empty() && !there.empty()) scored.push_back(*there.rbegin());
    return scored;
  }
};

LADCAST_NODE(Report, "report",
             "Writes a page of figures that show how good the forecasts are: one HTML file that "
             "needs nothing else.");

}  // namespace
}  // namespace ladcast
