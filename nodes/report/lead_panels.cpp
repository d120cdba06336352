#include "nodes/report/score_drawings.h"

namespace ladcast {
namespace {

/// The first and the last three, where there are more than fit side by side.
std::vector<int> four_of(const std::vector<int>& leads) {
  if (leads.size() <= 4) return leads;
  std::vector<int> four(leads.end() - 3, leads.end());
  four.insert(four.begin(), leads.front());
  return four;
}

}  // namespace

void append_by_channel_and_lead(std::vector<Figure>& figures, Figure figure,
                                const std::vector<Channel>& channels,
                                const std::vector<int>& all_leads, double height, double top,
                                const DrawPanel& draw) {
  const std::vector<int> leads = four_of(all_leads);
  const std::size_t columns = leads.size();
  std::size_t panels = 0;
  Svg svg;
  for (const auto& channel : channels) {
    std::size_t drawn = 0;
    for (const int lead : leads) {
      const Sheet sheet(panels + drawn + 1, columns, height, top);
      if (draw(svg, sheet.panel(panels + drawn), channel, lead, figure.numbers)) ++drawn;
    }
    panels += drawn == 0 ? 0 : columns;
  }
  if (panels == 0) return;
  figure.width = Sheet::kWidth;
  figure.height = Sheet(panels, columns, height, top).height();
  figure.body += svg.body();
  figures.push_back(std::move(figure));
}

}  // namespace ladcast
