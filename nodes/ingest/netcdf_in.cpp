#include "graph/node.h"
#include "nodes/ingest/cf_files.h"
#include "nodes/ingest/netcdf_file.h"
#include "nodes/ingest/reader_params.h"
#include "nodes/values/fields_payload.h"

namespace ladcast {
namespace {

class NetcdfIn final : public Node {
 public:
  NetcdfIn() { on_process_lane("netcdf"); }

  Axes source_axes(const Plan& run) const override { return reader_.axes(run); }
  void shape(Shape& shape) override { reader_.shape(shape, fields); }
  std::vector<std::filesystem::path> files() const override { return reader_.files(plan()); }
  void open() override {
    if (!skips_items()) reader_.require_channels(plan());
  }
  void run(Task& task) const override { task.send(fields, reader_.fields(task)); }

 private:
  Out<Fields> fields{this, "fields", "physical units"};
  ReaderParams reader_{this, [](const auto& path) -> std::unique_ptr<const FieldFiles> {
                         return std::make_unique<CfFiles>(path, open_netcdf);
                       }};
};

LADCAST_NODE(NetcdfIn, "netcdf_in", "Reads fields from NetCDF files: analyses, truth, forecasts.");

}  // namespace
}  // namespace ladcast
