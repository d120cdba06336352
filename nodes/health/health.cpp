#include "nodes/values/health.h"

#include "graph/node.h"
#include "nodes/health/checks.h"
#include "nodes/values/fields_payload.h"

namespace ladcast {
namespace {

class HealthNode final : public Node {
  Collect<Fields> forecast{this, "forecast", Axis::member,
                           "the members of an ensemble, physical units"};
  In<Fields> analysis{this, "analysis", "of the initial time: what a sound state looks like"};
  In<Fields> truth{this, "truth",
                   "fields of the valid time, without members where there are none: compared with "
                   "in place of the analysis, and with the spread",
                   kOptional};
  In<Fields> climatology{this, "climatology", "of the valid time: drift is measured from it",
                         kOptional};
  DetachedOut<Health> health{
      this, "health",
      "blurring, noise, ensemble collapse, poles, drift, frozen or turned maps, "
      "ranges: measures, bounds, verdicts"};

  void shape(Shape& shape) override {
    const Spec& members = shape.in(forecast);
    if (members.normalised)
      shape.error(forecast, "the forecast is normalised; health is that of physical values",
                  "take it after 'denormalise'");
    for (const InPort* port :
         std::initializer_list<const InPort*>{&analysis, &truth, &climatology}) {
      const std::string difference = shape.has(*port) ? shape.in(*port).difference(members) : "";
      if (!difference.empty())
        shape.error(
            *port,
            fmt::format("'{}' and 'forecast' cannot be compared: {}", port->name(), difference),
            "take both after 'regrid' or 'denormalise', on one grid");
    }
    constexpr std::size_t kChecksOfAChannel = 24;
    shape.out(health).bytes = members.channels.size() * kChecksOfAChannel * sizeof(HealthCheck);
  }

  const Fields* wired(const Task& task, const In<Fields>& port) const {
    return task.has(port) && !task.get(port).members.empty() ? &task.get(port) : nullptr;
  }

  void run(Task& task) const override {
    const HealthInput input{task.all(forecast), &task.get(analysis), wired(task, truth),
                            wired(task, climatology)};
    task.send(health, Health{checks_of_lead(input)});
  }
};

LADCAST_NODE(HealthNode, "health",
             "Looks for the known faults of learned forecasts: blurring, noise, ensemble collapse, "
             "artefacts at the poles, drift, frozen or turned maps, impossible values.");

}  // namespace
}  // namespace ladcast
