// What a GRIB2 message says of a map: variable, level, time, member or statistic.
#pragma once

#include <string>

#include "graph/time.h"
#include "nodes/output/grib_handle.h"
#include "nodes/values/channel.h"

namespace ladcast {

/// What all messages of a run have in common.
struct GribStyle {
  std::string expver = "lad1";  // experiment version, four characters
  int process = 255;            // number of the generating process
  bool simple_packing = false;  // instead of CCSDS; 16 bits in both
  int members = 1;              // of the whole ensemble
};

/// Which map it is.
struct GribLabel {
  Channel channel;
  Time init{};
  int lead_hours = 0;
  int member = 0;  // 0: no ensemble, or a statistic of all its members
};

/// Throws Error where GRIB2 has no message for such a channel.
void require_grib_channel(const Channel& channel);

/// The product definition template (code table 4.0) of a map. Requires: require_grib_channel().
long grib_template(const GribLabel& label);

/// Sets what all messages of one template have in common, the template first: other keys depend on
/// it. Requires: require_grib_channel().
void set_product(GribHandle& message, const GribLabel& label, const GribStyle& style);

/// Sets the rest. Throws Error for sums that begin before the initial time.
void set_label(GribHandle& message, const GribLabel& label, const GribStyle& style);

/// What our values are multiplied with: precipitation is written in kg m-2, probabilities in
/// percent, both as ECMWF does.
double grib_factor(const Channel& channel);

/// How index files call the variable of a message: as ecCodes does, since ECMWF has names of its
/// own for some probabilities.
std::string grib_short_name(const GribHandle& message, const GribLabel& label);

/// The members of a JSON object that tell a message apart, as the index files of ECMWF's open data
/// have them: "domain": "g", "date": "20020111", …
std::string grib_index_keys(const GribLabel& label, const GribStyle& style,
                            const std::string& short_name);

}  // namespace ladcast
