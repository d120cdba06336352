#include "tests/graph/plugins/idle.h"

namespace ladcast {
LADCAST_NODE(Idle, "of_the_program", "Has the name of the program's own type.");
}  // namespace ladcast

LADCAST_PLUGIN("impostor", "1.0");
