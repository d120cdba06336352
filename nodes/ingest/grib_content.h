// What GRIB messages hold, in our terms.
#pragma once

#include <optional>
#include <vector>

#include "nodes/ingest/grib_message.h"
#include "nodes/values/variables.h"

namespace ladcast {

struct GribContent {
  const Variable* variable;
  std::optional<double> level;  // hPa
  long begin = 0, end = 0;      // steps of a sum, h
};

/// By ECMWF paramId, then by GRIB2 numbers and surface; nothing where it is of no interest, as
/// statistics of an ensemble are. Levels count on isobaric surfaces only.
std::optional<GribContent> content_of(const GribMessage& message);

/// Whether that is `channel`. Sums over any time count as one variable.
bool holds(const GribContent& content, const Channel& channel);

/// Whether a sum is over the hours that `channel` says; so is what is no sum. Requires: holds().
bool has_hours_of(const GribContent& content, const Channel& channel);

/// What a channel may be read from: itself, or a variable that becomes it by a factor.
struct ChannelSource {
  Channel channel;
  double factor;
  bool direct;
};

/// The channel itself first.
std::vector<ChannelSource> sources_of(const Channel& channel);

}  // namespace ladcast
