// The scores of one region, by what their figures ask for.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "nodes/report/score_figures.h"

namespace ladcast {

template <class T>
void add_once(std::vector<T>& list, const T& value) {
  if (std::find(list.begin(), list.end(), value) == list.end()) list.push_back(value);
}

/// "persistence", "climatology", "truth".
bool is_reference(const std::string& forecast);

/// The forecasts of a region with the look of their curves.
class Looks {
 public:
  explicit Looks(const std::vector<SeriesPoint>& points);
  const std::vector<std::pair<std::string, std::string>>& all() const { return looks_; }

 private:
  std::vector<std::pair<std::string, std::string>> looks_;
};

class ScoreSelection {
 public:
  ScoreSelection(const std::vector<SeriesPoint>& points, const ScoreChoice& wanted);

  /// By lead, then by bin.
  const std::vector<const SeriesPoint*>& of(const std::string& score, const Channel& channel,
                                            const std::string& forecast) const;

  const ScoreChoice& choice;
  const Looks looks;
  std::vector<Channel> channels;  // all that there are

 private:
  std::map<std::tuple<std::string, std::string, std::string>, std::vector<const SeriesPoint*>>
      by_score_;
};

/// Those of a histogram, spectrum or diagram that have a value, by bin.
std::vector<const SeriesPoint*> at_lead(const std::vector<const SeriesPoint*>& points, int lead);

}  // namespace ladcast
