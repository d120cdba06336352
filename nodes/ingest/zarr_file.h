// A Zarr store opened for reading as a CfFile. One thread at a time; several stores at once.
#pragma once

#include <memory>

#include "nodes/ingest/cf_file.h"
#include "nodes/values/zarr_group.h"

namespace ladcast {

/// The fill value of version 2 counts as missing, as xarray has it, but in coordinates.
class ZarrFile final : public CfFile {
 public:
  /// Throws Error where the folder is no group or its arrays contradict each other.
  explicit ZarrFile(const std::filesystem::path& path);

  const std::filesystem::path& path() const override { return group_.folder(); }
  std::string text(const CfVariable& variable, const char* attribute) const override;
  std::optional<double> number(const CfVariable& variable, const char* attribute) const override;
  void let_go() const override { group_.forget(); }

 protected:
  std::vector<double> stored(const CfVariable& variable, std::span<const std::size_t> start,
                             std::span<const std::size_t> count) const override;

 private:
  const ZarrArray& array_of(const CfVariable& variable) const;
  void require_equal_lengths() const;

  ZarrGroup group_;
};

/// Throws Error.
std::unique_ptr<const CfFile> open_zarr(const std::filesystem::path& path);

}  // namespace ladcast
