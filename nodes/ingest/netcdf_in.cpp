#include "graph/node.h"
#include "nodes/ingest/cf_fields.h"
#include "nodes/ingest/netcdf_file.h"
#include "nodes/ingest/reader_params.h"
#include "nodes/values/fields_payload.h"

namespace ladcast {
namespace {

/// Fields without members stand for a time that is not there.
Fields nothing(const FieldsRequest& request) {
  return {request.grid.value_or(Grid{}),
          request.channels,
          request.init,
          {request.lead_hours},
          {},
          false,
          {}};
}

class NetcdfIn final : public Node {
 public:
  NetcdfIn() { on_process_lane("netcdf"); }

  Axes source_axes(const Plan& run) const override { return reader_.axes(run); }
  void shape(Shape& shape) override {
    reader_.shape(shape, fields, [](const std::filesystem::path& path, const Channel& channel) {
      return CfFields(open_netcdf(path)).grid_of(channel);
    });
  }
  std::vector<std::filesystem::path> files() const override { return reader_.files(plan()); }
  void run(Task& task) const override {
    task.send(fields, reader_.fields(task, [this](const auto& path, const auto& request) {
      const CfFields file(open_netcdf(path));
      const bool skipped = *missing == "skip" && !file.has_time(request);
      return skipped ? nothing(request) : file.read(request);
    }));
  }

 private:
  Out<Fields> fields{this, "fields", "physical units, on the grid of the model"};
  ReaderParams reader_{this};
  Param<std::string> missing{
      this,
      "missing",
      "what to do where the file lacks a time: stop, or send fields without members",
      {.fallback = "error", .choices = {"error", "skip"}}};
};

LADCAST_NODE(NetcdfIn, "netcdf_in", "Reads fields from NetCDF files: analyses, truth, forecasts.");

}  // namespace
}  // namespace ladcast
