// Maps of one grid as GRIB2 messages. Thread rule: as GribHandle.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "nodes/output/grib_handle.h"
#include "nodes/output/grib_product.h"
#include "nodes/values/grid.h"

namespace ladcast {

class GribEncoder {
 public:
  /// About what it holds for members with this many channels.
  static std::size_t bytes(std::size_t channels);

  /// Throws Error where GRIB2 cannot describe the grid.
  GribEncoder(GribStyle style, Grid grid);

  const Grid& grid() const { return grid_; }

  /// The message of one map in our units and orientation; NaN is missing. Valid until the next
  /// call. Requires: require_grib_channel(). Throws Error, also for infinite values.
  std::string_view encode(const GribLabel& label, std::span<const float> map);

  /// What an index says of the message encoded last.
  std::string index_keys(const GribLabel& label) const {
    return grib_index_keys(label, style_, grib_short_name(message_, label));
  }

  /// Throws Error unless the message holds this map, within its packing error.
  void require_holds(std::string_view message, const GribLabel& label,
                     std::span<const float> map) const;

 private:
  /// What all messages of a template have in common, made once.
  const GribHandle& prototype(const GribLabel& label);

  /// All but the values.
  GribHandle labelled(const GribLabel& label, bool missing);

  /// The same for any member: labels cost as much as packing, so they are kept for the other
  /// members.
  const GribHandle& of_any_member(const GribLabel& label, bool missing);

  /// The map from north to south in GRIB's units; kMissing is missing.
  std::vector<double> scanned(const Channel& channel, std::span<const float> map) const;

  struct Kept {
    GribLabel label;
    bool missing;  // it has a bitmap
    GribHandle handle;
  };

  GribStyle style_;
  Grid grid_;
  GribHandle blank_;                       // with grid and packing
  std::map<long, GribHandle> prototypes_;  // by product definition template
  std::vector<Kept> kept_;                 // of one initial time and lead
  GribHandle message_;                     // the last one
};

}  // namespace ladcast
