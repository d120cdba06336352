#include "nodes/report/colours.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>

#include "nodes/report/axis.h"

namespace ladcast {
namespace {

// ColorBrewer's Blues, RdBu and YlOrRd (Brewer 2003) and matplotlib's viridis (public domain):
// their lightness alone tells the order, and no pair is red and green.
constexpr std::array<Rgb, 6> kBlues = {{{247, 251, 255},
                                        {208, 225, 242},
                                        {148, 196, 223},
                                        {74, 152, 201},
                                        {23, 100, 171},
                                        {8, 48, 107}}};
constexpr std::array<Rgb, 9> kRedBlue = {{{33, 102, 172},
                                          {67, 147, 195},
                                          {146, 197, 222},
                                          {209, 229, 240},
                                          {247, 247, 247},
                                          {253, 219, 199},
                                          {244, 165, 130},
                                          {214, 96, 77},
                                          {178, 24, 43}}};
constexpr std::array<Rgb, 6> kReds = {{{255, 253, 236},
                                       {254, 224, 144},
                                       {254, 178, 76},
                                       {252, 100, 46},
                                       {207, 20, 32},
                                       {110, 0, 38}}};
constexpr std::array<Rgb, 8> kViridis = {{{68, 1, 84},
                                          {70, 50, 127},
                                          {54, 92, 141},
                                          {39, 127, 142},
                                          {31, 161, 135},
                                          {74, 194, 109},
                                          {159, 218, 58},
                                          {253, 231, 37}}};

Rgb between(std::span<const Rgb> anchors, double place) {
  const double at = place * static_cast<double>(anchors.size() - 1);
  const auto first = std::min(static_cast<std::size_t>(at), anchors.size() - 2);
  const double part = at - static_cast<double>(first);
  Rgb colour{};
  for (std::size_t i = 0; i < 3; ++i)
    colour[i] = static_cast<std::uint8_t>(
        std::lround((1 - part) * anchors[first][i] + part * anchors[first + 1][i]));
  return colour;
}

ColourScale banded(std::vector<double> edges, std::span<const Rgb> anchors) {
  ColourScale scale{std::move(edges), {}};
  const std::size_t bands = scale.edges.size() - 1;
  for (std::size_t i = 0; i < bands; ++i)
    scale.colours.push_back(between(
        anchors, bands == 1 ? 0.5 : static_cast<double>(i) / static_cast<double>(bands - 1)));
  return scale;
}

std::vector<double> round_edges(double low, double high, int bands) {
  const Span span = round_span(low, high, bands);
  return round_ticks(span.low, span.high, bands);
}

}  // namespace

std::size_t ColourScale::band_of(double value) const {
  const auto above = std::upper_bound(edges.begin() + 1, edges.end() - 1, value);
  return static_cast<std::size_t>(above - edges.begin()) - 1;
}

ColourScale spread_scale(double highest) {
  return banded(round_edges(0, highest > 0 ? highest : 1, 10), kBlues);
}

ColourScale error_scale(double largest) {
  // Around 0 lies a band of its own.
  const auto above = round_edges(0, largest > 0 ? largest : 1, 6);
  std::vector<double> edges;
  for (auto edge = above.rbegin(); *edge > 0; ++edge) edges.push_back(-*edge);
  edges.insert(edges.end(), above.begin() + 1, above.end());
  return banded(std::move(edges), kRedBlue);
}

ColourScale probability_scale() {
  std::vector<double> edges;
  for (int tenth = 0; tenth <= 10; ++tenth) edges.push_back(tenth / 10.0);
  return banded(std::move(edges), kReds);
}

ColourScale quantity_scale(double low, double high) {
  return banded(round_edges(low, high, 12), kViridis);
}

void draw_colour_bar(Svg& svg, const Box& box, const ColourScale& scale, const std::string& units) {
  const auto bands = static_cast<double>(scale.colours.size());
  const double width = box.width / bands;
  for (std::size_t i = 0; i < scale.colours.size(); ++i) {
    const auto& [red, green, blue] = scale.colours[i];
    svg.raw(
        fmt::format("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" class=\"colour\" "
                    "fill=\"#{:02x}{:02x}{:02x}\"/>\n",
                    svg_number(box.x + static_cast<double>(i) * width), svg_number(box.y),
                    svg_number(width + 0.3), svg_number(box.height), red, green, blue));
  }
  svg.box(box, "frame");
  const auto labels = tick_labels(scale.edges);
  constexpr double kDigit = 6.4;
  std::size_t longest = 0;
  for (const auto& label : labels) longest = std::max(longest, label.size());
  const std::size_t every = width < kDigit * static_cast<double>(longest) ? 2 : 1;
  for (std::size_t i = 0; i < labels.size(); ++i)
    if (std::min(i, labels.size() - 1 - i) % every == 0)  // the same on both sides
      svg.text({box.x + static_cast<double>(i) * width, box.bottom() + 13}, labels[i],
               "tick middle");
  svg.text({box.right() + 14, box.y + box.height - 1}, units, "tick");
}

}  // namespace ladcast
