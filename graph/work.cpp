#include "graph/work.h"

#include <algorithm>

namespace ladcast {

Work::Work(const Graph& graph)
    : graph_(graph), skipped_(static_cast<std::size_t>(graph.plan.items())) {
  for (const auto& node : graph.nodes)
    marks_.emplace_back(static_cast<std::size_t>(graph.plan.count(node.axes)), kNeeded);
  count_marks();
}

Work::Work(const Graph& graph, const Done& done)
    : graph_(graph), skipped_(static_cast<std::size_t>(graph.plan.items())) {
  for (const auto& node : graph.nodes)
    marks_.emplace_back(static_cast<std::size_t>(graph.plan.count(node.axes)), kNot);
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const GraphNode& node = graph.nodes[i];
    if (std::any_of(node.outputs.begin(), node.outputs.end(),
                    [](const auto& targets) { return !targets.empty(); }))
      continue;
    for (const Key& key : graph.plan.keys(node.axes))
      if (!done.committed(static_cast<int>(i), key)) need(static_cast<int>(i), key);
  }
  do drain();
  while (settle_rollouts(done));
  count_marks();
}

std::size_t Work::place(int node, const Key& key) const {
  const Plan& plan = graph_.plan;
  const Axes& axes = graph_.nodes[static_cast<std::size_t>(node)].axes;
  const int lead = axes.leads.empty() ? 0 : (key.lead - axes.leads.first) / axes.leads.stride;
  return static_cast<std::size_t>(
      ((axes.item ? key.item : 0) * plan.extent(axes, Axis::lead) + lead) *
          plan.extent(axes, Axis::member) +
      (axes.batch ? key.batch : 0));
}

bool Work::needs(int node, const Key& key) const {
  if (graph_.nodes[static_cast<std::size_t>(node)].axes.item && skipped(key.item)) return false;
  return marks_[static_cast<std::size_t>(node)][place(node, key)] != kNot;
}

bool Work::restored(int node, const Key& key) const {
  return marks_[static_cast<std::size_t>(node)][place(node, key)] == kRestored;
}

std::vector<Key> Work::keys(int node) const {
  auto keys = graph_.plan.keys(graph_.nodes[static_cast<std::size_t>(node)].axes);
  std::erase_if(keys, [&](const Key& key) { return !needs(node, key); });
  return keys;
}

std::optional<Key> Work::next(int node, int item, int batch, int lead) const {
  const Leads& leads = graph_.nodes[static_cast<std::size_t>(node)].axes.leads;
  for (int i = 0; i < std::max(leads.count, 1); ++i) {
    const Key key{item, leads.empty() ? 0 : leads.at(i), batch};
    if (key.lead >= lead && needs(node, key)) return key;
  }
  return {};
}

void Work::need(int node, const Key& key) {
  const GraphNode& at = graph_.nodes[static_cast<std::size_t>(node)];
  Mark& mark = marks_[static_cast<std::size_t>(node)][place(node, key)];
  if (mark != kNot) return;
  mark = kNeeded;
  open_.emplace_back(node, key);
  if (!at.stage->order() || at.stage->outputs().empty()) return;
  // An ordered stage that others read knows what it saw before: it has to see all of it again.
  for (const Key& other : graph_.plan.keys(at.axes)) {
    const bool same = *at.stage->order() == Within::plan || other.item == key.item;
    if (same && (*at.stage->order() != Within::trajectory || other.batch == key.batch))
      need(node, other);
  }
}

void Work::drain() {
  while (!open_.empty()) {
    const auto [node, key] = open_.back();
    open_.pop_back();
    if (graph_.nodes[static_cast<std::size_t>(node)].feedback < 0) need_inputs(node, key);
  }
}

void Work::need_inputs(int node, const Key& key) {
  for (std::size_t port = 0; port < graph_.nodes[static_cast<std::size_t>(node)].inputs.size();
       ++port)
    need_port(node, port, key);
}

