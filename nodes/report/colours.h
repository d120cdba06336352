// Colours of maps: values in bands, each with one colour, so that a colour can be read off the bar.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "nodes/report/svg.h"

namespace ladcast {

using Rgb = std::array<std::uint8_t, 3>;

/// Bands between ascending edges; the outer two take what lies beyond.
struct ColourScale {
  std::vector<double> edges;  // one more than colours
  std::vector<Rgb> colours;

  std::size_t band_of(double value) const;
};

/// White to dark blue from 0, for a standard deviation.
ColourScale spread_scale(double highest);
/// Blue over white to red, as wide on both sides of 0.
ColourScale error_scale(double largest);
/// White to dark red in tenths.
ColourScale probability_scale();
/// Dark blue over green to yellow (viridis), for any quantity.
ColourScale quantity_scale(double low, double high);

/// The bands side by side with their edges below.
void draw_colour_bar(Svg& svg, const Box& box, const ColourScale& scale, const std::string& units);

}  // namespace ladcast
