// Scores as sinks collect them, whatever the order in which initial times become complete.
#pragma once

#include <functional>
#include <map>
#include <vector>

#include "nodes/values/scores.h"

namespace ladcast {

/// The rows of all inputs together. Throws Error where two score a forecast of the same name.
std::vector<ScoreRow> joined(const std::vector<const Scores*>& inputs);

/// Keeps the rows of an item until it and all before it are complete, then adds them to the means.
class CollectedScores {
 public:
  using Item = std::vector<std::vector<ScoreRow>>;  // rows by key

  /// `take` is given each item before its rows go, in the order of items. One that was given up
  /// comes without rows.
  explicit CollectedScores(std::function<void(int item, const Item&)> take)
      : take_(std::move(take)) {}

  void add(int item, std::vector<ScoreRow> rows) { items_[item].keys.push_back(std::move(rows)); }
  /// Of the last key. Requires: one was added and the item is not complete.
  const std::vector<ScoreRow>& last(int item) const { return items_.at(item).keys.back(); }

  void complete(int item);
  void drop(int item) { items_[item] = {{}, true}; }
  /// Takes what is left, complete or not.
  void finish();

  const MeanScores& means() const { return means_; }

 private:
  struct Waiting {
    Item keys;
    bool complete = false;
  };

  void take(int item);

  std::function<void(int, const Item&)> take_;
  std::map<int, Waiting> items_;
  int next_ = 0;  // the first item that is not taken
  MeanScores means_;
};

}  // namespace ladcast
