#include "nodes/ingest/cf_files.h"
#include "nodes/ingest/fields_reader.h"
#include "nodes/ingest/netcdf_file.h"

namespace ladcast {
namespace {

class NetcdfIn final : public FieldsReader {
 public:
  NetcdfIn()
      : FieldsReader([](const auto& file) -> std::unique_ptr<const FieldFiles> {
          return std::make_unique<CfFiles>(file, open_netcdf);
        }) {
    on_process_lane("netcdf");
  }
};

LADCAST_NODE(NetcdfIn, "netcdf_in", "Reads fields from NetCDF files: analyses, truth, forecasts.");

}  // namespace
}  // namespace ladcast
