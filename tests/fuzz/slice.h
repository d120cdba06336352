// One run of a parser over many inputs, in a process of its own: it may crash, hang or ask for too
// much memory.
#pragma once

#include <cstdint>
#include <string>

#include "tests/fuzz/parsers.h"

namespace ladcast::fuzz {

struct Slice {
  std::uint64_t inputs = 0, refused = 0, read = 0;
  double seconds = 0.0;
  std::string finding;  // what went wrong; empty where nothing did
  std::string input;    // which did it
};

/// The valid inputs first, then broken ones, up to `count` in all. Ends at the first finding: an
/// exception that is no Error, a valid input that is refused, more than two seconds (a library: 20)
/// or a gigabyte for one input, a crash.
Slice run_slice(const Parser& parser, std::uint64_t count, std::uint64_t seed);

/// One input alone.
Slice run_input(const Parser& parser, const std::string& input);

}  // namespace ladcast::fuzz
