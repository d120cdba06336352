// What the machine is, for the record of a measurement.
#pragma once

#include <string>

namespace ladcast::bench {

/// As the system calls it; "unknown" where it does not say.
std::string processor_name();

}  // namespace ladcast::bench
