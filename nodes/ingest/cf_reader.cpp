#include "nodes/ingest/cf_reader.h"

#include "nodes/ingest/cf_fields.h"

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

}  // namespace

void CfReader::shape(Shape& shape, const OutPort& out) const {
  ReaderParams::shape(shape, out,
                      [this](const std::filesystem::path& source, const Channel& channel) {
                        return CfFields(open(source)).grid_of(channel);
                      });
}

Fields CfReader::fields(const Task& task) const {
  return ReaderParams::fields(task, [this](const auto& source, const auto& request) {
    const CfFields file(open(source));
    const bool skipped = *missing == "skip" && !file.has_time(request);
    return skipped ? nothing(request) : file.read(request);
  });
}

}  // namespace ladcast
