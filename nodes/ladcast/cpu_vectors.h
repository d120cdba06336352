// Loops over values on the CPU: compiled for the widest vector registers that the machine has, and
// shared among LibTorch's threads.
#pragma once

#include <ATen/Parallel.h>
#include <c10/util/BFloat16.h>

#include <bit>
#include <cstdint>

namespace ladcast {

#if defined(__x86_64__)
template <class Work>
__attribute__((target("avx2,fma,avx512f,avx512bw,avx512vl,avx512dq"), flatten, noinline)) void
in_512_bits(const Work& work) {
  work();
}

template <class Work>
__attribute__((target("avx2,fma"), flatten, noinline)) void in_256_bits(const Work& work) {
  work();
}

/// Runs `work`, a lambda whose calls can all be inlined.
template <class Work>
void vectorised(const Work& work) {
  static const bool has_512 = __builtin_cpu_supports("avx512bw") &&
                              __builtin_cpu_supports("avx512vl") &&
                              __builtin_cpu_supports("avx512dq");
  static const bool has_256 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  if (has_512) return in_512_bits(work);
  if (has_256) return in_256_bits(work);
  work();
}
#else
template <class Work>
void vectorised(const Work& work) {
  work();
}
#endif

/// work(first, last) for parts of 0 .. count, each of about `values` values.
template <class Work>
void for_each_row(std::int64_t count, std::int64_t values, const Work& work) {
  constexpr std::int64_t kValuesOfAPart = 1 << 15;
  at::parallel_for(0, count, kValuesOfAPart / values + 1,
                   [&work](std::int64_t first, std::int64_t last) {
                     vectorised([&work, first, last] { work(first, last); });
                   });
}

inline float as_float(float value) { return value; }
inline float as_float(c10::BFloat16 value) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(value.x) << 16);
}

inline void store(float value, float& to) { to = value; }
/// Rounds to nearest, ties to even. NaNs as the processor makes them stay NaN.
inline void store(float value, c10::BFloat16& to) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  to.x = static_cast<std::uint16_t>((bits + 0x7FFFU + (bits >> 16U & 1U)) >> 16U);
}

}  // namespace ladcast
