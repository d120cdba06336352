#include "nodes/output/score_cells.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "graph/error.h"

namespace ladcast {

std::size_t Labels::index_of(const std::string& label) {
  const auto [place, is_new] = index_.try_emplace(label, texts_.size());
  if (is_new) texts_.push_back(label);
  return place->second;
}

std::string label_of(const Channel& channel) {
  return channel.level ? fmt::format("{} {}", channel.name, *channel.level) : channel.name;
}

void Cells::resize(std::size_t size) {
  value.resize(size, std::numeric_limits<double>::quiet_NaN());
  weight.resize(size, 0.0);
  count.resize(size, 0);
}

std::size_t ScoreAxes::row_index(const ScoreRow& row) {
  const bool of_event = !row.event.empty();
  const std::string label = label_of(row.channel);
  const std::size_t index =
      of_event ? event_labels_.index_of(label + " " + row.event) : channel_labels_.index_of(label);
  auto& list = of_event ? event_channels_ : channels_;
  if (index == list.size()) list.push_back(row.channel);
  return index;
}

std::size_t ScoreAxes::lead_index(int hours) const {
  const auto found = std::find(lead_hours_.begin(), lead_hours_.end(), hours);
  if (found == lead_hours_.end())
    fail("there is a score of {} h, which is no lead of the plan", hours);
  return static_cast<std::size_t>(found - lead_hours_.begin());
}

void ScoreAxes::add(ScoreArrays& arrays, const ScoreRow& row) {
  const bool of_event = !row.event.empty();
  auto& array = arrays.try_emplace(row.score, ScoreArray{of_event, {}}).first->second;
  Cells& cells =
      array.cells[{forecasts_.index_of(row.forecast), regions_.index_of(row.region)}][row.bin];
  if (array.of_event != of_event || array.has_bins() != row.bin.has_value())
    fail("some rows of the score '{}' have an event or a bin, and some have not", row.score);
  const std::size_t leads = lead_hours_.size();
  const std::size_t channel = row_index(row);
  const std::size_t index = channel * leads + lead_index(row.lead_hours);
  if (index >= cells.value.size()) cells.resize((channel + 1) * leads);
  cells.value[index] = row.value;
  cells.weight[index] = row.weight;
  cells.count[index] = static_cast<int>(row.count);
}

Cells ScoreAxes::together(const ScoreArray& array, ScoreArray::Place place,
                          const std::vector<double>& bins) const {
  const std::size_t width = std::max<std::size_t>(bins.size(), 1);
  Cells all;
  all.resize(rows_of(array) * lead_hours_.size() * width);
  const auto found = array.cells.find(place);
  if (found == array.cells.end()) return all;
  for (const auto& [bin, cells] : found->second) {
    const auto at = bin ? std::lower_bound(bins.begin(), bins.end(), *bin) - bins.begin() : 0;
    for (std::size_t i = 0; i < cells.value.size(); ++i) {
      const std::size_t to = i * width + static_cast<std::size_t>(at);
      all.value[to] = cells.value[i];
      all.weight[to] = cells.weight[i];
      all.count[to] = cells.count[i];
    }
  }
  return all;
}

}  // namespace ladcast
