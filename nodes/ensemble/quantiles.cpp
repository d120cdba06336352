#include <algorithm>

#include "graph/node.h"
#include "nodes/ensemble/member_values.h"
#include "nodes/values/fields_payload.h"

namespace ladcast {
namespace {

class Quantiles final : public Node {
  using Percentiles = std::vector<double>;

  Fold<Fields> fields{this, "fields", Axis::member, "the members of an ensemble, at least one"};
  Out<Fields> quantiles{this, "quantiles",
                        "over the members that are there at each point; all channels for the first "
                        "percentile, then for the next"};
  Param<Percentiles> percentiles{
      this, "percentiles",
      "which ones; linear between the members in ascending order (Hyndman and Fan's type 7, "
      "NumPy's default)",
      ParamOptions<Percentiles>{.fallback = Percentiles{10, 25, 50, 75, 90}, .unit = "%"}};

  std::size_t members_bytes_ = 0;  // of all members, known once the shape is

  void shape(Shape& shape) override {
    check_percentiles(shape);
    const Spec& members = shape.in(fields);
    const Plan& plan = shape.plan();
    const std::size_t one = members.bytes / static_cast<std::size_t>(plan.largest_batch());
    members_bytes_ = one * static_cast<std::size_t>(plan.members());
    Spec& spec = shape.out(quantiles);
    spec.shape = members.shape;
    spec.coordinates = members.coordinates;
    spec.normalised = members.normalised;
    spec.bytes = one * percentiles->size();
    try {
      std::vector<Channel> channels;
      for (const double percentile : *percentiles) {
        for (Channel channel : channels_of(members)) {
          channel.statistic = Statistic{Statistic::Kind::percentile, percentile};
          channels.push_back(std::move(channel));
        }
      }
      describe_channels(spec, channels);
    } catch (const Error& error) {
      shape.error(fields, error.what(), "read fields of the variables that are known");
    }
  }

  void check_percentiles(Shape& shape) const {
    if (percentiles->empty())
      shape.error(percentiles, "there are no percentiles", "write percentiles = [10, 50, 90]");
    for (auto p = percentiles->begin(); p != percentiles->end(); ++p) {
      if (!(*p >= 0 && *p <= 100))
        shape.error(percentiles, fmt::format("{} is not a percentile", *p), "take 0 to 100");
      if (std::find(percentiles->begin(), p, *p) != p)
        shape.error(percentiles, fmt::format("percentile {} is named twice", *p),
                    "name each one once");
    }
  }

  Memory memory() const override { return {.state = members_bytes_}; }

  void fold(Task& task) const override { task.state<MemberValues>().add(task.get(fields)); }

  void run(Task& task) const override {
    task.send(quantiles, task.state<MemberValues>().percentiles(*percentiles));
  }
};

LADCAST_NODE(Quantiles, "quantiles", "Percentiles over the members, point by point.");

}  // namespace
}  // namespace ladcast
