// The files that a reader was pointed at, as one, whatever their format.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <set>

#include "nodes/ingest/fields_request.h"
#include "nodes/values/fields.h"

namespace ladcast {

/// Thread rule: that of the library that reads the format.
class FieldFiles {
 public:
  virtual ~FieldFiles() = default;

  /// Fields with one lead, and the members of the files or of the request ({0} where they have
  /// none). Throws one Error that names every channel that is absent or unusable and where it was
  /// looked for.
  virtual Fields read(const FieldsRequest& request) const = 0;

  /// Throws as read() where a channel is absent; reads no values.
  virtual void require(const FieldsRequest& request) const = 0;

  /// The valid times of a channel. Throws Error where it is not there at all.
  virtual std::set<Time> times_of(const Channel& channel) const = 0;

  /// The grid of a channel; `reduced_onto` for maps whose rows have lengths of their own. Throws
  /// Error.
  virtual Grid grid_of(const Channel& channel, const std::optional<Grid>& reduced_onto) const = 0;
};

/// Opens one file, or all that match a pattern with * and ?. Throws Error.
using OpenFiles = std::unique_ptr<const FieldFiles> (*)(const std::filesystem::path&);

}  // namespace ladcast
