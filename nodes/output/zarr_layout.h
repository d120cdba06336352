// The metadata and coordinates of a ZarrStore.
#pragma once

#include <filesystem>
#include <string>

#include "nodes/output/zarr_store.h"

namespace ladcast {

/// The name of an array: that of WeatherBench 2, and what tells a statistic.
std::string array_name_of(const FileVariable& variable);

/// Writes .zgroup, .zattrs, the coordinates, and the metadata of all variables. Throws Error.
void write_layout(const std::filesystem::path& store, const ZarrStoreSpec& spec);

}  // namespace ladcast
