// What the network sees of time: the noise level's and the year's features.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

#include "graph/time.h"

namespace ladcast {

/// YYYYMMDDHH as the reference writes times, for example 2018123112.
std::int64_t timestamp_of(Time time);

/// Seconds since the start of the year over the seconds of that year (365 or 366 days), in [0, 1).
/// Throws Error if the digits are not a date.
double year_progress(std::int64_t timestamp);

/// timestamps [B] int64 to [B, 256]: sin(2 pi p k) m_k for k = 1 .. 128, then cos(2 pi p k) m_k;
/// p = year progress, m_k = 10000^(-(k - 1) / 128). On the CPU, float32 or float64.
at::Tensor year_features(const at::Tensor& timestamps, at::ScalarType dtype);

/// c_noise [B] to [B, 256]: cos(c f_k) for k = 0 .. 127, then sin(c f_k); f_k = 10000^(-k / 128).
at::Tensor noise_level_features(const at::Tensor& c_noise);

}  // namespace ladcast
