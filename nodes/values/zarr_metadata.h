// What the JSON files of a Zarr store say, versions 2 and 3.
// https://zarr-specs.readthedocs.io
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "nodes/values/zarr_codec.h"

namespace ladcast {

/// How one number is stored.
struct ZarrType {
  enum class Kind { integer, natural, real, boolean } kind = Kind::real;
  std::size_t bytes = 4;
  bool big_endian = false;
};

struct ZarrArray {
  std::string name;
  std::vector<std::size_t> shape, chunk;  // by dimension; of the whole, of one chunk
  std::vector<std::string> dimensions;    // "dim_0" where there is no name
  ZarrType type;
  std::optional<double> fill;    // where nothing was written; 0 where there is none
  bool fill_is_missing = false;  // as xarray takes it in version 2
  ZarrCodec codec = ZarrCodec::none;
  std::vector<std::size_t> nesting;  // the dimensions inside a chunk, the slowest first
  std::string key_prefix;            // of the path of a chunk: "" or "c"
  std::string key_separator = ".";
  std::map<std::string, std::string> texts;  // attributes
  std::map<std::string, double> numbers;     // attributes
  std::string unsupported;                   // why its values cannot be read; empty if they can

  std::size_t chunk_values() const;
  std::size_t chunk_bytes() const { return chunk_values() * type.bytes; }
};

/// The arrays of the group in `folder`, by name; those of groups inside it are left out. Uses
/// consolidated metadata where there are any. Throws Error where the folder is no group or a file
/// is damaged.
std::vector<ZarrArray> read_zarr_arrays(const std::filesystem::path& folder);

/// The files from which read_zarr_arrays() reads.
std::vector<std::filesystem::path> zarr_metadata_files(const std::filesystem::path& folder);

}  // namespace ladcast
