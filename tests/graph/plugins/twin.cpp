#include "tests/graph/plugins/idle.h"

namespace ladcast {
LADCAST_NODE(Idle, "twice", "Has the name of another plugin's type.");
}  // namespace ladcast

LADCAST_PLUGIN("twin", "1.0");
