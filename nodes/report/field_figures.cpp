#include "nodes/report/field_figures.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "nodes/report/axis.h"
#include "nodes/report/map.h"
#include "nodes/report/panel.h"
#include "nodes/values/variables.h"

namespace ladcast {
namespace {

using Values = std::vector<float>;

/// Values in the units that are shown.
Values shown(Values values, const Channel& channel) {
  const double factor = display_units(channel).factor;
  for (float& value : values) value = static_cast<float>(factor * value);
  return values;
}

bool has_values(const Values& values) {
  return std::any_of(values.begin(), values.end(), [](float value) { return !std::isnan(value); });
}

/// Values below which lie `part` of all that are there; 0 where none is.
double part_below(Values values, double part) {
  std::erase_if(values, [](float value) { return std::isnan(value); });
  if (values.empty()) return 0;
  const auto place = static_cast<std::ptrdiff_t>(part * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + place, values.end());
  return values[static_cast<std::size_t>(place)];
}

/// Where the fields have a channel; their number of channels if they have not.
std::size_t place_of(const Channel& channel, const Fields& fields) {
  const auto found =
      std::find_if(fields.channels.begin(), fields.channels.end(), [&](const Channel& each) {
        return each.name == channel.name && each.level == channel.level;
      });
  return static_cast<std::size_t>(found - fields.channels.begin());
}

/// Contours of a map, and the one of them nearest to its median, which is shown of each member.
struct Levels {
  std::vector<double> all;
  double middle = 0;
};

Levels levels_of(const Values& values) {
  const double low = part_below(values, 0.01), high = part_below(values, 0.99);
  Levels levels{{}, part_below(values, 0.5)};
  if (low >= high) return levels;
  levels.all = round_ticks(low, high, 8);
  const double median = levels.middle;
  const auto nearest = std::min_element(
      levels.all.begin(), levels.all.end(),
      [&](double a, double b) { return std::abs(a - median) < std::abs(b - median); });
  if (nearest != levels.all.end()) levels.middle = *nearest;
  return levels;
}

/// Whether a channel is a sum over hours, such as precipitation: its contours are as many as
/// showers.
bool is_amount(const Channel& channel) {
  const Variable* variable = find_variable(channel.name);
  return variable != nullptr && variable->accumulation_hours != 0;
}

std::string title_of(const EnsembleMaps& maps) {
  return fmt::format("{}, {}", shown_name(maps.channel), shown_lead(maps.lead_hours));
}

std::string id_of_maps(const char* kind, const EnsembleMaps& maps) {
  return fmt::format("{}-{}-{}h", kind, id_of(to_string(maps.channel)), maps.lead_hours);
}

std::string caption_of(const EnsembleMaps& maps) {
  const std::size_t there = members_there(maps), all = maps.members.size();
  return fmt::format("Forecast from {} for {}, {}{} members{}.", short_time(maps.init),
                     short_time(maps.init + std::chrono::hours(maps.lead_hours)),
                     there < all ? fmt::format("{} of ", there) : "", all,
                     there == 0 ? ": no data" : "");
}

constexpr double kTitle = 22, kBar = 40;

/// Panels of maps on a sheet, filled one by one.
class MapSheet {
 public:
  MapSheet(Figure& figure, Svg& svg, const Grid& grid, std::size_t panels)
      : figure_(figure),
        svg_(svg),
        frame_(MapFrame::of(grid)),
        width_(Sheet(1, 2, 0, 0).panel(0).width),
        height_(width_ / frame_.aspect()),
        sheet_(panels, 2, kTitle + height_ + kBar, 0) {}

  /// `draw` fills the map; its colour bar follows.
  template <class Draw>
  void add(const std::string& title, const ColourScale& scale, const std::string& units,
           const Draw& draw) {
    const Box map = begin(title, draw);
    draw_colour_bar(svg_, {map.x + 20, map.bottom() + 6, map.width - 100, 9}, scale, units);
  }
  template <class Draw>
  void add(const std::string& title, const std::vector<LegendEntry>& legend, const Draw& draw) {
    const Box map = begin(title, draw);
    draw_legend(svg_, {map.x, map.bottom() + 13}, legend);
  }

  double height() const { return sheet_.height(); }

 private:
  template <class Draw>
  Box begin(const std::string& title, const Draw& draw) {
    const Box box = sheet_.panel(used_++);
    draw_panel_title(svg_, box, title);
    const Box place{box.x, box.y + kTitle, width_, height_};
    Map map(figure_, svg_, place, frame_);
    draw(map);
    map.end();
    return place;
  }

