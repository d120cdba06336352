// The metadata and axes of Zarr stores that this program writes, version 2.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "graph/time.h"

namespace ladcast {

struct ZarrArrayLayout {
  std::string name;
  std::vector<std::string> dimensions;
  std::vector<std::size_t> shape, chunks;
};

/// Writes into one folder. All functions throw Error.
class ZarrWriter {
 public:
  explicit ZarrWriter(std::filesystem::path store) : store_(std::move(store)) {}

  void group(const std::map<std::string, std::string>& attributes) const;

  /// float32 in chunks compressed by zstd, NaN where there is no chunk.
  void data(const ZarrArrayLayout& layout, const nlohmann::json& attributes) const;

  /// An axis in one chunk, not compressed.
  void axis(const std::string& name, const std::vector<double>& values,
            const nlohmann::json& attributes) const;
  void axis(const std::string& name, const std::vector<std::int32_t>& values,
            const nlohmann::json& attributes) const;
  void axis(const std::string& name, const std::vector<std::int64_t>& values,
            const nlohmann::json& attributes) const;

  /// "time": initial times where the data are forecasts, valid times otherwise. Whole hours.
  void time_axis(const std::vector<Time>& times, bool are_forecasts) const;
  void number_axis(const std::vector<int>& members) const;
  void lead_axis(const std::vector<int>& hours) const;

 private:
  void array(const ZarrArrayLayout& layout, const char* dtype, const nlohmann::json& compressor,
             const nlohmann::json& fill, nlohmann::json attributes) const;
  void whole_axis(const std::string& name, const char* dtype, std::size_t length,
                  std::string_view bytes, const nlohmann::json& attributes) const;

  std::filesystem::path store_;
};

/// One chunk of a data array, by rename. `key` is "0.3.12.0.0".
void write_chunk(const std::filesystem::path& array, const std::string& key,
                 const std::vector<float>& values);

/// The `count` values of a chunk that write_chunk() wrote. Throws Error.
std::vector<float> read_chunk(const std::filesystem::path& file, std::size_t count);

/// Writes .zmetadata, from the metadata that are in the store. Throws Error.
void finish_store(const std::filesystem::path& store);

}  // namespace ladcast
