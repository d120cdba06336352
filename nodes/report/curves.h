// Line charts: scores by lead with their confidence bands, spectra.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "nodes/report/axis.h"
#include "nodes/report/svg.h"

namespace ladcast {

struct CurvePoint {
  double x = 0, y = 0;
  std::optional<double> low = {}, high = {};  // of the band
};

struct Curve {
  std::string look;  // "s0" to "s6", "dashed"
  std::vector<CurvePoint> points;
};

struct CurvePanel {
  std::string title;
  std::string units;    // of y, after the title
  std::string x_label;  // below the axis
  std::vector<Curve> curves = {};
  std::optional<double> reference = {};  // a value that is a horizontal line
  bool from_zero = false;                // y begins at 0
  bool days = false;                     // x is a lead in days, from 0
  bool logarithmic = false;              // both axes
  bool logarithmic_y = false;            // y alone
  std::optional<Span> covers = {};       // y shows all of it
};

/// Draws the panel into `box`, title and axis labels included.
void draw_curves(Svg& svg, const Box& box, const CurvePanel& panel);

}  // namespace ladcast
