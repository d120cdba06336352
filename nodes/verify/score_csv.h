// Scores read back from the tables that csv_out writes.
#pragma once

#include <filesystem>
#include <vector>

#include "nodes/values/scores.h"

namespace ladcast {

/// The rows of the file in their order; columns are found by their names and further ones are
/// ignored, 'event' and 'bin' may be absent. An empty value is NaN. Throws Error, with the line.
std::vector<ScoreRow> read_score_csv(const std::filesystem::path& path);

}  // namespace ladcast
