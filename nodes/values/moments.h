// Means and standard deviations of channels, as the published statistics files hold them.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <vector>

#include "nodes/values/channel.h"

namespace ladcast {

/// One mean and one standard deviation (greater than 0) for each channel, in the channels' units.
struct Moments {
  std::vector<double> mean;
  std::vector<double> std;
};

/// The moments of `channels`, in their order, from a JSON file of the form
/// {"2m_temperature": {"mean": 278.1, "std": 21.9}, "temperature": {"mean": {"500": 252.6}, "std":
/// …}}. Variables that are not asked for are ignored. Throws one Error that lists every absent
/// channel.
Moments read_field_moments(const std::filesystem::path& file, std::span<const Channel> channels);

/// The moments of `channels` latent channels from {"mean": […], "std": […]}.
/// Throws Error where the file holds another number of them.
Moments read_latent_moments(const std::filesystem::path& file, std::size_t channels);

}  // namespace ladcast
