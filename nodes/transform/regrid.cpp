#include "nodes/values/regrid.h"

#include <cmath>

#include "graph/node.h"
#include "nodes/values/fields_payload.h"
#include "nodes/values/model_param.h"

namespace ladcast {
namespace {

/// Both poles and 0 E. Throws Error where `spacing` does not divide the globe.
Grid regular_grid(double spacing) {
  const double rows = 180 / spacing;
  if (std::abs(rows - std::round(rows)) > 1e-6) fail("{} does not divide 180 degrees", spacing);
  Grid grid;
  const auto steps = static_cast<int>(std::lround(rows));
  for (int i = 0; i <= steps; ++i) grid.latitude.push_back(-90 + 180.0 * i / steps);
  for (int i = 0; i < 2 * steps; ++i) grid.longitude.push_back(180.0 * i / steps);
  return grid;
}

Fields onto(const Fields& fields, const Grid& grid, RegridMethod method) {
  const Regridder regridder(fields.grid, grid, method);
  Fields result{grid,           fields.channels,   fields.init, fields.lead_hours,
                fields.members, fields.normalised, {}};
  result.allocate();
  for (std::size_t m = 0; m < fields.members.size(); ++m)
    for (std::size_t l = 0; l < fields.lead_hours.size(); ++l)
      for (std::size_t c = 0; c < fields.channels.size(); ++c)
        regridder.apply(fields.map(m, l, c), result.map(m, l, c));
  return result;
}

class Regrid final : public Node {
  In<Fields> fields{this, "fields", "physical units, on any global latitude-longitude grid"};
  Out<Fields> regridded{this, "regridded", "the same on the other grid"};
  Param<Model> model{this, "model", "onto the grid of this model's analyses", {.optional = true}};
  Param<double> spacing{
      this, "spacing", "onto a regular grid with points at 0 E and both poles, this far apart",
      ParamOptions<double>{.optional = true, .unit = "degrees", .min = 0.1, .max = 90.0}};
  Param<std::string> method{
      this,
      "method",
      "conservative: area-weighted means, as model input needs; bilinear: for products",
      {.fallback = "conservative", .choices = {"conservative", "bilinear"}}};

  Grid grid_;

  void shape(Shape& shape) override {
    if (model.has_value() == spacing.has_value()) {
      shape.error(model,
                  model.has_value() ? "both model and spacing say onto which grid"
                                    : "neither model nor spacing says onto which grid",
                  "write one of model = \"small-planet\" and spacing = 1.5");
      return;
    }
    const Spec& from = shape.in(fields);
    if (from.normalised)
      shape.error(fields, "the fields are normalised", "regrid before normalise");
    try {
      grid_ = model.has_value() ? model->grid : regular_grid(*spacing);
      describe_fields(shape.out(regridded), channels_of(from), grid_, false,
                      maps_of_a_channel(from), 1);
    } catch (const Error& error) {
      shape.error(spacing, error.what(), "take 1.5, 1, 0.25 or the like");
    }
    require_globe(shape, from);
    shape.out(regridded).history.push_back(
        fmt::format("regrid: {}, to {} x {} points where the grid differs", *method, grid_.rows(),
                    grid_.columns()));
  }

  void require_globe(Shape& shape, const Spec& from) const {
    if (from.coordinates.size() != 2) return;  // known when they are there
    const Grid grid{from.coordinates[0], from.coordinates[1]};
    try {
      if (!same_grid(grid, grid_)) require_global(grid, "grid of the fields");
    } catch (const Error& error) {
      shape.error(fields, error.what(),
                  "read fields of the whole globe; 'select' a region after regridding");
    }
  }

  void run(Task& task) const override {
    const Fields& given = task.get(fields);
    if (!given.members.empty() && !same_grid(given.grid, grid_)) {
      const auto how = *method == "bilinear" ? RegridMethod::bilinear : RegridMethod::conservative;
      task.send(regridded, onto(given, grid_, how));
      return;
    }
    Fields unchanged = task.take(fields);
    unchanged.grid = grid_;
    task.send(regridded, std::move(unchanged));
  }
};

LADCAST_NODE(Regrid, "regrid",
             "Brings fields onto another grid; those that are on it already stay as they are.");

}  // namespace
}  // namespace ladcast
