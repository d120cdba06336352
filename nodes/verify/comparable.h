// Whether fields can be scored against each other, point by point.
#pragma once

#include <optional>
#include <string>

#include "graph/spec.h"
#include "nodes/values/grid.h"

namespace ladcast {

/// "121 x 240 points, -90 to 90 N, 0 to 358.5 E".
std::string to_string(const Grid& grid);

struct Mismatch {
  std::string what, cure;
};

/// What keeps `fields`, called `name`, from being compared with `other`: the grids, the channels
/// that one of them lacks, or their scaling. Nothing where they can be compared.
std::optional<Mismatch> mismatch(const std::string& name, const Spec& fields,
                                 const std::string& other_name, const Spec& other);

}  // namespace ladcast
