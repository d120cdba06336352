#include "graph/plugin.h"

LADCAST_PLUGIN("my_node", "1.0");
