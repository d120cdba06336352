#include <cmath>
#include <map>

#include "nodes/output/csv_file.h"
#include "nodes/report/axis.h"
#include "nodes/report/diagrams.h"
#include "nodes/report/score_drawings.h"

namespace ladcast {

void append_rank_histograms(std::vector<Figure>& figures, const ScoreSelection& selection,
                            const std::string& own) {
  append_by_channel_and_lead(
      figures,
      {.id = "ranks-" + id_of(own) + "-" + id_of(selection.choice.region),
       .title = "Rank histograms of " + own,
       .caption = "How often the truth had each rank among the members. Flat (the dashed line) is "
                  "reliable; high ends say that the truth is often outside the ensemble, a slope "
                  "says that it is biased. Bars that end at the top of a panel are higher."},
      selection.choice.channels, selection.choice.leads, 150, 0,
      [&](Svg& svg, const Box& box, const Channel& channel, int lead,
          std::vector<std::string>& numbers) {
        const auto rows = at_lead(selection.of("rank_histogram", channel, own), lead);
        if (rows.empty()) return false;
        RankHistogramPanel panel{shown_name(channel) + ", " + shown_lead(lead), {}};
        for (const auto* point : rows) {
          panel.shares.push_back(point->row.value);
          numbers.push_back(csv_line(point->row));
        }
        draw_rank_histogram(svg, box, panel, 2.5 / static_cast<double>(panel.shares.size()));
        return true;
      });
}

void append_reliability(std::vector<Figure>& figures, const ScoreSelection& selection,
                        const std::string& own) {
  for (const auto& channel : selection.channels) {
    std::vector<std::string> events;
    for (const auto* point : selection.of("observed_frequency", channel, own))
      add_once(events, point->row.event);
    for (const auto& event : events) {
      const std::string what = shown_event(channel, event);
      append_by_channel_and_lead(
          figures,
          {.id = "reliability-" + id_of(own + " " + to_string(channel) + " " + event) + "-" +
                 id_of(selection.choice.region),
           .title = "Reliability of " + own + ": " + what,
           .caption =
               "How often it happened where each probability was forecast. On the dotted "
               "diagonal a probability means what it says. The bars and the size of the "
               "dots show how often each probability was forecast; the line passes by those that "
               "were forecast at less than one point in a thousand."},
          {channel}, selection.choice.leads, 292, 0,
          [&](Svg& svg, const Box& box, const Channel&, int lead,
              std::vector<std::string>& numbers) {
            std::map<double, ReliabilityPoint> points;
            for (const char* score : {"forecast_share", "observed_frequency"})
              for (const auto* point : at_lead(selection.of(score, channel, own), lead)) {
                if (point->row.event != event) continue;
                auto& place = points
                                  .try_emplace(*point->row.bin,
                                               ReliabilityPoint{*point->row.bin, std::nan(""), 0})
                                  .first->second;
                (score == std::string("forecast_share") ? place.forecast_share : place.frequency) =
                    point->row.value;
                numbers.push_back(csv_line(point->row));
              }
            if (points.empty()) return false;
            ReliabilityPanel panel{shown_lead(lead), {}};
            for (const auto& [bin, point] : points) panel.points.push_back(point);
            draw_reliability(svg, box, panel);
            return true;
          });
    }
  }
}

}  // namespace ladcast
