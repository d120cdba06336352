// All that a node file needs: ports, parameters, tasks and registration.
#pragma once

#include "graph/error.h"
#include "graph/param.h"
#include "graph/port.h"
#include "graph/registry.h"
#include "graph/stage.h"
#include "graph/task.h"
