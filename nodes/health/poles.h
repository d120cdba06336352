// Artefacts at the poles, where a convolution on a latitude-longitude grid has no neighbours.
#pragma once

#include "nodes/health/health_input.h"

namespace ladcast {

/// Of the rows r0, r1, r2, r3 from each pole (the first four without missing values, r0 within 10
/// degrees of the pole), pooled over members, against the truth of the lead, else the analysis:
///
/// "jump of the polar row": [r0] - 2 [r1] + [r2], [] being the mean along a row and over members,
/// less that of the reference; in units of the root mean square of the same in the reference over
/// rows poleward of 45 degrees and 0.01 standard deviations of the globe together. Within +-11 g,
/// +-20 g, g = natural_change(lead): on the small planet the largest of 130,000 is 11.3, on ERA5
/// (pressure, vorticity) 11.6. A row that is off by 0.5 standard deviations of the globe shows in
/// the smoothest channels, by 2 in most.
///
/// "roughness along the polar row": standard deviation along r0 by that along r1, both without the
/// waves 0 to 3. A wave of one number is shorter, so weaker, on the shorter circle: 0.2 on average
/// on the small planet, at most 1.3, in states of ERA5 and GFS at most 0.9, and 0 where r0 is the
/// pole. At most 1.3, 2.5, or where the reference has more than half of that, 2 and 4 times as
/// much. At least 0.02, 0.005 where the reference has more: a constant row; the planet has 0.03 and
/// more. Precipitation is patchy and has up to 2.5: twice the upper limits, no lower ones. Noise of
/// 0.05 standard deviations of the globe in the row shows in some channels, of 0.2 in most.
///
/// "kink at the polar row": root mean square of r0 - 2 r1 + r2 along the row by that of r1 - 2 r2 +
/// r3: also where each member is off in another way. 0.1 to 3.9 on both planets; at most 4, 8, or
/// where the reference has more than half of that, 2 and 4 times as much.
///
/// "…, worst member", from three members on: the latter two of one member, upper limits 1.5 times
/// as wide. Deviations below 1e-4 standard deviations of the globe count as rounding. Nothing is
/// checked on a grid that is not global.
void check_poles(const HealthInput& input, HealthChecks& checks);

}  // namespace ladcast
