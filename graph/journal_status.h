// What a journal says of its run.
#pragma once

#include <filesystem>
#include <string>

namespace ladcast {

/// What `ladcast-flow status` prints of a journal's folder or file. Throws Error.
std::string journal_status(const std::filesystem::path& journal);

/// Whether a folder holds the journal of a run that has done something and has not ended.
bool holds_unfinished_run(const std::filesystem::path& folder);

}  // namespace ladcast
