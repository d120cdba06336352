// The ascending fit behind reliability diagrams without bins (CORP).
#pragma once

#include <span>
#include <vector>

namespace ladcast {

/// The values g_1 <= g_2 <= … of least sum w_i (y_i - g_i)^2, by pooling adjacent violators
/// (Ayer et al. 1955, doi:10.1214/aoms/1177728423; Dimitriadis et al. 2021,
/// doi:10.1073/pnas.2016191118, for its use on outcomes in the order of their probabilities). No
/// weights are equal weights. A value that is NaN takes no part and its fit is NaN.
/// Throws Error for another number of weights or a weight that is not positive.
std::vector<double> isotonic_regression(std::span<const double> values,
                                        std::span<const double> weights = {});

}  // namespace ladcast
