#include "graph/node.h"
#include "nodes/ingest/cf_files.h"
#include "nodes/ingest/reader_params.h"
#include "nodes/ingest/zarr_file.h"
#include "nodes/values/fields_payload.h"

namespace ladcast {
namespace {

class ZarrIn final : public Node {
 public:
  Axes source_axes(const Plan& run) const override { return reader_.axes(run); }
  void shape(Shape& shape) override { reader_.shape(shape, fields); }
  /// Stores are too large to hash: their metadata stand for them.
  std::vector<std::filesystem::path> files() const override {
    std::vector<std::filesystem::path> files;
    for (const auto& store : reader_.paths(plan()))
      for (auto& file : zarr_metadata_files(store)) files.push_back(std::move(file));
    return files;
  }
  Memory memory() const override { return {.scratch = ZarrGroup::kMostKeptBytes}; }
  void open() override {
    if (!skips_items()) reader_.require_channels(plan());
  }
  void run(Task& task) const override { task.send(fields, reader_.fields(task)); }

 private:
  Out<Fields> fields{this, "fields", "physical units"};
  ReaderParams reader_{this, [](const auto& path) -> std::unique_ptr<const FieldFiles> {
                         return std::make_unique<CfFiles>(path, open_zarr);
                       }};
};

LADCAST_NODE(ZarrIn, "zarr_in",
             "Reads fields from Zarr stores, version 2 or 3, on a local disk: analyses, truth, "
             "forecasts in WeatherBench 2's layout.");

}  // namespace
}  // namespace ladcast
