// The thickness of the layer between two pressure levels, (z_upper - z_lower) / g, in metres. By
// the hypsometric equation it measures the layer's mean virtual temperature: 850 to 500 hPa is the
// classic.

#include "graph/node.h"
#include "graph/plugin.h"
#include "nodes/values/fields_payload.h"

namespace ladcast {
namespace {

constexpr float kGravity = 9.80665F;  // m s-2, standard

class Thickness final : public Node {
  In<Fields> fields{this, "fields", "physical units, with geopotential on both levels"};
  Out<Fields> thickness{this, "thickness", "of the layer, in m"};
  Param<int> upper{this, "upper", "the level above",
                   ParamOptions<int>{.fallback = 500, .unit = "hPa"}};
  Param<int> lower{this, "lower", "the level below",
                   ParamOptions<int>{.fallback = 850, .unit = "hPa"}};

  std::vector<Channel> result() const {
    return {{fmt::format("thickness_{}_{}", *lower, *upper), {}, "m"}};
  }

  static std::size_t find(const std::vector<Channel>& channels, int level) {
    for (std::size_t i = 0; i < channels.size(); ++i)
      if (channels[i].name == "geopotential" && channels[i].level == level) return i;
    fail("the fields have no geopotential {} hPa", level);
  }

  void shape(Shape& shape) override {
    const Spec& spec = shape.in(fields);
    if (spec.normalised)
      shape.error(fields, "the fields are normalised", "take them after 'denormalise'");
    for (const auto* level : {&upper, &lower}) {
      try {
        find(channels_of(spec), **level);
      } catch (const Error& error) {
        shape.error(*level, error.what(), fmt::format("take a level of {}", spec.channels.front()));
      }
    }
    Spec& out = shape.out(thickness);
    out.channels = {result()[0].name + " [m]"};
    out.shape = spec.shape;
    out.coordinates = spec.coordinates;
    out.bytes = spec.bytes / std::max<std::size_t>(1, spec.channels.size());
  }

  void run(Task& task) const override {
    const Fields& all = task.get(fields);
    const std::size_t top = find(all.channels, *upper), bottom = find(all.channels, *lower);
    Fields layer{all.grid, result(), all.init, all.lead_hours, all.members, false, {}};
    layer.allocate();
    for (std::size_t m = 0; m < all.members.size(); ++m)
      for (std::size_t l = 0; l < all.lead_hours.size(); ++l)
        for (std::size_t i = 0; i < all.grid.points(); ++i)
          layer.map(m, l, 0)[i] = (all.map(m, l, top)[i] - all.map(m, l, bottom)[i]) / kGravity;
    task.send(thickness, std::move(layer));
  }
};

LADCAST_NODE(Thickness, "thickness", "Computes the thickness of the layer between two levels.");

}  // namespace
}  // namespace ladcast

LADCAST_PLUGIN("thickness", "1.0");
