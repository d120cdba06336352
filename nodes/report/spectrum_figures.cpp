#include "nodes/output/csv_file.h"
#include "nodes/report/axis.h"
#include "nodes/report/curves.h"
#include "nodes/report/score_drawings.h"

namespace ladcast {

void append_spectra(std::vector<Figure>& figures, const ScoreSelection& selection) {
  std::vector<LegendEntry> legend;
  std::vector<std::pair<std::string, std::string>> shown;  // persistence is a truth too
  for (const auto& [forecast, look] : selection.looks.all())
    if (forecast == "truth" || !is_reference(forecast)) shown.emplace_back(forecast, look);
  for (const auto& [forecast, look] : shown)
    for (const auto& channel : selection.choice.channels)
      if (!selection.of("spectrum", channel, forecast).empty() &&
          (legend.empty() || legend.back().name != forecast))
        legend.push_back({forecast, look});
  Svg head;
  draw_legend(head, {0, 10}, legend);
  append_by_channel_and_lead(
      figures,
      {.id = "spectra-" + id_of(selection.choice.region),
       .title = "Energy by scale",
       .caption = "Zonal energy spectra, " + selection.choice.region +
                  ". Where a forecast falls below the truth at large "
                  "wavenumbers, its fields are too smooth.",
       .body = head.body()},
      selection.choice.channels, selection.choice.leads, 184, 34,
      [&](Svg& svg, const Box& box, const Channel& channel, int lead,
          std::vector<std::string>& numbers) {
        CurvePanel panel{.title = shown_name(channel) + ", " + shown_lead(lead),
                         .units = "",
                         .x_label = "zonal wavenumber",
                         .curves = {},
                         .logarithmic = true};
        for (const auto& [forecast, look] : shown) {
          Curve curve{look, {}};
          for (const auto* point : at_lead(selection.of("spectrum", channel, forecast), lead)) {
            if (*point->row.bin <= 0 || point->row.value <= 0) continue;
            curve.points.push_back({*point->row.bin, point->row.value});
            numbers.push_back(csv_line(point->row));
          }
          if (!curve.points.empty()) panel.curves.push_back(std::move(curve));
        }
        if (panel.curves.empty()) return false;
        draw_curves(svg, box, panel);
        return true;
      });
}

}  // namespace ladcast