/// Needs all messages that a task takes through one port.
void Work::need_port(int node, std::size_t port, const Key& key) {
  const GraphNode& to = graph_.nodes[static_cast<std::size_t>(node)];
  const InPort& input = *to.stage->inputs()[port];
  for (const Origin& origin : to.inputs[port]) {
    const Axes& axes = graph_.nodes[static_cast<std::size_t>(origin.node)]
                           .specs[static_cast<std::size_t>(origin.port)]
                           .axes;
    Axes gathered{false, {}, false};
    if (input.gathers()) {
      gathered.item = axes.item && input.axis() == Axis::item;
      gathered.batch = axes.batch && input.axis() == Axis::member;
      if (input.axis() == Axis::lead) gathered.leads = axes.leads;
    }
    for (Key each : graph_.plan.keys(gathered)) {
      if (!gathered.item) each.item = key.item;
      if (!gathered.batch) each.batch = key.batch;
      if (gathered.leads.empty()) each.lead = key.lead;
      need_message(origin, axes.project(each));
    }
  }
}

/// Needs the task that sends a message: one task may send several leads, or a node only some of
/// those that it sees.
void Work::need_message(const Origin& origin, const Key& key) {
  const GraphNode& from = graph_.nodes[static_cast<std::size_t>(origin.node)];
  const Leads& sent = from.specs[static_cast<std::size_t>(origin.port)].axes.leads;
  const Leads& leads = from.axes.leads;
  Key task = key;
  if (leads.empty())
    task.lead = 0;
  else if (!sent.empty() && !(sent.count < leads.count && leads.contains(key.lead)))
    task.lead = leads.at((key.lead - sent.first) / leads.stride);
  need(origin.node, from.axes.project(task));
}

bool Work::settle_rollouts(const Done& done) {
  bool changed = false;
  for (std::size_t i = 0; i < graph_.nodes.size(); ++i) {
    if (graph_.nodes[i].feedback < 0) continue;
    for (int item = 0; item < graph_.plan.items(); ++item)
      for (int batch = 0; batch < graph_.plan.batch_count(); ++batch)
        changed |= settle(static_cast<int>(i), item, batch, done);
  }
  return changed;
}

/// Fills in the steps of a trajectory from the last saved state up to its last needed step.
bool Work::settle(int node, int item, int batch, const Done& done) {
  const GraphNode& loop = graph_.nodes[static_cast<std::size_t>(node)];
  const Leads& leads = loop.axes.leads;
  auto& marks = marks_[static_cast<std::size_t>(node)];
  const auto key_at = [&](int i) { return Key{item, leads.at(i), batch}; };
  int first = leads.count;
  int last = -1;
  for (int i = 0; i < leads.count; ++i) {
    if (marks[place(node, key_at(i))] == kNot) continue;
    first = std::min(first, i);
    last = i;
  }
  if (last < 0) return false;
  while (first > 0 && !done.saved(node, key_at(first))) --first;
  bool changed = false;
  for (int i = first; i <= last; ++i) {
    const Key key = key_at(i);
    Mark& mark = marks[place(node, key)];
    const Mark wanted = i == first && done.saved(node, key) ? kRestored : kNeeded;
    changed |= mark != wanted;
    mark = wanted;
    if (wanted == kRestored) continue;
    for (std::size_t port = 0; port < loop.inputs.size(); ++port) {
      const bool feedback = static_cast<int>(port) == loop.feedback;
      if (i == 0 && !feedback) need_port(node, port, {item, 0, batch});
      if (i > 0 && feedback)
        for (const Origin& origin : loop.inputs[port])
          need_message(origin, {item, key.lead + 1 - leads.stride, batch});
    }
  }
  return changed || !open_.empty();
}

void Work::count_marks() {
  by_item_.assign(static_cast<std::size_t>(graph_.plan.items()), 0);
  for (std::size_t i = 0; i < graph_.nodes.size(); ++i)
    for (const Key& key : keys(static_cast<int>(i))) {
      ++count_;
      if (graph_.nodes[i].axes.item) ++by_item_[static_cast<std::size_t>(key.item)];
    }
}

}  // namespace ladcast
