#include "graph/node.h"
#include "nodes/values/fields_payload.h"

namespace ladcast {
namespace {

class FailAt final : public Node {
  In<Fields> fields{this, "fields", "any"};
  Out<Fields> same{this, "same", "the same"};
  Param<std::string> init{this,
                          "init",
                          "initial time at which it fails, as 2002-01-11T00; any where left out",
                          {.fallback = "", .choices = {}}};
  Param<int> lead_hours{
      this, "lead_hours", "lead at which it fails", {.fallback = 0, .unit = "h", .min = 0}};

  void shape(Shape& shape) override { shape.out(same) = shape.in(fields); }
  void run(Task& task) const override {
    const bool now = init->empty() || parse_time(*init) == task.init();
    if (now && task.lead_hours() == *lead_hours) fail("a failure, as the pipeline asks");
    task.send(same, task.take(fields));
  }
};

LADCAST_NODE(FailAt, "fail_at", "For tests: passes fields on, and fails at one initial time.");

}  // namespace
}  // namespace ladcast
