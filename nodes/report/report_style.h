// The style sheets of the report: colours for light and dark screens and for paper.
//
// Series take the colours of Okabe and Ito (2008), which people with any colour vision tell apart;
// each has a dash pattern too, so that they differ in grey.
#pragma once

#include <string_view>

namespace ladcast {

/// CSS variables of light and dark.
std::string_view colour_variables();

/// Of drawings: "axis", "grid", "tick", "label", "panel-title", "curve", "band" with "s0" … "s6"
/// and "dashed".
std::string_view drawing_style();

/// Of the page around them.
std::string_view page_style();

}  // namespace ladcast
