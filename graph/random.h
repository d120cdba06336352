// Counter-based random numbers: Philox4x32-10 (Salmon et al. 2011, "Parallel random numbers: as
// easy as 1, 2, 3"). A number depends on its key and its index alone, never on who asked before.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace ladcast {

/// One block of four 32-bit numbers.
std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter,
                                    std::array<std::uint32_t, 2> key);

/// 64-bit FNV-1a, for names of streams and fingerprints of data.
std::uint64_t fnv1a(std::string_view bytes, std::uint64_t start = 14695981039346656037ULL);

/// Identifies one sequence of numbers.
struct RandomKey {
  std::uint64_t seed = 0;
  std::int64_t init = 0;  // initial time in seconds since 1970
  int member = 0;
  int lead_hours = 0;
  std::string_view stream;
};

/// Standard normal numbers by Box-Muller in double precision, rounded to float32.
void fill_normal(std::span<float> out, const RandomKey& key);

}  // namespace ladcast
