// Rows of scores laid out as the arrays of a file.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "nodes/values/scores.h"

namespace ladcast {

/// An axis of names, in the order in which they came.
class Labels {
 public:
  std::size_t index_of(const std::string& label);  // adds it
  std::size_t size() const { return texts_.size(); }
  bool contains(const std::string& label) const { return index_.contains(label); }
  const std::vector<std::string>& texts() const { return texts_; }

 private:
  std::vector<std::string> texts_;
  std::map<std::string, std::size_t> index_;
};

/// As settings name a channel: "geopotential 500".
std::string label_of(const Channel& channel);

/// Scores by channel or event, lead, and bin where there are bins, the last the fastest. NaN and 0
/// where there is no row.
struct Cells {
  std::vector<double> value, weight;
  std::vector<int> count;

  void resize(std::size_t size);
};

/// The arrays of one score.
struct ScoreArray {
  struct Place {
    std::size_t forecast, region;
    auto operator<=>(const Place&) const = default;
  };
  using Bins = std::map<std::optional<double>, Cells>;  // one that has no value: no bins

  bool of_event;  // by event instead of channel
  std::map<Place, Bins> cells;

  bool has_bins() const { return cells.begin()->second.begin()->first.has_value(); }
};
using ScoreArrays = std::map<std::string, ScoreArray>;  // by ScoreRow::score

/// The axes of a file; all but the leads grow with the rows.
class ScoreAxes {
 public:
  explicit ScoreAxes(std::vector<int> lead_hours) : lead_hours_(std::move(lead_hours)) {}

  const std::vector<int>& lead_hours() const { return lead_hours_; }
  const Labels& forecasts() const { return forecasts_; }
  const Labels& regions() const { return regions_; }
  const Labels& channels() const { return channel_labels_; }
  const Labels& events() const { return event_labels_; }  // "2m_temperature > 303.15"
  /// In the order of their labels.
  const std::vector<Channel>& channel_list() const { return channels_; }
  const std::vector<Channel>& event_channels() const { return event_channels_; }

  /// Channels or events.
  std::size_t rows_of(const ScoreArray& array) const {
    return (array.of_event ? event_labels_ : channel_labels_).size();
  }

  /// Throws Error where the lead is not on the axis, or the score has other axes than before.
  void add(ScoreArrays& arrays, const ScoreRow& row);

  /// The cells of all `bins`, ascending; without any, those of an array that has none.
  Cells together(const ScoreArray& array, ScoreArray::Place place,
                 const std::vector<double>& bins) const;

 private:
  std::size_t row_index(const ScoreRow& row);
  std::size_t lead_index(int hours) const;

  std::vector<int> lead_hours_;
  Labels forecasts_, regions_, channel_labels_, event_labels_;
  std::vector<Channel> channels_, event_channels_;
};

}  // namespace ladcast
