#include "graph/saved_states.h"

#include <algorithm>
#include <set>

namespace ladcast {
namespace {

constexpr std::size_t kMost = 3;

/// All nodes that the messages of a node lead to.
std::set<int> fed_by(const Graph& graph, int node) {
  std::set<int> found;
  std::vector<int> open{node};
  while (!open.empty()) {
    const GraphNode& from = graph.nodes[static_cast<std::size_t>(open.back())];
    open.pop_back();
    for (const auto& targets : from.outputs)
      for (const Target& to : targets)
        if (found.insert(to.node).second) open.push_back(to.node);
  }
  return found;
}

}  // namespace

SavedStates::SavedStates(const Graph& graph, Journal& journal,
                         std::function<bool(int item)> item_is_done)
    : graph_(graph), journal_(journal), item_is_done_(std::move(item_is_done)) {
  for (auto index = graph.order.rbegin(); index != graph.order.rend(); ++index) {
    const GraphNode& node = graph.nodes[static_cast<std::size_t>(*index)];
    if (!node.saves()) continue;
    Saver saver{*index, {}, {}, 0};
    for (std::int64_t i = 0; i < graph.plan.count(node.axes); ++i) {
      const Key key = graph.plan.key_at(i, node.axes);
      if (journal.has_state(node.name, mark_of(graph.plan, key))) saver.states.push_back(key);
    }
    const auto fed = fed_by(graph, *index);
    for (std::size_t i = 0; i < savers_.size(); ++i)
      if (fed.contains(savers_[i].node)) saver.followers.push_back(i);
    savers_.push_back(std::move(saver));
  }
}

void SavedStates::save(int node, const Key& key, std::string_view state) {
  const GraphNode& at = graph_.nodes[static_cast<std::size_t>(node)];
  journal_.save_state(at.name, mark_of(graph_.plan, key), state, true);
  const std::lock_guard lock(mutex_);
  auto& states = std::find_if(savers_.begin(), savers_.end(), [node](const Saver& saver) {
                   return saver.node == node;
                 })->states;
  const auto place = std::lower_bound(states.begin(), states.end(), key);
  if (place == states.end() || *place != key) states.insert(place, key);
  thin();
}

void SavedStates::update() {
  const std::lock_guard lock(mutex_);
  const int before = done_;
  while (done_ < graph_.plan.items() && item_is_done_(done_)) ++done_;
  if (done_ > before) thin();
}

/// Whether a state is early enough for all keys from `item` on.
bool SavedStates::begins_by(const Saver& saver, const Key& key, int item) const {
  const Axes& axes = graph_.nodes[static_cast<std::size_t>(saver.node)].axes;
  const auto index = graph_.plan.index_of(key, axes);
  return key.item < item ||
         (key.item == item && index == scope_of(graph_.plan, axes, Within::item, key).first);
}

/// Takes out of a stage's states those that no continued run would begin at. Requires: the same was
/// done with those that it feeds.
std::vector<Key> SavedStates::take_useless(Saver& saver) {
  int limit = done_;
  for (const std::size_t follower : saver.followers)
    limit = std::min(limit, savers_[follower].base);
  auto& states = saver.states;
  const auto after_base = std::find_if(
      states.begin(), states.end(), [&](const Key& key) { return !begins_by(saver, key, limit); });
  std::vector<Key> useless;
  if (after_base != states.begin()) {
    useless.assign(states.begin(), std::prev(after_base));
    states.erase(states.begin(), std::prev(after_base));
    saver.base = states.front().item;
  }
  while (states.size() > kMost) {
    useless.push_back(*std::prev(states.end(), 2));
    states.erase(std::prev(states.end(), 2));
  }
  return useless;
}

void SavedStates::thin() {
  bool synced = false;
  for (Saver& saver : savers_) {
    const GraphNode& node = graph_.nodes[static_cast<std::size_t>(saver.node)];
    for (const Key& key : take_useless(saver)) {
      if (!synced) journal_.sync();  // what is done must outlast the states that it was made from
      synced = true;
      journal_.remove_state(node.name, mark_of(graph_.plan, key));
    }
  }
}

}  // namespace ladcast
