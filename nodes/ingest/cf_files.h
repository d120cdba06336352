// NetCDF files and Zarr stores as FieldFiles.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "nodes/ingest/cf_fields.h"
#include "nodes/ingest/field_files.h"

namespace ladcast {

/// A channel is in one of the files; that it is in two is an Error that names both.
class CfFiles final : public FieldFiles {
 public:
  using Open = std::unique_ptr<const CfFile> (*)(const std::filesystem::path&);

  CfFiles(const std::filesystem::path& pattern, Open open);

  Fields read(const FieldsRequest& request) const override;
  void require(const FieldsRequest& request) const override { find_all(request); }
  std::set<Time> times_of(const Channel& channel) const override;
  Grid grid_of(const Channel& channel, const std::optional<Grid>& reduced_onto) const override;

 private:
  /// The file that has a channel, and where in it.
  struct Place {
    const CfFields* file;
    CfFields::Slice slice;
  };
  Place find(const Channel& channel, const FieldsRequest& request) const;
  std::vector<Place> find_all(const FieldsRequest& request) const;
  void let_go_all_but(const CfFields& kept) const;

  std::string name_;
  std::vector<CfFields> files_;
};

/// A Zarr store where the path is a folder, else a NetCDF file. Throws Error.
std::unique_ptr<const CfFile> open_cf(const std::filesystem::path& path);

/// What tells the contents of all that match `pattern`: NetCDF files themselves, but of Zarr
/// stores, which are too large to hash, their metadata. None where nothing matches.
std::vector<std::filesystem::path> identifying_files(const std::filesystem::path& pattern);

}  // namespace ladcast
