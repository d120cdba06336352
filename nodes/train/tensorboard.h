// Files of events that TensorBoard reads: TFRecord records with a protocol buffer each.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "nodes/train/training_step.h"

namespace ladcast {

/// The record with which a file of events begins. `seconds` since 1970.
std::string begin_events(double seconds);

/// A record for each number: its iteration is the step, its name the tag, with "/" after
/// "validation" so that these form a group.
std::string to_events(const std::vector<LoggedNumber>& numbers, double seconds);

/// CRC-32C of Castagnoli, reflected, as TFRecord takes it.
std::uint32_t crc32c(std::string_view bytes);

}  // namespace ladcast
