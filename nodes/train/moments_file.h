// Statistics files, in the form of the published ones, which read_field_moments() and
// read_latent_moments() read. All functions throw Error and leave no half-written file.
#pragma once

#include <filesystem>
#include <span>

#include "nodes/values/moments.h"

namespace ladcast {

/// {"temperature": {"mean": {"500": 252.6}, "std": …}, "2m_temperature": {"mean": 278.1, "std": …}}
void write_field_moments(const std::filesystem::path& file, std::span<const Channel> channels,
                         const Moments& moments);

/// {"mean": […], "std": […]}
void write_latent_moments(const std::filesystem::path& file, const Moments& moments);

}  // namespace ladcast
