#include "tests/graph/plugins/idle.h"

namespace ladcast {

void of_a_later_engine();

namespace {

class Unresolved final : public Idle {
  void open() override { of_a_later_engine(); }
};

LADCAST_NODE(Unresolved, "unresolved", "Calls what the program does not have.");

}  // namespace
}  // namespace ladcast

LADCAST_PLUGIN("unresolved", "1.0");
