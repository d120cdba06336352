#include "nodes/values/scores.h"

#include <algorithm>

#include "graph/node.h"
#include "nodes/values/fields_payload.h"
#include "nodes/verify/latitude_weights.h"
#include "nodes/verify/score_rows.h"

namespace ladcast {
namespace {

class ScoresNode final : public Node {
  Collect<Fields> forecast{this, "forecast", Axis::member, "the members of an ensemble"};
  In<Fields> truth{this, "truth", "fields of the valid time; without members where there are none"};
  In<Fields> analysis{this, "analysis", "of the initial time: scored as persistence", kOptional};
  In<Fields> climatology{this, "climatology", "of the valid time: scored itself, and gives acc",
                         kOptional};
  DetachedOut<Scores> scores{this, "scores",
                             "rmse, bias, mae, crps_fair, spread, spread_skill, acc"};
  Param<std::string> weights{this,
                             "weights",
                             "of latitude rows: area of the cells, wb2 (area, the outer rows reach "
                             "to the poles) or the cosine of latitude",
                             {.fallback = "area", .choices = {"area", "wb2", "cos"}}};
  Param<std::string> name{this,
                          "name",
                          "what the forecast is called in the table",
                          {.fallback = "model", .choices = {}}};

  void shape(Shape& shape) override {
    for (const InPort* port :
         std::initializer_list<const InPort*>{&truth, &analysis, &climatology}) {
      const std::string difference =
          shape.has(*port) ? shape.in(*port).difference(shape.in(forecast)) : "";
      if (difference.empty()) continue;
      shape.error(
          *port,
          fmt::format("'{}' and 'forecast' cannot be compared: {}", port->name(), difference),
          "take both before, or both after, 'normalise' and 'select'");
    }
    const Spec& members = shape.in(forecast);
    if (*weights == "wb2" && !members.coordinates.empty() && !near_poles(members.coordinates[0]))
      shape.error(weights, "the outer rows of a region do not reach to the poles",
                  "write weights = \"area\"");
    const std::size_t rows = 7 * 3 * shape.in(forecast).channels.size();
    shape.out(scores).bytes = rows * sizeof(ScoreRow);
  }

  /// Whether a pole is at most a row and a half away from both ends.
  static bool near_poles(const std::vector<double>& latitude) {
    const double row = (latitude.back() - latitude.front()) /
                       static_cast<double>(std::max<std::size_t>(latitude.size(), 2) - 1);
    return std::max(latitude.front() + 90, 90 - latitude.back()) <= 1.5 * row;
  }

  void run(Task& task) const override {
    const Fields& observed = task.get(truth);
    Scores result;
    if (!observed.members.empty()) {
      const MapScorer scorer(observed.grid, parse_latitude_weighting(*weights));
      const bool has_climate = task.has(climatology) && !task.get(climatology).members.empty();
      const Fields* climate = has_climate ? &task.get(climatology) : nullptr;
      std::vector<NamedForecast> forecasts{{*name, task.all(forecast)}};
      if (task.has(analysis)) forecasts.push_back({"persistence", {&task.get(analysis)}});
      if (climate != nullptr) forecasts.push_back({"climatology", {climate}});
      for (const auto& each : forecasts)
        append_score_rows(result.rows, each, observed, climate, scorer);
    }
    task.send(scores, std::move(result));
  }
};

LADCAST_NODE(ScoresNode, "scores", "Scores an ensemble against the truth, map by map.");

}  // namespace
}  // namespace ladcast
