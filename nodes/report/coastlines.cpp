#include "nodes/report/coastlines.h"

namespace ladcast {

std::string_view coastline_path() {
  static constexpr std::string_view kPath =
#include "nodes/report/coastlines.inc"
      ;
  return kPath;
}

}  // namespace ladcast
