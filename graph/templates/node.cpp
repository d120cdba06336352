#include "graph/node.h"
#include "nodes/values/fields_payload.h"

namespace ladcast {
namespace {

class @CLASS@ final : public Node {
  In<Fields> fields{this, "fields", "any fields"};
  Out<Fields> result{this, "result", "each value times the factor"};
  Param<double> factor{this, "factor", "what values are multiplied by", {.fallback = 1.0}};

  void shape(Shape& shape) override { shape.out(result) = shape.in(fields); }

  void run(Task& task) const override {
    Fields scaled = task.take(fields);
    for (float& value : scaled.values) value *= static_cast<float>(*factor);
    task.send(result, std::move(scaled));
  }
};

LADCAST_NODE(@CLASS@, "@NAME@", "Multiplies fields by a factor.");

}  // namespace
}  // namespace ladcast
