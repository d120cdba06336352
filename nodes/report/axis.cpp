#include "nodes/report/axis.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cctype>
#include <cmath>
#include <cstdlib>

namespace ladcast {
namespace {

double round_step(double range, int wanted) {
  const double rough = range / wanted;
  const double power = std::pow(10.0, std::floor(std::log10(rough)));
  for (const double factor : {1.0, 2.0, 2.5, 5.0})
    if (rough <= factor * power * 1.0001) return factor * power;
  return 10 * power;
}

std::vector<double> multiples(double step, double low, double high) {
  std::vector<double> ticks;
  const double slack = step * 1e-6;
  for (double i = std::ceil((low - slack) / step); i * step <= high + slack; ++i)
    ticks.push_back(i == 0.0 ? 0.0 : i * step);
  return ticks;
}

int decimals_for(double step) {
  int decimals = 0;
  for (double scaled = step; decimals < 6 && std::abs(scaled - std::round(scaled)) > 1e-6 * scaled;
       scaled *= 10)
    ++decimals;
  return decimals;
}

/// Thin spaces between thousands from five digits on.
std::string grouped(std::string digits) {
  const auto point = std::min(digits.find('.'), digits.size());
  const std::size_t first = digits.starts_with('-') ? 1 : 0;
  if (point - first >= 5)
    for (auto i = point; i > first + 3; i -= 3) digits.insert(i - 3, "\u2009");
  if (first == 1) digits.replace(0, 1, "\u2212");
  return digits;
}

}  // namespace

std::vector<double> round_ticks(double low, double high, int wanted) {
  assert(low < high);
  return multiples(round_step(high - low, wanted), low, high);
}

std::vector<double> decade_ticks(double low, double high) {
  std::vector<double> ticks;
  for (int power = static_cast<int>(std::floor(std::log10(low)));
       power <= static_cast<int>(std::ceil(std::log10(high))); ++power) {
    const double tick = std::pow(10.0, power);
    if (tick >= low * 0.999 && tick <= high * 1.001) ticks.push_back(tick);
  }
  if (ticks.size() >= 2) return ticks;
  ticks.clear();
  for (int power = static_cast<int>(std::floor(std::log10(low)));
       power <= static_cast<int>(std::ceil(std::log10(high))); ++power)
    for (const double factor : {1.0, 2.0, 5.0}) {
      const double tick = factor * std::pow(10.0, power);
      if (tick >= low * 0.999 && tick <= high * 1.001) ticks.push_back(tick);
    }
  return ticks;
}

std::vector<double> day_ticks(double last) {
  for (const double step : {0.25, 1.0, 2.0, 5.0, 10.0})
    if (last / step <= 5.5) return multiples(step, 0, last);
  return round_ticks(0, last, 5);
}

std::vector<std::string> tick_labels(const std::vector<double>& values) {
  double step = 0, largest = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    largest = std::max(largest, std::abs(values[i]));
    if (i > 0) step = step == 0 ? values[1] - values[0] : std::min(step, values[i] - values[i - 1]);
  }
  if (step == 0) step = largest;
  std::vector<std::string> labels;
  for (const double value : values) {
    if (value == 0)
      labels.emplace_back("0");
    else if (largest >= 1e6 || largest < 1e-3)
      labels.push_back(fmt::format("{:.3g}", value));
    else
      labels.push_back(grouped(fmt::format("{:.{}f}", value, decimals_for(step))));
  }
  return labels;
}

Scale::Scale(double low, double high, double from, double to, bool logarithmic)
    : low_(logarithmic ? std::log(low) : low),
      high_(logarithmic ? std::log(high) : high),
      from_(from),
      to_(to),
      logarithmic_(logarithmic) {
  assert(low < high);
}

double Scale::at(double value) const {
  const double place = logarithmic_ ? std::log(value) : value;
  return from_ + (place - low_) / (high_ - low_) * (to_ - from_);
}

Span round_span(double low, double high, int wanted) {
  if (low == high) {
    const double half = low == 0 ? 1 : std::abs(low) / 10;
    low -= half;
    high += half;
  }
  const double step = round_step(high - low, wanted);
  return {std::floor(low / step + 1e-9) * step, std::ceil(high / step - 1e-9) * step};
}

std::string shown_units(const std::string& units) {
  static const char* const kRaised[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  std::string result;
  for (std::size_t i = 0; i < units.size(); ++i) {
    const auto is_digit = [&](std::size_t at) {
      return at < units.size() && std::isdigit(static_cast<unsigned char>(units[at])) != 0;
    };
    const bool after_letter = i > 0 && std::isalpha(static_cast<unsigned char>(units[i - 1])) != 0;
    if (units[i] == '-' && after_letter && is_digit(i + 1)) {
      result += "⁻";
      result += kRaised[units[++i] - '0'];
    } else if (is_digit(i) && after_letter) {
      result += kRaised[units[i] - '0'];
    } else {
      result += units[i];
    }
  }
  return result;
}

DisplayUnits display_units(const Channel& channel) {
  if (channel.units == "Pa") return {0.01, "hPa"};
  if (channel.units == "kg kg-1") return {1000, "g kg⁻¹"};
  if (channel.units == "m" && channel.name.starts_with("total_precipitation")) return {1000, "mm"};
  return {1, shown_units(channel.units)};
}

std::string shown_name(const Channel& channel) {
  std::string name = channel.name;
  if (name.starts_with("total_precipitation_"))
    name = name.substr(20, name.size() - 22) + " h precipitation";
  else if (name.size() > 3 && std::isdigit(static_cast<unsigned char>(name[0])) != 0)
    name.insert(name.find_first_not_of("0123456789"), " ");
  const std::string of = "_component_of_wind";
  if (const auto at = name.find(of); at != std::string::npos) name.replace(at, of.size(), " wind");
  std::replace(name.begin(), name.end(), '_', ' ');
  name[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(name[0])));
  if (channel.level) name += fmt::format(" {} hPa", *channel.level);
  return name;
}

std::string shown_event(const Channel& channel, const std::string& condition) {
  const auto [factor, units] = display_units(channel);
  const double threshold = std::strtod(condition.c_str() + 1, nullptr);
  return fmt::format("{} {} {:.6g} {}", shown_name(channel), condition.front(), factor * threshold,
                     units);
}

std::string shown_lead(int lead_hours) {
  if (lead_hours < 24) return fmt::format("{} h", lead_hours);
  return fmt::format("day {:.3g}", lead_hours / 24.0);
}

std::string shown_percent(double percent, int decimals) {
  const std::string size = fmt::format("{:.{}f}", std::abs(percent), decimals);
  if (size.find_first_not_of("0.") == std::string::npos) return size;
  return (percent < 0 ? "−" : "+") + size;
}

std::string shown_value(double value) {
  if (std::isnan(value)) return "–";
  const double size = std::abs(value);
  if (size == 0) return "0";
  if (size < 1e-4) return fmt::format("{:.2e}", value);
  const int decimals = std::max(0, 2 - static_cast<int>(std::floor(std::log10(size))));
  return grouped(fmt::format("{:.{}f}", value, decimals));
}

}  // namespace ladcast
