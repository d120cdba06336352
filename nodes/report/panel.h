// What the panels of all charts have in common: titles and axes.
#pragma once

#include <string>
#include <vector>

#include "nodes/report/axis.h"
#include "nodes/report/svg.h"

namespace ladcast {

/// The part of a panel inside its title and axis labels.
Box plot_within(const Box& box);

/// "Title  units", above the plot.
void draw_panel_title(Svg& svg, const Box& box, const std::string& title,
                      const std::string& units = "");

/// Horizontal grid lines with labels on the left.
void draw_left_axis(Svg& svg, const Box& plot, const Scale& scale, const std::vector<double>& ticks,
                    const std::vector<std::string>& labels);

/// A line below the plot with ticks and labels, and what they are below them.
void draw_bottom_axis(Svg& svg, const Box& plot, const Scale& scale,
                      const std::vector<double>& ticks, const std::vector<std::string>& labels,
                      const std::string& label);

/// "10³" for powers of ten, "200" else.
std::vector<std::string> power_labels(const std::vector<double>& values);

}  // namespace ladcast
