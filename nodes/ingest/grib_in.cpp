#include "nodes/ingest/fields_reader.h"
#include "nodes/ingest/grib_fields.h"

namespace ladcast {
namespace {

class GribIn final : public FieldsReader {
 public:
  GribIn()
      : FieldsReader([](const auto& file) -> std::unique_ptr<const FieldFiles> {
          return std::make_unique<GribFiles>(file);
        }) {
    on_process_lane("eccodes");
  }
};

LADCAST_NODE(GribIn, "grib_in", "Reads fields from GRIB1 and GRIB2 files.");

}  // namespace
}  // namespace ladcast
