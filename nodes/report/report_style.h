// The style sheets of the report: colours for light and dark screens and for paper.
//
// Series take the colours of Okabe and Ito (2008), which people with any colour vision tell apart;
// each has a dash pattern too, so that they differ in grey.
#pragma once

#include <string>
#include <string_view>

namespace ladcast {

/// CSS variables of light and dark screens and of paper.
std::string colour_variables();

/// Of drawings: "axis", "grid", "tick", "label", "panel-title", "curve", "band" with "s0" … "s6"
/// and "dashed"; in the colours of the variables.
std::string_view drawing_style();

/// The same without variables, for files that are opened by programs other than browsers: light
/// where these do not know dark.
std::string drawing_style_written_out();

/// Of the page around them.
std::string_view page_style();

}  // namespace ladcast
