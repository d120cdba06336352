#include "nodes/transform/normalise_fields.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "graph/error.h"

namespace ladcast {
namespace {

constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();

/// The index of `channel` by name and level; nothing if it is not among `channels`.
std::optional<std::size_t> find(const std::vector<Channel>& channels, const Channel& channel) {
  for (std::size_t i = 0; i < channels.size(); ++i) {
    if (channels[i].name == channel.name && channels[i].level == channel.level) return i;
  }
  return {};
}

std::string size_of(const Grid& grid) {
  return fmt::format("{} x {}", grid.rows(), grid.columns());
}

/// Where each of the model's channels is in `fields`.
std::vector<std::size_t> find_channels(const Fields& fields, const Model& model) {
  std::vector<std::size_t> where;
  std::string absent;
  for (const Channel& channel : model.channels) {
    const auto index = find(fields.channels, channel);
    if (!index) {
      absent += "\n  " + to_string(channel);
    } else if (fields.channels[*index].units != channel.units) {
      fail("{} has units {}, the model '{}' wants {}", to_string(channel),
           fields.channels[*index].units, model.name, channel.units);
    } else {
      where.push_back(*index);
    }
  }
  if (!absent.empty()) fail("the fields lack channels of the model '{}':{}", model.name, absent);
  return where;
}

[[noreturn]] void fail_missing(const Channel& channel, std::span<const float> map) {
  const auto bad = std::count_if(map.begin(), map.end(), [](float x) { return !std::isfinite(x); });
  fail("{} is missing or infinite at {} of {} points, and the model has no fill for it",
       to_string(channel), bad, map.size());
}

}  // namespace

MissingPoints MissingPoints::of(const Fields& analysis, const Model& model) {
  MissingPoints missing;
  for (std::size_t i = 0; i < model.channels.size(); ++i) {
    const auto index = find(analysis.channels, model.channels[i]);
    if (!model.fills[i] || !index) continue;
    missing.channels.push_back(model.channels[i]);
    std::vector<bool>& mask = missing.masks.emplace_back();
    for (const float value : analysis.map(0, 0, *index)) mask.push_back(std::isnan(value));
  }
  return missing;
}

MissingPoints MissingPoints::of_land(std::span<const float> land_sea_mask, const Model& model) {
  MissingPoints missing;
  std::vector<bool> land;
  for (const float fraction : land_sea_mask) land.push_back(fraction > 0.5F);
  for (std::size_t i = 0; i < model.channels.size(); ++i) {
    if (!model.fills[i]) continue;
    missing.channels.push_back(model.channels[i]);
    missing.masks.push_back(land);
  }
  return missing;
}

FieldScaling::FieldScaling(Model model)
    : FieldScaling(model, read_field_moments(model.field_statistics, model.channels)) {}

FieldScaling::FieldScaling(Model model, const Moments& moments)
    : model_(std::move(model)),
      network_grid_(model_.network_grid()),
      rows_(model_.network_rows()),
      mean_(moments.mean.begin(), moments.mean.end()),
      std_(moments.std.begin(), moments.std.end()) {}

std::size_t FieldScaling::index_of(const Channel& channel) const {
  const auto index = find(model_.channels, channel);
  if (!index) fail("{} is not a channel of the model '{}'", to_string(channel), model_.name);
  return *index;
}

Fields FieldScaling::normalise(const Fields& physical) const {
  if (physical.normalised) fail("the fields are normalised already");
  if (physical.grid != model_.grid) {
    fail("the fields have another grid ({}) than the model '{}' ({})", size_of(physical.grid),
         model_.name, size_of(model_.grid));
  }
  const std::vector<std::size_t> sources = find_channels(physical, model_);
  Fields scaled{network_grid_,
                model_.channels,
                physical.init,
                physical.lead_hours,
                physical.members,
                true,
                {}};
  scaled.allocate();
  const std::size_t columns = network_grid_.columns();
  for (std::size_t member = 0; member < scaled.members.size(); ++member) {
    for (std::size_t lead = 0; lead < scaled.lead_hours.size(); ++lead) {
      for (std::size_t c = 0; c < scaled.channels.size(); ++c) {
        const auto from = physical.map(member, lead, sources[c]);
        const auto to = scaled.map(member, lead, c);
        for (std::size_t i = 0; i < to.size(); ++i) {
          const float value = from[rows_[i / columns] * columns + i % columns];
          if (std::isnan(value) && model_.fills[c]) {
            to[i] = *model_.fills[c];
          } else if (!std::isfinite(value)) {
            fail_missing(scaled.channels[c], from);
          } else {
            to[i] = (value - mean_[c]) / std_[c];
          }
        }
      }
    }
  }
  return scaled;
}

void FieldScaling::require_plausible(const Fields& normalised) const {
  constexpr double kFurthest = 5.0;  // standard deviations of single points
  constexpr float kFurthestPoint = 1000.0F;
  for (std::size_t m = 0; m < normalised.members.size(); ++m)
    for (std::size_t l = 0; l < normalised.lead_hours.size(); ++l)
      for (std::size_t c = 0; c < normalised.channels.size(); ++c) {
        const auto map = normalised.map(m, l, c);
        const double mean =
            std::accumulate(map.begin(), map.end(), 0.0) / static_cast<double>(map.size());
        const Channel& channel = normalised.channels[c];
        const auto extreme = std::max_element(
            map.begin(), map.end(), [](float a, float b) { return std::abs(a) < std::abs(b); });
        if (std::abs(*extreme) > kFurthestPoint)
          fail(
              "{} is {:.4g} {} at a point, {:.0f} standard deviations from the mean that the model "
              "'{}' knows: is the file whole?",
              to_string(channel), *extreme * std_[c] + mean_[c], channel.units, *extreme,
              model_.name);
        if (std::abs(mean) <= kFurthest) continue;
        fail(
            "{} averages {:.4g} {}, where the model '{}' knows {:.4g} with a deviation of {:.3g}: "
            "are its units right, and the file whole?",
            to_string(channel), mean * static_cast<double>(std_[c]) + static_cast<double>(mean_[c]),
            channel.units, model_.name, mean_[c], std_[c]);
      }
}

Fields FieldScaling::denormalise(const Fields& normalised, const MissingPoints& missing) const {
  if (!normalised.normalised) fail("the fields are in physical units already");
  if (normalised.grid != network_grid_) {
    fail("the fields have another grid ({}) than the networks of the model '{}' ({})",
         size_of(normalised.grid), model_.name, size_of(network_grid_));
  }
  Fields physical{model_.grid,
                  normalised.channels,
                  normalised.init,
                  normalised.lead_hours,
                  normalised.members,
                  false,
                  {}};
  physical.allocate(kMissing);
  const std::size_t columns = network_grid_.columns();
  for (std::size_t c = 0; c < physical.channels.size(); ++c) {
    const std::size_t index = index_of(physical.channels[c]);
    const auto masked = find(missing.channels, physical.channels[c]);
    for (std::size_t member = 0; member < physical.members.size(); ++member) {
      for (std::size_t lead = 0; lead < physical.lead_hours.size(); ++lead) {
        const auto from = normalised.map(member, lead, c);
        const auto to = physical.map(member, lead, c);
        for (std::size_t i = 0; i < from.size(); ++i) {
          const std::size_t point = rows_[i / columns] * columns + i % columns;
          if (masked && missing.masks[*masked][point]) continue;
          to[point] = from[i] * std_[index] + mean_[index];
        }
      }
    }
  }
  return physical;
}

}  // namespace ladcast
