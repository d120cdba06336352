#include "graph/node.h"
#include "nodes/cyclones/track_errors.h"
#include "nodes/values/fields_payload.h"

namespace ladcast {
namespace {

const Channel kStrikes{"tropical_cyclone_strike_probability", {}, "1"};

class StrikeProbability final : public Node {
  Fold<Tracks> tracks{this, "tracks", Axis::member, "of the members of an ensemble"};
  Out<Fields> probability{
      this, "probability",
      "0 to 1: the share of members with a track that passes near, at any lead; "
      "as the analysis is, without a lead"};
  Param<double> distance{
      this, "distance", "of a track that strikes a place",
      ParamOptions<double>{.fallback = 120.0, .unit = "km", .min = 0.0, .max = 2000.0}};
  Param<double> step{
      this, "step", "of the grid, which is global",
      ParamOptions<double>{.fallback = 1.5, .unit = "degrees", .min = 0.1, .max = 10.0}};

  Grid grid() const {
    Grid grid;
    const int rows = static_cast<int>(180.0 / *step + 1e-9);
    const int columns = static_cast<int>(360.0 / *step + 1e-9);
    for (int row = 0; row <= rows; ++row)
      grid.latitude.push_back(-0.5 * rows * *step + row * *step);
    for (int column = 0; column < columns; ++column) grid.longitude.push_back(column * *step);
    return grid;
  }

  void shape(Shape& shape) override {
    if (std::abs(std::remainder(360.0, *step)) > 1e-6)
      shape.error(step, "no whole number of steps goes around the globe",
                  "take 0.5, 1, 1.5 or 2.5");
    describe_fields(shape.out(probability), {kStrikes}, grid(), false, 1, 1);
  }

  void fold(Task& task) const override {
    task.state<std::vector<Tracks>>().push_back(task.get(tracks));
  }

  void run(Task& task) const override {
    std::vector<const Tracks*> batches;
    for (const Tracks& batch : task.state<std::vector<Tracks>>()) batches.push_back(&batch);
    Fields map{grid(), {kStrikes}, task.init(), {0}, {0}, false, {}};
    std::vector<LatLon> places;
    for (const double latitude : map.grid.latitude)
      for (const double longitude : map.grid.longitude) places.push_back({latitude, longitude});
    map.values = strike_probability(together(batches), places, *distance);
    task.send(probability, std::move(map));
  }
};

LADCAST_NODE(StrikeProbability, "strike_probability",
             "A map of the probability that a cyclone passes near.");

}  // namespace
}  // namespace ladcast
