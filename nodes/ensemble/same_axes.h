// What the folds over members have in common.
#pragma once

#include "nodes/values/fields.h"

namespace ladcast {

/// The grid, channels, times and scaling of `batch`, one member {0} and no values.
Fields without_values(const Fields& batch);

/// Throws Error where grid, channels, times or scaling of `batch` are not those of `like`.
void require_same_axes(const Fields& batch, const Fields& like);

}  // namespace ladcast
