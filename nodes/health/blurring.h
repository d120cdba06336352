// Blurring and noise: short waves that the forecast has lost, or made up.
#pragma once

#include "nodes/health/health_input.h"

namespace ladcast {

/// Zonal power (nodes/verify/zonal_spectra.h) over rows from 30 to 60 degrees of both hemispheres,
/// in the octaves of wavenumbers that end with L/2, L/4 and L/8 of L longitudes. Less than that of
/// a sound state has the signature of blurring, more that of noise:
///
/// "power": mean over members by that of the truth of the lead, else of the analysis. Bounds
/// exp(+-4 s), exp(+-6 s), s = 0.36 natural_change(lead): the logarithm's standard deviation
/// between states of the small planet weeks apart is 0.28 to 0.37, between those of ERA5 0.16 to
/// 0.28 (pressure, vorticity). At 6 h that is a factor of 2.1, after days of 4.2.
///
/// "power, all channels": its geometric mean over channels, where there are 8 or more, as blurred
/// members lose power in all. Bounds exp(+-3.2 s), exp(+-5 s), s = 0.25 natural_change(lead): at 6
/// h a factor of 1.5, after days of 2.2: a filter shows that leaves less than half of the power of
/// the shortest waves.
///
/// "power, weakest member", from three members on: the geometric mean over channels of a member's
/// power by the members' median, the least of them. At least exp(-4 s), exp(-6 s), s = 0.25 with 8
/// channels or more, else 0.36: one member with a third, or a quarter, of the others' power.
///
/// "power, strongest member": the same of the highest of them. At most exp(4 s), exp(6 s).
///
/// White noise of 0.05 standard deviations of the globe shows in some channels and in all together,
/// of 0.02 in the smoothest alone.
///
/// Amplitudes below 1e-4 standard deviations of the globe count as rounding. Nothing is checked on
/// a grid that is not global or has fewer than 16 longitudes.
void check_blurring(const HealthInput& input, HealthChecks& checks);

}  // namespace ladcast
