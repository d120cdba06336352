// The weights with which a training begins.
#pragma once

#include <cstdint>

#include "nodes/ladcast/weights.h"

namespace ladcast {

/// Fills a network as PyTorch does where nothing else is said: matrices, kernels and biases uniform
/// within 1 / sqrt(inputs of an output), scales of norms 1, shifts of norms 0. Each tensor is drawn
/// from the seed and its name alone.
void start_at_random(const DescribeNetwork& describe, std::uint64_t seed);

}  // namespace ladcast
