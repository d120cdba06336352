// Fields of NetCDF files and Zarr stores: analyses, truth, stored forecasts, static fields.
// Thread rule: that of the CfFile.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "nodes/ingest/cf_axis.h"
#include "nodes/ingest/cf_file.h"
#include "nodes/ingest/fields_request.h"
#include "nodes/ingest/inventory.h"
#include "nodes/ingest/orientation.h"
#include "nodes/ingest/units.h"
#include "nodes/values/fields.h"
#include "nodes/values/variables.h"

namespace ladcast {

/// One open file and the meaning of its axes.
///
/// A channel is found by its WeatherBench 2 name, the name of cfgrib or ecCodes, then by its CF
/// standard_name with its level or height. Values are unpacked, converted to the channel's units
/// and oriented as Grid says; missing values become NaN. Dimensions may come in any order; each of
/// those that are not understood must have length 1. A time is found as a valid time, or as an
/// initial time plus a lead. A 6 h sum that does not carry its WeatherBench 2 name needs time
/// bounds 6 h apart. A static channel needs no time, and is read at any where the file lacks the
/// one that is wanted.
class CfFields {
 public:
  /// Reads the coordinates. Throws Error.
  explicit CfFields(std::unique_ptr<const CfFile> file);

  /// Fields with one lead, and the members of the file or of the request ({0} where it has none).
  /// Throws one Error that names every channel that is absent or unusable and where it was looked
  /// for.
  Fields read(const FieldsRequest& request) const;

  /// Where the maps of one channel lie in the file.
  struct Slice {
    const CfVariable* variable = nullptr;
    std::vector<std::size_t> start;           // by dimension
    std::size_t latitude = 0, longitude = 0;  // which dimensions these are
    Orientation orientation;
    Conversion conversion;
    const CfAxis* time = nullptr;  // the axis of valid times or leads, and where on it
    std::size_t time_index = 0;
    std::optional<std::size_t> member_dimension, experiment_dimension;
    std::vector<std::size_t> member_starts;  // by member
    std::vector<int> members;
  };
  /// That of `channel` at the request's time. Throws Error with why it cannot be read.
  Slice slice(const Channel& channel, const FieldsRequest& request) const;
  /// Reads the map of one of its members. Requires: `map` has the points of its grid.
  void copy(const Slice& slice, std::size_t member, std::span<float> map) const;

  /// The grid of a channel. Throws Error.
  Grid grid_of(const Channel& channel) const;

  /// A place on a dimension that is no axis of time, level or the map.
  struct At {
    std::string dimension;
    std::size_t index;
  };
  /// Maps without a time: static fields, or those at these places of further dimensions.
  /// One member {0} and one lead {0}. Throws one Error as read() does.
  Fields read_fixed(const std::vector<Channel>& channels, const std::optional<Grid>& grid,
                    const std::vector<At>& places = {}) const;

  /// What there is of a channel. Throws Error with why there is nothing.
  Holding holding(const Channel& channel) const;

  const CfFile& file() const { return *file_; }

 private:
  /// A variable, as which channel it is read, and the factor that makes the wanted one of it.
  struct Source {
    const CfVariable* variable;
    Channel channel;
    double factor;
  };
  const CfVariable* find_itself(const Channel& channel) const;  // null if it is not there
  Source find(const Channel& channel) const;
  bool has_standard_name(const CfVariable& variable, const Channel& channel,
                         const Variable& known) const;
  const CfAxis* axis_of(const CfVariable& variable, AxisRole role) const;
  const CfAxis* scalar_of(const CfVariable& variable, AxisRole role) const;
  Slice fixed_slice(const Channel& channel, const std::optional<Grid>& grid,
                    const std::vector<At>& places) const;
  Slice horizontal(const Channel& channel, const std::optional<Grid>& grid) const;
  void require_known_axes(const Slice& slice, const std::vector<At>& places = {}) const;
  Fields read_slices(const std::vector<Slice>& slices, const FieldsRequest& request) const;
  struct TimeAxes;
  TimeAxes find_time_axes(const CfVariable& variable) const;  // base is null where there is no time
  TimeAxes time_axes(const CfVariable& variable) const;
  bool place_time(Slice& slice, const FieldsRequest& request) const;
  bool is_at_any_time(const Channel& channel, const CfVariable& variable) const;
  [[noreturn]] void fail_time(const CfVariable& variable) const;
  void place_level(Slice& slice, const Channel& channel) const;
  void place_members(Slice& slice, const FieldsRequest& request) const;
  void require_accumulation(const Slice& slice, const Channel& channel) const;
  void add_other_experiments(const Slice& slice, std::vector<std::size_t> start,
                             const std::vector<std::size_t>& count,
                             std::vector<double>& values) const;

  std::unique_ptr<const CfFile> file_;
  std::map<std::string, CfAxis> axes_;     // by dimension
  std::map<std::string, CfAxis> scalars_;  // by variable
};

}  // namespace ladcast
