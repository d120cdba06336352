// The frame of GRIB2 messages.
#pragma once

#include <filesystem>

namespace ladcast {

/// Throws Error at the first GRIB2 message whose sections do not add up to its length: ecCodes
/// (2.28), which splits messages with several fields by them, crashes there or never ends. Messages
/// that are cut off are left to it, as is GRIB1.
void require_whole_sections(const std::filesystem::path& path);

}  // namespace ladcast
