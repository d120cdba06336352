#include "graph/node.h"
#include "nodes/ensemble/moments.h"
#include "nodes/values/fields_payload.h"

namespace ladcast {
namespace {

class EnsembleMoments final : public Node {
  Fold<Fields> fields{this, "fields", Axis::member, "the members of an ensemble, at least one"};
  Out<Fields> mean{this, "mean", "over the members that are there at each point", kOptional};
  Out<Fields> standard_deviation{this, "standard_deviation",
                                 "over members - 1; missing with fewer than two", kOptional};

  std::size_t values_ = 0;  // of one member, known once the shape is

  void shape(Shape& shape) override {
    describe(shape, mean, Statistic::Kind::mean);
    describe(shape, standard_deviation, Statistic::Kind::standard_deviation);
  }
  void describe(Shape& shape, const OutPort& port, Statistic::Kind kind) {
    const Spec& members = shape.in(fields);
    Spec& spec = shape.out(port);
    const Axes axes = spec.axes;
    spec = members;
    spec.axes = axes;
    spec.bytes = members.bytes / static_cast<std::size_t>(shape.plan().largest_batch());
    values_ = spec.bytes / sizeof(float);
    try {
      std::vector<Channel> channels = channels_of(members);
      for (Channel& channel : channels) channel.statistic = Statistic{kind};
      describe_channels(spec, channels);
    } catch (const Error& error) {
      shape.error(fields, error.what(), "read fields of the variables that are known");
    }
  }
  Memory memory() const override { return {.state = MemberMoments::bytes(values_)}; }

  void fold(Task& task) const override { task.state<MemberMoments>().add(task.get(fields)); }

  void run(Task& task) const override {
    const auto& moments = task.state<MemberMoments>();
    task.send(mean, moments.mean());
    task.send(standard_deviation, moments.standard_deviation());
  }
};

LADCAST_NODE(EnsembleMoments, "ensemble_moments",
             "Mean and standard deviation over the members, point by point.");

}  // namespace
}  // namespace ladcast
