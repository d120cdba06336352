#include "graph/restore.h"

#include <algorithm>

namespace ladcast {

Restore::Restore(Graph& graph, Journal& journal, Host host)
    : graph_(graph), journal_(journal), host_(std::move(host)), committed_(graph.nodes.size()) {}

std::size_t Restore::place(int node, const Key& key) const {
  const GraphNode& at = graph_.nodes[static_cast<std::size_t>(node)];
  return static_cast<std::size_t>(graph_.plan.index_of(key, at.axes));
}

void Restore::take_up() {
  for (const int node : graph_.order)
    if (graph_.nodes[static_cast<std::size_t>(node)].keeps() && !host_.stopping()) take_up(node);
}

void Restore::take_up(int node) {
  GraphNode& sink = graph_.nodes[static_cast<std::size_t>(node)];
  auto& committed = committed_[static_cast<std::size_t>(node)];
  committed.resize(static_cast<std::size_t>(graph_.plan.count(sink.axes)));
  host_.at_home(sink, [&] {
    for (int item = 0; item < graph_.plan.items() && !host_.stopping(); ++item)
      for (const Key& key : take_up(sink, item)) committed[place(node, key)] = true;
  });
}

/// Returns the keys that the sink keeps.
std::vector<Key> Restore::take_up(GraphNode& node, int item) {
  const Time init = graph_.plan.inits[static_cast<std::size_t>(item)];
  const auto in_plan = [&](const Mark& mark) {
    return mark.batch >= 0 && mark.batch < graph_.plan.batch_count() &&
           (node.axes.leads.empty() || node.axes.leads.contains(mark.lead));
  };
  std::vector<Committed> before;
  for (const Commit& commit : journal_.commits(node.name, init))
    if (in_plan(commit.mark))
      before.push_back({{item, commit.mark.lead, commit.mark.batch}, commit.note});
  if (before.empty()) return {};
  try {
    if (static_cast<Ordered&>(*node.stage).restore(item, before)) {
      std::vector<Key> keys;
      for (const auto& each : before) keys.push_back(each.key);
      return keys;
    }
    journal_.lose(node.name, init);
    host_.notice(fmt::format("what node '{}' wrote for {} is lost and is made again", node.name,
                             graph_.plan.item_name(item)));
  } catch (const std::exception& error) {
    host_.failed(node, "go on at " + graph_.plan.item_name(item), error.what());
  }
  return {};
}

Done Restore::done() const {
  return {[this](int node, const Key& key) {
            const auto& committed = committed_[static_cast<std::size_t>(node)];
            return !committed.empty() && committed[place(node, key)];
          },
          [this](int node, const Key& key) {
            return journal_.has_state(graph_.nodes[static_cast<std::size_t>(node)].name,
                                      mark_of(graph_.plan, key));
          },
          journal_.ended()};
}

void Restore::finish_items(const Work& work) {
  for (const int node : graph_.order)
    if (!committed_[static_cast<std::size_t>(node)].empty() && !host_.stopping())
      host_.at_home(graph_.nodes[static_cast<std::size_t>(node)],
                    [&] { finish_items(node, work); });
}

void Restore::finish_items(int node, const Work& work) {
  GraphNode& sink = graph_.nodes[static_cast<std::size_t>(node)];
  const auto committed = committed_[static_cast<std::size_t>(node)].begin();
  for (int item = 0; item < (sink.axes.item ? graph_.plan.items() : 1); ++item) {
    const KeyScope keys = scope_of(graph_.plan, sink.axes, Within::item, {item, 0, 0});
    const auto end = committed + keys.end;
    if (std::find(committed + keys.first, end, true) == end || work.count_of(node, item) > 0)
      continue;
    try {
      sink.stage->finish_item(item);
    } catch (const std::exception& error) {
      host_.failed(sink, "finish an item", error.what());
      return;
    }
  }
}

}  // namespace ladcast
