#include "graph/plugin.h"

LADCAST_PLUGIN("empty", "1.0");
