#include "graph/plugin.h"

LADCAST_PLUGIN("comfort", "1.0");
