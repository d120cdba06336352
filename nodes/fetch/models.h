// The commands `models` and `fetch`.
#pragma once

#include <string>

#include "graph/models.h"

namespace ladcast {

/// Each model that can be found: name, title, licence, folder, and which files are missing.
std::string list_models();

/// Brings a model's files into the cache or another folder; see FetchCommand.
int fetch_model(const FetchCommand& command, const Streams& streams);

}  // namespace ladcast
