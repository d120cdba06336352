#include <chrono>
#include <thread>

#include "graph/node.h"
#include "nodes/values/fields_payload.h"

namespace ladcast {
namespace {

class Slow final : public Node {
  In<Fields> fields{this, "fields", "any"};
  Out<Fields> same{this, "same", "the same, later"};
  Param<int> milliseconds{this,
                          "milliseconds",
                          "to wait before each message is passed on",
                          {.fallback = 10, .unit = "ms", .min = 0}};

  void shape(Shape& shape) override { shape.out(same) = shape.in(fields); }
  void run(Task& task) const override {
    std::this_thread::sleep_for(std::chrono::milliseconds(*milliseconds));
    task.send(same, task.take(fields));
  }
};

LADCAST_NODE(Slow, "slow", "For tests: passes fields on after a while.");

}  // namespace
}  // namespace ladcast
