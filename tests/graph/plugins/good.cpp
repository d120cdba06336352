#include "graph/node.h"
#include "graph/plugin.h"
#include "nodes/values/fields_payload.h"

namespace ladcast {
namespace {

class Twice final : public Node {
  In<Fields> fields{this, "fields", "any"};
  Out<Fields> doubled{this, "doubled", "twice as large"};

  void shape(Shape& shape) override { shape.out(doubled) = shape.in(fields); }
  void run(Task& task) const override {
    Fields result = task.take(fields);
    for (float& value : result.values) value *= 2;
    task.send(doubled, std::move(result));
  }
};

LADCAST_NODE(Twice, "twice", "Doubles fields.");

}  // namespace
}  // namespace ladcast

LADCAST_PLUGIN("good", "1.0");
