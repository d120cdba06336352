// Physical fields of the analysis grid to what the networks see, and back, by a model folder's
// rules.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "nodes/values/fields.h"
#include "nodes/values/model.h"
#include "nodes/values/moments.h"

namespace ladcast {

/// Where points are missing on the analysis grid, for the channels that a model fills.
struct MissingPoints {
  std::vector<Channel> channels;
  std::vector<std::vector<bool>> masks;  // true = missing

  /// The NaN points of the first member and lead of an analysis, of the channels with a fill.
  static MissingPoints of(const Fields& analysis, const Model& model);

  /// The land (land_sea_mask > 0.5) for each channel with a fill. Requires: one value for each
  /// point of the model's grid.
  static MissingPoints of_land(std::span<const float> land_sea_mask, const Model& model);
};

/// Normalises in fp32: crop the rows that the networks do not see, (x - mean) / std for each
/// channel, then the model's fill where a point is missing (the published model: -2 for sea surface
/// temperature). Thread-safe once made.
class FieldScaling {
 public:
  /// Reads the model's statistics. Throws Error.
  explicit FieldScaling(Model model);
  FieldScaling(Model model, const Moments& moments);

  /// Any members and leads on the model's grid -> the same on its network grid, channels in the
  /// model's order. Throws Error where the grid differs, a channel is absent, a value is infinite
  /// or a point is missing in a channel without a fill.
  Fields normalise(const Fields& physical) const;

  /// Throws Error where the mean of a map of `normalised` is further from 0 than any weather is:
  /// its units are others than it says, or its values are not there.
  void require_plausible(const Fields& normalised) const;

  /// Normalised fields with any of the model's channels on its network grid -> physical fields on
  /// its grid: x * std + mean, cropped rows NaN, and NaN where `missing` says so.
  Fields denormalise(const Fields& normalised, const MissingPoints& missing = {}) const;

  const Model& model() const { return model_; }

 private:
  std::size_t index_of(const Channel& channel) const;

  Model model_;
  Grid network_grid_;
  std::vector<std::size_t> rows_;  // of the analysis grid, for each row of the network grid
  std::vector<float> mean_, std_;
};

}  // namespace ladcast
