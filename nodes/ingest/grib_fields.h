// Fields of GRIB1 and GRIB2 files. Thread rule: as GribReader.
#pragma once

#include <filesystem>

#include "nodes/ingest/field_files.h"

namespace ladcast {

/// All messages of one file, or of all that match a pattern; each call goes through them.
///
/// A message is known by its ECMWF paramId, then by its GRIB2 numbers and surface. Levels count on
/// isobaric surfaces only. Values come in the channel's units and in Grid's orientation, NaN where
/// the bitmap says missing. 6 h sums need a step range of 6 h. Members are the perturbation
/// numbers, {0} where there are none. Variables with an equivalent (geopotential height) are read
/// from it where they are not there themselves. A static channel is read at the first time of the
/// files where they lack the one that is wanted. All throw Error also where two messages hold the
/// same channel, naming both, and where a message is damaged.
class GribFiles final : public FieldFiles {
 public:
  explicit GribFiles(std::filesystem::path pattern) : pattern_(std::move(pattern)) {}

  Fields read(const FieldsRequest& request) const override;
  void require(const FieldsRequest& request) const override;
  std::set<Time> times_of(const Channel& channel) const override;
  /// That of the first message that holds the channel.
  Grid grid_of(const Channel& channel, const std::optional<Grid>& reduced_onto) const override;

 private:
  std::filesystem::path pattern_;
};

}  // namespace ladcast