  Figure& figure_;
  Svg& svg_;
  MapFrame frame_;
  double width_, height_;
  Sheet sheet_;
  std::size_t used_ = 0;
};

}  // namespace

void append_maps(std::vector<EnsembleMaps>& maps, const Fields& batch,
                 const std::vector<Channel>& channels) {
  if (maps.empty())
    for (const auto& wanted : channels)
      if (const auto place = place_of(wanted, batch); place < batch.channels.size())
        maps.push_back({.grid = batch.grid,
                        .channel = batch.channels[place],
                        .init = batch.init,
                        .lead_hours = batch.lead_hours.front(),
                        .numbers = {},
                        .members = {},
                        .truth = {}});
  for (auto& each : maps)
    for (std::size_t m = 0; m < batch.members.size(); ++m) {
      const auto map = batch.map(m, 0, place_of(each.channel, batch));
      each.numbers.push_back(batch.members[m]);
      each.members.emplace_back(map.begin(), map.end());
    }
}

void add_truth(EnsembleMaps& maps, const Fields& truth) {
  const auto place = place_of(maps.channel, truth);
  if (truth.members.empty() || place == truth.channels.size()) return;
  const auto map = truth.map(0, 0, place);
  maps.truth.assign(map.begin(), map.end());
}

std::size_t members_there(const EnsembleMaps& maps) {
  return static_cast<std::size_t>(
      std::count_if(maps.members.begin(), maps.members.end(), has_values));
}

MapMoments moments_of(const std::vector<Values>& members) {
  MapMoments moments;
  const std::size_t points = members.empty() ? 0 : members.front().size();
  for (std::size_t p = 0; p < points; ++p) {
    double mean = 0, squares = 0;
    int count = 0;
    for (const auto& member : members) {
      if (std::isnan(member[p])) continue;
      const double step = member[p] - mean;
      mean += step / ++count;
      squares += step * (member[p] - mean);
    }
    moments.mean.push_back(count > 0 ? static_cast<float>(mean) : std::nanf(""));
    moments.spread.push_back(count > 1 ? static_cast<float>(std::sqrt(squares / (count - 1)))
                                       : std::nanf(""));
  }
  return moments;
}

std::vector<float> probability_of(const Event& event, const std::vector<Values>& members) {
  const bool above = event.statistic.kind == Statistic::Kind::above;
  Values parts;
  const std::size_t points = members.empty() ? 0 : members.front().size();
  for (std::size_t p = 0; p < points; ++p) {
    int count = 0, holds = 0;
    for (const auto& member : members) {
      if (std::isnan(member[p])) continue;
      ++count;
      holds += above ? member[p] > event.statistic.value : member[p] < event.statistic.value;
    }
    parts.push_back(count > 0 ? static_cast<float>(holds) / static_cast<float>(count)
                              : std::nanf(""));
  }
  return parts;
}

Figure ensemble_sheet(const EnsembleMaps& maps, const std::vector<Event>& events) {
  Figure figure{
      .id = id_of_maps("map", maps), .title = title_of(maps), .caption = caption_of(maps)};
  Svg svg;
  if (members_there(maps) == 0) {
    svg.text({0, 14}, "no data", "small");
    figure.width = Sheet::kWidth;
    figure.height = 20;
    figure.body = svg.body();
    return figure;
  }
  const auto [factor, units] = display_units(maps.channel);
  const MapMoments moments = moments_of(maps.members);
  const Values mean = shown(moments.mean, maps.channel);
  const Values spread = shown(moments.spread, maps.channel);
  const Values truth = has_values(maps.truth) ? shown(maps.truth, maps.channel) : Values{};
  const auto [contours, contour] = levels_of(mean);

  Event event{maps.channel.name, maps.channel.level, {Statistic::Kind::above, contour / factor}};
  for (const auto& each : events)
    if (each.is_about({maps.channel.name, maps.channel.level, maps.channel.units})) {
      event = each;
      break;
    }
  const bool above = event.statistic.kind == Statistic::Kind::above;

  MapSheet sheet(figure, svg, maps.grid, truth.empty() ? 3 : 4);
  const auto add_image = [&](const std::string& title, const Values& values,
                             const ColourScale& scale) {
    if (!has_values(values)) {
      sheet.add(title + ": no data", std::vector<LegendEntry>{},
                [](Map& map) { map.coasts_on_paper(); });
      return;
    }
    sheet.add(title, scale, units, [&](Map& map) {
      map.image(maps.grid, values, scale);
      map.coasts();
    });
  };

  const ColourScale spreads = spread_scale(part_below(spread, 0.995));
  if (is_amount(maps.channel)) {
    const ColourScale amounts = spread_scale(part_below(truth.empty() ? mean : truth, 0.995));
    add_image("Mean", mean, amounts);
    if (truth.empty())
      add_image("Spread", spread, spreads);
    else
      add_image("Truth", truth, amounts);
  } else {
    if (has_values(spread))
      sheet.add("Mean (lines) and spread", spreads, units, [&](Map& map) {
        map.image(maps.grid, spread, spreads);
        map.coasts();
        map.contours(maps.grid, mean, contours, "plain", true);
      });
    else
      sheet.add("Mean", std::vector<LegendEntry>{}, [&](Map& map) {
        map.coasts_on_paper();
        map.contours(maps.grid, mean, contours, "curve s6", true);
      });
    std::vector<LegendEntry> legend = {{"members", "s0 thin"}, {"mean", "s6"}};
    if (!truth.empty()) legend.push_back({"truth", "s1 solid"});
    sheet.add(fmt::format("{:.6g} {} in each member", contour, units), legend, [&](Map& map) {
      map.coasts_on_paper();
      for (const auto& member : maps.members)
        map.contours(maps.grid, shown(member, maps.channel), {contour}, "curve s0 thin", false);
      if (!truth.empty()) map.contours(maps.grid, truth, {contour}, "curve s1 solid", false);
      map.contours(maps.grid, mean, {contour}, "curve s6", false);
    });
  }

  if (!truth.empty()) {
    Values error = mean;
    for (std::size_t p = 0; p < error.size(); ++p) error[p] -= truth[p];
    Values sizes = error;
    for (float& size : sizes) size = std::abs(size);
    add_image("Error of the mean", error, error_scale(part_below(sizes, 0.995)));
  }

  const ColourScale probabilities = probability_scale();
  sheet.add(fmt::format("Probability of {} {:.6g} {}", above ? "more than" : "less than",
                        factor * event.statistic.value, units),
            probabilities, "", [&](Map& map) {
              map.image(maps.grid, probability_of(event, maps.members), probabilities);
              map.coasts();
            });
  figure.width = Sheet::kWidth;
  figure.height = sheet.height();
  figure.body = svg.body();
  return figure;
}

Figure postage_stamps(const EnsembleMaps& maps) {
  const std::string units = display_units(maps.channel).units;
  std::vector<std::pair<std::string, Values>> stamps;
  if (!maps.truth.empty()) stamps.emplace_back("truth", shown(maps.truth, maps.channel));
  stamps.emplace_back("mean", shown(moments_of(maps.members).mean, maps.channel));
  for (std::size_t m = 0; m < maps.members.size(); ++m)
    stamps.emplace_back(fmt::format("member {}", maps.numbers[m]),
                        shown(maps.members[m], maps.channel));
  Values all;
  for (const auto& [name, values] : stamps) all.insert(all.end(), values.begin(), values.end());
  const double high = part_below(all, 0.995);
  const ColourScale scale =
      is_amount(maps.channel) ? spread_scale(high) : quantity_scale(part_below(all, 0.005), high);

  Figure figure{
      .id = id_of_maps("stamps", maps), .title = title_of(maps) + ", each member", .caption = ""};
  Svg svg;
  const MapFrame frame = MapFrame::of(maps.grid);
  const std::size_t columns = stamps.size() <= 12 ? 4 : stamps.size() <= 30 ? 6 : 8;
  const double width = Sheet(1, columns, 0, 0).panel(0).width, height = width / frame.aspect();
  const Sheet sheet(stamps.size(), columns, height + 26, 0);
  for (std::size_t i = 0; i < stamps.size(); ++i) {
    const Box box = sheet.panel(i);
    const auto& [name, values] = stamps[i];
    svg.text({box.x, box.y + 13}, name + (has_values(values) ? "" : ": no data"),
             i + maps.members.size() < stamps.size() ? "small panel-title" : "tick");
    Map map(figure, svg, {box.x, box.y + 19, width, height}, frame);
    map.image(maps.grid, values, scale);
    map.coasts();
    map.end();
  }
  draw_colour_bar(svg, {Sheet::kWidth / 4, sheet.height() + 10, Sheet::kWidth / 2, 9}, scale,
                  units);
  figure.width = Sheet::kWidth;
  figure.height = sheet.height() + 40;
  figure.body = svg.body();
  return figure;
}

}  // namespace ladcast
