#include <algorithm>

#include "graph/node.h"
#include "nodes/values/fields_payload.h"

namespace ladcast {
namespace {

class Merge final : public Node {
  In<Fields> fields{this, "fields", "any fields"};
  In<Fields> others{this, "others", "fields of other channels, on the same grid"};
  Out<Fields> merged{this, "merged", "the channels of both"};

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
    both.channels = first.channels;
    both.channels.insert(both.channels.end(), second.channels.begin(), second.channels.end());
    both.shape = first.shape;
    both.coordinates = first.coordinates;
    both.normalised = first.normalised;
    both.bytes = first.bytes / first.channels.size() * both.channels.size();
  }

  void run(Task& task) const override {
    const Fields &first = task.get(fields), &second = task.get(others);
    if (first.grid != second.grid) fail("the two inputs are on different grids");
    if (first.lead_hours != second.lead_hours || first.members != second.members)
      fail("the two inputs differ in leads or members");
    Fields both = first;
    both.channels.insert(both.channels.end(), second.channels.begin(), second.channels.end());
    both.values.clear();
    for (std::size_t m = 0; m < first.members.size(); ++m)
      for (std::size_t l = 0; l < first.lead_hours.size(); ++l)
        for (const Fields* from : {&first, &second})
          for (std::size_t c = 0; c < from->channels.size(); ++c) {
            const auto map = from->map(m, l, c);
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
