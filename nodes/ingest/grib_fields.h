// Fields of GRIB1 and GRIB2 files. Thread rule: as GribReader.
#pragma once

#include <filesystem>

#include "nodes/ingest/fields_request.h"
#include "nodes/values/fields.h"

namespace ladcast {

/// Reads the channels of `request` at its valid time from all messages of the files that match
/// `path`.
///
/// A message is known by its ECMWF paramId, then by its GRIB2 numbers and surface. Levels count on
/// isobaric surfaces only. Values come in the channel's units and in Grid's orientation, NaN where
/// the bitmap says missing. 6 h sums need a step range of 6 h. Members are the perturbation
/// numbers, {0} where there are none. Variables with an equivalent (geopotential height) are read
/// from it where they are not there themselves. Throws one Error that names every absent channel;
/// Error where two messages hold the same channel, naming both, and where a message is damaged.
Fields read_grib(const std::filesystem::path& path, const FieldsRequest& request);

/// The grid of the first message that holds `channel`, at any time; `reduced_onto` as read_map has
/// it. Throws Error.
Grid grib_grid(const std::filesystem::path& path, const Channel& channel,
               const std::optional<Grid>& reduced_onto);

}  // namespace ladcast
