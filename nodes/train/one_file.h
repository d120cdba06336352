// What sinks ask that bring all initial times of analyses into one file.
#pragma once

#include "graph/node.h"

namespace ladcast {

/// Reports leads, members, and a path that names an axis. `what` is "the statistics", for example.
inline void require_one_of_analyses(Shape& shape, const InPort& port,
                                    const Param<PathPattern>& path, const std::string& what) {
  const Axes& axes = shape.in(port).axes;
  if (!axes.leads.empty() || axes.batch)
    shape.error(port, what + " are made of analyses, not of forecasts",
                "read the analyses with at = \"init\", and name their times in run.inits");
  if (path->has("init") || path->has("member") || path->has("lead"))
    shape.error(path, "one file holds " + what + " of all initial times",
                "leave {init}, {member} and {lead} out of the path");
}

}  // namespace ladcast
