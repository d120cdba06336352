// Scores as sinks collect them, whatever the order in which initial times become complete.
#pragma once

#include <functional>
#include <utility>
#include <vector>

#include "nodes/values/items_in_order.h"
#include "nodes/values/scores.h"

namespace ladcast {

/// The rows of all inputs together. Throws Error where two score a forecast of the same name.
std::vector<ScoreRow> joined(const std::vector<const Scores*>& inputs);

/// Keeps the rows of an item until it and all before it are complete, then adds them to the means.
class CollectedScores {
 public:
  using Item = std::vector<std::vector<ScoreRow>>;  // rows by key

  /// `take` is given each item before its rows go.
  explicit CollectedScores(const std::function<void(int item, const Item&)>& take);
  CollectedScores(const CollectedScores&) = delete;
  CollectedScores& operator=(const CollectedScores&) = delete;

  // As those of ItemsInOrder.
  void add(int item, std::vector<ScoreRow> rows) { items_.add(item, std::move(rows)); }
  const std::vector<ScoreRow>& last(int item) const { return items_.last(item); }
  void complete(int item) { items_.complete(item); }
  void drop(int item) { items_.drop(item); }
  void finish() { items_.finish(); }

  const MeanScores& means() const { return means_; }

 private:
  ItemsInOrder<std::vector<ScoreRow>> items_;
  MeanScores means_;
};

}  // namespace ladcast
