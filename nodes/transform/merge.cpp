#include <algorithm>
#include <numeric>

#include "graph/node.h"
#include "nodes/values/fields_payload.h"
#include "nodes/values/model_param.h"
#include "nodes/values/regrid.h"

namespace ladcast {
namespace {

class Merge final : public Node {
  In<Fields> fields{this, "fields", "any fields"};
  In<Fields> others{this, "others", "fields of other channels, on the same grid"};
  Out<Fields> merged{this, "merged", "the channels of both"};
  Param<Model> model{this,
                     "model",
                     "whose order of channels to keep; else those of `fields` first",
                     {.optional = true}};

  std::vector<std::size_t> order_;  // of the channels of both, one after the other

  void shape(Shape& shape) override {
    const Spec &first = shape.in(fields), &second = shape.in(others);
    for (const std::string& channel : second.channels)
      if (std::find(first.channels.begin(), first.channels.end(), channel) != first.channels.end())
        shape.error(others, fmt::format("both inputs have {}", channel),
                    "leave it out of one: without = […] of a reader, or 'select'");
    Spec like_second = first;
    like_second.channels = second.channels;
    if (const auto difference = like_second.difference(second); !difference.empty())
      shape.error(others, "the inputs do not fit: " + difference,
                  "bring both onto one grid with 'regrid', before 'normalise'");
    Spec& both = shape.out(merged);
    std::vector<std::string> all = first.channels;
    all.insert(all.end(), second.channels.begin(), second.channels.end());
    order_ = order_of(all);
    for (const std::size_t c : order_) both.channels.push_back(all[c]);
    both.shape = first.shape;
    both.coordinates = first.coordinates;
    both.normalised = first.normalised;
    both.bytes = first.bytes / first.channels.size() * both.channels.size();
  }

  /// The model's channels in its order, then the others.
  std::vector<std::size_t> order_of(const std::vector<std::string>& channels) const {
    std::vector<std::string> wanted;
    if (model.has_value()) {
      Spec spec;
      describe_channels(spec, model->channels);
      wanted = spec.channels;
    }
    std::vector<std::size_t> order(channels.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    const auto rank = [&](std::size_t c) {
      return std::find(wanted.begin(), wanted.end(), channels[c]) - wanted.begin();
    };
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return rank(a) < rank(b); });
    return order;
  }

  void run(Task& task) const override {
    const Fields &first = task.get(fields), &second = task.get(others);
    if (!same_grid(first.grid, second.grid))
      fail("the two inputs are on different grids; 'regrid' brings both onto one");
    if (first.lead_hours != second.lead_hours || first.members != second.members)
      fail("the two inputs differ in leads or members");
    Fields both = first;
    both.channels.clear();
    both.values.clear();
    const std::size_t count = first.channels.size();
    for (const std::size_t c : order_)
      both.channels.push_back(c < count ? first.channels[c] : second.channels[c - count]);
    for (std::size_t m = 0; m < first.members.size(); ++m)
      for (std::size_t l = 0; l < first.lead_hours.size(); ++l)
        for (const std::size_t c : order_) {
          const auto map = c < count ? first.map(m, l, c) : second.map(m, l, c - count);
          both.values.insert(both.values.end(), map.begin(), map.end());
        }
    task.send(merged, std::move(both));
  }
};

LADCAST_NODE(Merge, "merge",
             "Puts the channels of two messages into one: an analysis, and what it lacks from "
             "other files.");

}  // namespace
}  // namespace ladcast
