// Axes: ticks at round numbers, scales from values to the drawing, units as people write them.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "nodes/values/channel.h"

namespace ladcast {

/// Multiples of 1, 2, 2.5 or 5 times a power of ten within low to high, about `wanted` of them.
std::vector<double> round_ticks(double low, double high, int wanted);

/// Powers of ten within low to high; their halves and fifths too where there are fewer than two.
std::vector<double> decade_ticks(double low, double high);

/// Leads in days within 0 to `last`: every 6 h, day, 2, 5 or 10 days.
std::vector<double> day_ticks(double last);

/// Labels with as many decimals as the steps between the values need: {0, 0.5, 1} are "0", "0.5",
/// "1". Large and small values are in powers of ten: "2e5".
std::vector<std::string> tick_labels(const std::vector<double>& values);

/// From values low … high to places from … to, linear or logarithmic.
class Scale {
 public:
  Scale(double low, double high, double from, double to, bool logarithmic = false);
  double at(double value) const;

 private:
  double low_, high_, from_, to_;
  bool logarithmic_;
};

/// The span of values, widened to round numbers for an axis.
struct Span {
  double low = 0.0, high = 1.0;
};
Span round_span(double low, double high, int wanted);

/// "m² s⁻²" for "m2 s-2".
std::string shown_units(const std::string& units);

/// Units in which a channel's values are shown: hPa for pressure, mm for precipitation, g kg⁻¹ for
/// humidity, else its own.
struct DisplayUnits {
  double factor = 1;  // shown = factor x value
  std::string units;
};
DisplayUnits display_units(const Channel& channel);

/// "Geopotential 500 hPa", "2 m temperature", "6 h precipitation".
std::string shown_name(const Channel& channel);

/// "2 m temperature > 303.15 K" for a condition "> 303.15".
std::string shown_event(const Channel& channel, const std::string& condition);

/// "6 h", "day 1", "day 2.5".
std::string shown_lead(int lead_hours);

/// With the sign that it has as it is shown: "+12", "−3.4", "0.0".
std::string shown_percent(double percent, int decimals);

/// Three or four digits: "0.0123", "1.23", "649", "54 100".
std::string shown_value(double value);

}  // namespace ladcast
