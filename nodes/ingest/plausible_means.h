// Whether maps can be what their file says: units that are wrong show in the mean of the globe.
#pragma once

#include "nodes/values/channel.h"
#include "nodes/values/fields.h"

namespace ladcast {

/// Throws Error with the channel, the mean, what it may be and the cure where the mean over the
/// globe of a map cannot be that of its channel in its units. Maps of a region, of fewer than
/// 8 x 8 points, and statistics of an ensemble but its mean, are not judged. "m/s" in place of
/// knots and the like are too near to be told.
void require_plausible_means(const Fields& fields);

}  // namespace ladcast
