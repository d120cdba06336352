// What sinks keep of initial times that become complete in any order.
#pragma once

#include <functional>
#include <map>
#include <utility>
#include <vector>

namespace ladcast {

/// Keeps what the keys of an item brought until it and all before it are complete, then hands it
/// over: items come in the order of the plan.
template <class T>
class ItemsInOrder {
 public:
  /// `take` is given what each key of an item brought, in the order of add(); nothing of an item
  /// that was dropped.
  explicit ItemsInOrder(std::function<void(int item, std::vector<T> keys)> take)
      : take_(std::move(take)) {}

  void add(int item, T brought) { items_[item].keys.push_back(std::move(brought)); }
  bool has(int item) const { return items_.contains(item); }
  /// Of the last key. Requires: one was added and the item is not complete.
  const T& last(int item) const { return items_.at(item).keys.back(); }

  void complete(int item) {
    items_[item].complete = true;
    for (; items_.contains(next_) && items_.at(next_).complete; ++next_) take(next_);
  }
  /// What an item brought before it failed is not a whole forecast's.
  void drop(int item) { items_[item] = {{}, true}; }
  /// Takes what is left, complete or not.
  void finish() {
    while (!items_.empty()) take(items_.begin()->first);
  }

 private:
  struct Waiting {
    std::vector<T> keys;
    bool complete = false;
  };

  void take(int item) { take_(item, std::move(items_.extract(item).mapped().keys)); }

  std::function<void(int, std::vector<T>)> take_;
  std::map<int, Waiting> items_;
  int next_ = 0;  // the first item that is not taken
};

}  // namespace ladcast
