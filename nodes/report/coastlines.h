// The coasts of the world.
#pragma once

#include <string_view>

namespace ladcast {

/// An SVG path in tenths of a degree: longitude -1800 to 1800, latitude -900 to 900 northward.
/// Lines of Natural Earth 1:110m (public domain); see coastlines.inc.
std::string_view coastline_path();

}  // namespace ladcast
