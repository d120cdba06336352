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
  for (std::size_t i = 0; i < graph.nodes.size(); ++i)
    need_what_is_lacking(static_cast<int>(i), done);
  do drain();
  while (settle_all(done));
  count_marks();
}

/// Needs what a sink has not brought to safety, and the end of a stage that saves states.
void Work::need_what_is_lacking(int node, const Done& done) {
  const GraphNode& at = node_at(node);
  const auto count = static_cast<std::int64_t>(marks_of(node).size());
  if (at.saves() && !done.ended && count > 0) need_at(node, count - 1);
  if (at.is_read() || (at.saves() && !at.keeps())) return;
  for (std::int64_t i = 0; i < count; ++i)
    if (!done.committed(node, graph_.plan.key_at(i, at.axes))) need_at(node, i);
}

std::size_t Work::place(int node, const Key& key) const {
  return static_cast<std::size_t>(graph_.plan.index_of(key, node_at(node).axes));
}

bool Work::needs(int node, const Key& key) const {
  if (graph_.nodes[static_cast<std::size_t>(node)].axes.item && skipped(key.item)) return false;
  return marks_[static_cast<std::size_t>(node)][place(node, key)] != kNot;
}

bool Work::restored(int node, const Key& key) const {
  return marks_[static_cast<std::size_t>(node)][place(node, key)] == kRestored;
}

bool Work::without_inputs(int node, const Key& key) const {
  return node_at(node).feedback >= 0 && restored(node, key);
}

std::vector<Key> Work::keys(int node) const {
  auto keys = graph_.plan.keys(node_at(node).axes);
  std::erase_if(keys, [&](const Key& key) { return !needs(node, key); });
  return keys;
}

std::int64_t Work::count_of(int node) const {
  const Axes& axes = node_at(node).axes;
  if (!axes.item) return static_cast<std::int64_t>(keys(node).size());
  std::int64_t count = 0;
  for (int item = 0; item < graph_.plan.items(); ++item) count += count_of(node, item);
  return count;
}

int Work::count_of(int node, int item) const {
  const Axes& axes = node_at(node).axes;
  const KeyScope of_item = scope_of(graph_.plan, axes, Within::item, {item, 0, 0});
  int count = 0;
  for (std::int64_t i = of_item.first; i < of_item.end; ++i)
    count += needs(node, graph_.plan.key_at(i, axes)) ? 1 : 0;
  return count;
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
  need_at(node, graph_.plan.index_of(key, node_at(node).axes));
}

void Work::need_at(int node, std::int64_t place) {
  const GraphNode& at = node_at(node);
  const auto mark = [&](std::int64_t i) {
    Mark& old = marks_of(node)[static_cast<std::size_t>(i)];
    if (old != kNot) return false;
    old = kNeeded;
    open_.emplace_back(node, graph_.plan.key_at(i, at.axes));
    return true;
  };
  const auto order = at.stage->order();
  if (!mark(place) || !order || at.stage->outputs().empty() || at.saves()) return;
  const KeyScope scope = scope_of(graph_.plan, at.axes, *order, graph_.plan.key_at(place, at.axes));
  for (std::int64_t i = scope.first; i < scope.end; i += scope.step) mark(i);
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

bool Work::settle_all(const Done& done) {
  bool changed = false;
  for (std::size_t i = 0; i < graph_.nodes.size(); ++i) {
    const int node = static_cast<int>(i);
    if (graph_.nodes[i].saves()) changed |= settle_states(node, done);
    if (graph_.nodes[i].feedback < 0) continue;
    for (int item = 0; item < graph_.plan.items(); ++item)
      for (int batch = 0; batch < graph_.plan.batch_count(); ++batch)
        changed |= settle_rollout(node, item, batch, done);
  }
  return changed;
}

/// Needs all keys of a stage that saves states, from the last state at or before its first needed
/// key on.
bool Work::settle_states(int node, const Done& done) {
  const Axes& axes = node_at(node).axes;
  auto& marks = marks_of(node);
  const auto saved = [&](std::size_t i) {
    return done.saved(node, graph_.plan.key_at(static_cast<std::int64_t>(i), axes));
  };
  auto start = static_cast<std::size_t>(
      std::find_if(marks.begin(), marks.end(), [](Mark mark) { return mark != kNot; }) -
      marks.begin());
  if (start == marks.size()) return false;
  while (start > 0 && !saved(start)) --start;
  for (std::size_t i = start; i < marks.size(); ++i) {
    if (marks[i] == kNot) need_at(node, static_cast<std::int64_t>(i));
    marks[i] = kNeeded;
  }
  if (saved(start)) marks[start] = kRestored;
  return !open_.empty();
}

/// Fills in the steps of a trajectory from the last saved state up to its last needed step.
bool Work::settle_rollout(int node, int item, int batch, const Done& done) {
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
  for (std::size_t i = 0; i < graph_.nodes.size(); ++i) {
    const Axes& axes = graph_.nodes[i].axes;
    for (std::size_t place = 0; place < marks_[i].size(); ++place) {
      if (marks_[i][place] == kNot) continue;
      ++count_;
      if (!axes.item) continue;
      const Key key = graph_.plan.key_at(static_cast<std::int64_t>(place), axes);
      ++by_item_[static_cast<std::size_t>(key.item)];
    }
  }
}

KeyScope scope_of(const Plan& plan, const Axes& axes, Within within, const Key& key) {
  const std::int64_t all = plan.count(axes);
  if (within == Within::plan || !axes.item) return {0, all, 1};
  const std::int64_t batches = plan.extent(axes, Axis::member);
  const std::int64_t each = batches * plan.extent(axes, Axis::lead);
  const std::int64_t first = key.item * each;
  if (within == Within::item) return {first, first + each, 1};
  return {first + (axes.batch ? key.batch : 0), first + each, batches};
}

}  // namespace ladcast
