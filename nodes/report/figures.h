// Figures on their way to the report.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "graph/payload.h"
#include "nodes/report/figure.h"

namespace ladcast {

/// What was drawn of one initial time and lead. The report shows the first groups of all leads
/// after each other, then the second, and so on.
struct Figures {
  std::vector<std::vector<Figure>> groups;
};

template <>
struct PayloadTraits<Figures> {
  static constexpr const char* name = "Figures";
  static std::size_t bytes(const Figures& figures);
  /// The characters of the drawings.
  static std::vector<ArrayView> arrays(const Figures& figures);
};

/// Adds each group of `more` to the same of `all`.
void append(Figures& all, const Figures& more);

/// Figures as text that holds all of them, and back. Throws Error where the text is none.
std::string to_text(const Figures& figures);
Figures figures_from(const std::string& text);

}  // namespace ladcast
