// A time as a parameter of a node: first = 2000-07-01T06:00:00Z, or the same as text.
#pragma once

#include "graph/param.h"

namespace ladcast {

template <>
struct ParamTraits<Time> {
  static const char* name() { return "time"; }
  static Time read(const Setting& setting) { return setting.as_time(); }
  static std::string show(Time time) { return fmt::format("\"{}\"", short_time(time)); }
};

}  // namespace ladcast
