#include "tests/graph/plugins/idle.h"

namespace ladcast {
namespace {

class Throws final : public Idle {
  void open() override { fail("the plugin's own trouble with {}", "a file"); }
};

LADCAST_NODE(Throws, "throws", "Does not open.");

}  // namespace
}  // namespace ladcast

LADCAST_PLUGIN("throws", "1.0");
