// Channels that files lack, made from others that they have.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "nodes/ingest/fields_request.h"
#include "nodes/values/fields.h"

namespace ladcast {

/// How a channel is made, point by point, from inputs on its level or at the surface.
struct Recipe {
  struct Input {
    std::string variable;
    int hours_before = 0;  // the valid time of the channel
  };
  std::string text;  // as it was written
  std::string variable;
  std::optional<int> level;  // hPa; of all levels where there is none
  std::vector<Input> inputs;
  std::function<float(const Channel&, std::span<const float>)> value;

  bool makes(const Channel& channel) const {
    return channel.name == variable && (!level || channel.level == level);
  }
};

// clang-format off
/// Reads "specific_humidity from relative_humidity" or "vertical_velocity 50 from 0".
///
///   specific_humidity from relative_humidity
///       and temperature; saturation over water and ice mixed as in the IFS (documentation, part IV,
///       section 7.4.2)
///   specific_humidity from dew_point_temperature
///       saturation over water at the dew point (the same section)
///   vertical_velocity from geometric_vertical_velocity
///       and temperature; -w p g / (R T), hydrostatic
///   sea_surface_temperature from skin_temperature
///       where land_sea_mask < 0.5; at least 271.35 K, at which sea water freezes
///   total_precipitation_6hr from hourly sums
///       six of them
///   total_precipitation_6hr from sums since the start
///       of a forecast; none is below 0
///   CHANNEL from NUMBER
///       in the channel's units
///
/// Throws Error with these where it is none of them.
// clang-format on
Recipe parse_recipe(const std::string& text);

/// Those that make `variable`, as they are written; none where there is none.
std::vector<std::string> recipes_that_make(const std::string& variable);

/// What has to be read: the channels without a recipe and the inputs of the others, a request for
/// each time. Throws Error where nothing has to be read at the request's own time.
std::vector<FieldsRequest> requests_for(const FieldsRequest& request,
                                        std::span<const Recipe> recipes);

using ReadFields = std::function<Fields(const FieldsRequest&)>;

/// The channels of `request`: those with a recipe are made, the others and the inputs read with
/// `read`, once for each time that is needed.
Fields read_and_derive(const FieldsRequest& request, std::span<const Recipe> recipes,
                       const ReadFields& read);

}  // namespace ladcast
