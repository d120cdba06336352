#include "graph/node.h"
#include "nodes/values/fields_payload.h"

namespace ladcast {
namespace {

class CollectFields final : public Ordered {
 public:
  CollectFields() : Ordered(Within::plan) {}

 private:
  In<Fields> fields{this, "fields", "any"};
  void run(Task&) override {}
};

LADCAST_NODE(CollectFields, "collect", "For tests: takes fields in the place of a file.");

}  // namespace
}  // namespace ladcast
