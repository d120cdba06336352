#include "nodes/ingest/cf_files.h"
#include "nodes/ingest/fields_reader.h"
#include "nodes/ingest/zarr_file.h"

namespace ladcast {
namespace {

class ZarrIn final : public FieldsReader {
 public:
  ZarrIn()
      : FieldsReader([](const auto& file) -> std::unique_ptr<const FieldFiles> {
          return std::make_unique<CfFiles>(file, open_zarr);
        }) {}

  /// Stores are too large to hash: their metadata stand for them.
  std::vector<std::filesystem::path> files() const override {
    std::vector<std::filesystem::path> files;
    for (const auto& store : paths())
      for (auto& file : zarr_metadata_files(store)) files.push_back(std::move(file));
    return files;
  }
  Memory memory() const override { return {.scratch = ZarrGroup::kMostKeptBytes}; }
};

LADCAST_NODE(ZarrIn, "zarr_in",
             "Reads fields from Zarr stores, version 2 or 3, on a local disk: analyses, truth, "
             "forecasts in WeatherBench 2's layout.");

}  // namespace
}  // namespace ladcast
