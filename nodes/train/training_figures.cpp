#include "nodes/train/training_figures.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "nodes/report/axis.h"
#include "nodes/report/curves.h"

namespace ladcast {
namespace {

constexpr const char* kValidation = "validation ";

std::vector<LoggedNumber> named(const LoggedTraining& training, const std::string& name) {
  std::vector<LoggedNumber> numbers;
  for (const auto& number : training.numbers)
    if (number.name == name) numbers.push_back(number);
  return numbers;
}

/// Names of validations in the order in which they first come.
std::vector<std::string> validations(const std::vector<LoggedTraining>& trainings) {
  std::vector<std::string> names;
  for (const auto& training : trainings)
    for (const auto& number : training.numbers)
      if (number.name.starts_with(kValidation) &&
          std::find(names.begin(), names.end(), number.name) == names.end())
        names.push_back(number.name);
  return names;
}

std::string without_prefix(const std::string& name) {
  return name.starts_with(kValidation) ? name.substr(std::string(kValidation).size()) : name;
}

/// What a drawing can show of many numbers: means of neighbours, with the smallest and the largest
/// as a band.
std::vector<CurvePoint> thinned(const std::vector<LoggedNumber>& numbers) {
  constexpr std::size_t kPlaces = 160;
  const std::size_t each = (numbers.size() + kPlaces - 1) / kPlaces;
  std::vector<CurvePoint> points;
  for (std::size_t first = 0; first < numbers.size(); first += each) {
    const std::size_t last = std::min(first + each, numbers.size());
    const auto count = static_cast<double>(last - first);
    CurvePoint point{0, 0, numbers[first].value, numbers[first].value};
    for (std::size_t i = first; i < last; ++i) {
      point.x += numbers[i].iteration / count;
      point.y += numbers[i].value / count;
      point.low = std::min(*point.low, numbers[i].value);
      point.high = std::max(*point.high, numbers[i].value);
    }
    if (each == 1) point.low = point.high = {};
    points.push_back(point);
  }
  return points;
}

struct Panels {
  std::vector<CurvePanel> panels;
  std::vector<std::string> lines;
};

void add_panel(Panels& to, const std::vector<LoggedTraining>& trainings, const std::string& name,
               const std::string& title, bool logarithmic) {
  CurvePanel panel{.title = title,
                   .units = "",
                   .x_label = "iteration",
                   .from_zero = !logarithmic,
                   .logarithmic_y = logarithmic};
  for (std::size_t i = 0; i < trainings.size(); ++i) {
    const auto numbers = named(trainings[i], name);
    if (numbers.empty()) continue;
    panel.units = shown_units(numbers.front().unit);
    panel.curves.push_back({fmt::format("s{}", i % 7), thinned(numbers)});
    for (const CurvePoint& point : panel.curves.back().points)
      to.lines.push_back(fmt::format("{},{:.0f},{},{},{:.6g}", trainings[i].name, point.x, name,
                                     numbers.front().unit, point.y));
  }
  if (!panel.curves.empty()) to.panels.push_back(std::move(panel));
}

void append(std::vector<Figure>& figures, Figure figure, const Panels& drawn, std::size_t columns,
            double height, const std::vector<LoggedTraining>& trainings) {
  if (drawn.panels.empty()) return;
  const bool several = trainings.size() > 1;
  const Sheet sheet(drawn.panels.size(), columns, height, several ? 34 : 0);
  Svg svg;
  std::vector<LegendEntry> legend;
  for (std::size_t i = 0; i < trainings.size(); ++i)
    legend.push_back({trainings[i].name, fmt::format("s{}", i % 7)});
  if (several) draw_legend(svg, {0, 10}, legend);
  for (std::size_t i = 0; i < drawn.panels.size(); ++i)
    draw_curves(svg, sheet.panel(i), drawn.panels[i]);
  figure.width = Sheet::kWidth;
  figure.height = sheet.height();
  figure.body = svg.body();
  figure.numbers = drawn.lines;
  figure.numbers_head = "training,iteration,name,unit,value";
  figures.push_back(std::move(figure));
}

/// Whether the rate rises by one factor in each update.
bool is_search(const std::vector<LoggedNumber>& rates) {
  if (rates.size() < 10) return false;
  const double factor = rates[1].value / rates[0].value;
  if (!(factor > 1.0)) return false;
  for (std::size_t i = 1; i < rates.size(); ++i)
    if (std::abs(rates[i].value / rates[i - 1].value / factor - 1.0) > 1e-4) return false;
  return true;
}

/// The losses of searches by the learning rate.
CurvePanel search_panel(const std::vector<LoggedTraining>& trainings) {
  CurvePanel panel{.title = "loss", .units = "", .x_label = "learning rate", .logarithmic = true};
  for (std::size_t i = 0; i < trainings.size(); ++i) {
    const auto losses = thinned(named(trainings[i], "loss"));
    const auto all_rates = named(trainings[i], "learning_rate");
    if (!is_search(all_rates)) continue;
    const auto rates = thinned(all_rates);
    Curve curve{fmt::format("s{}", i % 7), {}};
    for (std::size_t k = 0; k < losses.size(); ++k)
      curve.points.push_back({rates[k].y, losses[k].y, losses[k].low, losses[k].high});
    panel.curves.push_back(std::move(curve));
  }
  return panel;
}

struct Lowest {
  LoggedNumber lowest, last;
};

std::optional<Lowest> lowest_of(const LoggedTraining& training) {
  const auto names = validations({training});
  if (names.empty()) return {};
  const auto numbers = named(training, names.front());
  const auto less = [](const LoggedNumber& a, const LoggedNumber& b) { return a.value < b.value; };
  return Lowest{*std::min_element(numbers.begin(), numbers.end(), less), numbers.back()};
}

}  // namespace

std::vector<Figure> training_figures(const std::vector<LoggedTraining>& trainings) {
  std::vector<Figure> figures;
  Panels validation;
  for (const auto& name : validations(trainings))
    add_panel(validation, trainings, name, without_prefix(name), false);
  Panels losses, updates;
  add_panel(losses, trainings, "loss", "loss", true);
  add_panel(updates, trainings, "gradient_norm", "norm of the gradient, before clipping", true);
  add_panel(updates, trainings, "learning_rate", "learning rate", false);
  append(figures,
         {.id = "loss",
          .title = "Loss",
          .caption = "Of the samples that are learned from. Where iterations are many, the curve "
                     "is the mean of neighbours and the band reaches from the smallest to the "
                     "largest."},
         losses, 1, 300, trainings);
  append(figures,
         {.id = "validation",
          .title = "Validation",
          .caption = "Of samples that are not learned from, with the running average of the "
                     "weights. The first panel is what the best weights are chosen by."},
         validation, 3, 220, trainings);
  if (auto panel = search_panel(trainings); !panel.curves.empty())
    append(figures,
           {.id = "search",
            .title = "Loss by learning rate",
            .caption = "A search: the rate rises in each update. Take a rate at which the loss "
                       "still falls fast, a few times smaller than that at which it is lowest."},
           {{std::move(panel)}, {}}, 1, 300, trainings);
  append(figures,
         {.id = "updates",
          .title = "Updates",
          .caption = "A gradient that grows for long announces that the training will fail."},
         updates, 2, 220, trainings);
  return figures;
}

std::vector<std::vector<std::string>> training_table(const std::vector<LoggedTraining>& trainings) {
  const auto names = validations(trainings);
  const std::string first = names.empty() ? "validation" : without_prefix(names.front());
  std::vector<std::vector<std::string>> rows{
      {"training", "iterations", "epochs", "last loss", "lowest " + first, "last " + first}};
  for (const auto& training : trainings) {
    const auto losses = named(training, "loss");
    if (losses.empty()) continue;
    const auto lowest = lowest_of(training);
    rows.push_back({training.name, std::to_string(losses.back().iteration),
                    fmt::format("{:.1f}", losses.back().epoch),
                    shown_value(thinned(losses).back().y),
                    lowest ? fmt::format("{} at iteration {}", shown_value(lowest->lowest.value),
                                         lowest->lowest.iteration)
                           : "",
                    lowest ? shown_value(lowest->last.value) : ""});
  }
  return rows;
}

std::string training_finding(const LoggedTraining& training) {
  const auto found = lowest_of(training);
  if (!found) return "There was no validation.";
  const auto& [lowest, last] = *found;
  std::string text = fmt::format("Lowest {}: {} at iteration {}", without_prefix(lowest.name),
                                 shown_value(lowest.value), lowest.iteration);
  if (last.iteration == lowest.iteration)
    return text + ", the last that was validated: it may fall further.";
  return text + fmt::format("; at iteration {} it was {}, {} higher.", last.iteration,
                            shown_value(last.value),
                            shown_percent(100.0 * (last.value / lowest.value - 1.0), 1));
}

}  // namespace ladcast
