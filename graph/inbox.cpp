#include "graph/inbox.h"

#include <fmt/format.h>

#include <algorithm>

namespace ladcast {

Inbox::Inbox(const Graph& graph, const Work& work, int node, TaskHost& host)
    : graph_(graph),
      work_(work),
      node_(graph.nodes[static_cast<std::size_t>(node)]),
      index_(node),
      host_(host) {
  for (const auto* input : node_.stage->inputs()) {
    const auto& edges = node_.inputs[static_cast<std::size_t>(input->index())];
    PortPlan port;
    if (!edges.empty()) {
      const Origin& origin = edges.front();
      port.axes = graph.nodes[static_cast<std::size_t>(origin.node)]
                      .specs[static_cast<std::size_t>(origin.port)]
                      .axes;
      port.expected = static_cast<int>(edges.size());
      if (input->kind() == InPort::Kind::collect || input->kind() == InPort::Kind::fold) {
        port.expected = graph.plan.extent(port.axes, input->axis());
        port.gathers[static_cast<std::size_t>(input->axis())] = true;
      }
    }
    ports_.push_back(port);
    if (!input->feedback()) expected_ += port.expected;
  }
}

Key Inbox::name_of_scope(const Key& key) const {
  switch (*node_.stage->order()) {
    case Within::plan:
      return {};
    case Within::item:
      return {key.item, 0, 0};
    case Within::trajectory:
      return {key.item, 0, key.batch};
  }
  return {};
}

/// The needed tasks that a message belongs to: its own indices where it has the axis, all where it
/// has not.
std::vector<Key> Inbox::task_keys(const PortPlan& port, const Key& key) const {
  const auto fixed = [&](Axis axis, bool has) {
    return has && !port.gathers[static_cast<std::size_t>(axis)];
  };
  const Axes& axes = node_.axes;
  Axes open{axes.item && !fixed(Axis::item, port.axes.item),
            fixed(Axis::lead, !port.axes.leads.empty()) ? Leads{} : axes.leads,
            axes.batch && !fixed(Axis::member, port.axes.batch)};
  std::vector<Key> keys = graph_.plan.keys(open);
  for (Key& k : keys) {
    if (axes.item && !open.item) k.item = key.item;
    if (!axes.leads.empty() && open.leads.empty()) k.lead = key.lead;
    if (axes.batch && !open.batch) k.batch = key.batch;
  }
  std::erase_if(keys, [this](const Key& k) {
    return !work_.needs(index_, k) || work_.without_inputs(index_, k);
  });
  return keys;
}

int Inbox::place(const InPort& input, const PortPlan& port, const Key& key, int slot) const {
  if (input.kind() == InPort::Kind::one) return 0;
  if (input.kind() == InPort::Kind::many) return slot;
  switch (input.axis()) {
    case Axis::item:
      return key.item;
    case Axis::lead:
      return port.axes.leads.empty() ? 0
                                     : (key.lead - port.axes.leads.first) / port.axes.leads.stride;
    case Axis::member:
      return key.batch;
  }
  return 0;
}

Inbox::Partial& Inbox::partial(const Key& key) {
  Partial& partial = partials_[key];
  if (!partial.task) {
    partial.task = std::make_unique<Task>(host_, index_, key, ports_.size());
    if (work_.restored(index_, key)) partial.task->set_restored();
    partial.missing = expected_;
  }
  return partial;
}

Inbox::Tasks Inbox::put(int port_index, int slot, Message message) {
  Tasks ready;
  const auto index = static_cast<std::size_t>(port_index);
  const InPort& input = *node_.stage->inputs()[index];
  const PortPlan& port = ports_[index];
  const std::lock_guard lock(mutex_);
  if (port.axes.item && work_.skipped(message.key.item)) return ready;
  if (node_.feedback >=
      0) {  // a rollout: step 0 comes from the seed, each other from the step before
    const Leads& leads = node_.axes.leads;
    if (!input.feedback()) {
      PortPlan seed = port;
      seed.axes.leads = leads;
      for (const Key& key : task_keys(seed, {message.key.item, leads.first, message.key.batch}))
        fill(key, port_index, 0, message, ready);
      return ready;
    }
    const Key key{message.key.item, message.key.lead - 1 + leads.stride, message.key.batch};
    if (!leads.contains(key.lead) || !work_.needs(index_, key)) return ready;  // the last step's
    drop_steps(message.tickets, index_);
    partial(key).missing = 1;
    fill(key, port_index, 0, message, ready);
    return ready;
  }
  const int at = place(input, port, message.key, slot);
  for (const Key& key : task_keys(port, message.key)) fill(key, port_index, at, message, ready);
  return ready;
}

void Inbox::fill(const Key& key, int port_index, int place, const Message& message, Tasks& ready) {
  const auto index = static_cast<std::size_t>(port_index);
  Partial& p = partial(key);
  if (node_.stage->inputs()[index]->kind() == InPort::Kind::fold) {
    p.early.emplace(place, message);
    advance_fold(key, p, port_index, ready);
    return;
  }
  auto& messages = p.task->inputs_[index];
  messages.resize(static_cast<std::size_t>(ports_[index].expected));
  messages[static_cast<std::size_t>(place)] = message;
  if (--p.missing == 0) complete(key, ready);
}

void Inbox::advance_fold(const Key& key, Partial& p, int port_index, Tasks& ready) {
  while (!p.busy && p.given_up.contains(p.next)) {
    ++p.next;
    if (--p.missing == 0) {
      complete(key, ready);
      return;
    }
  }
  const auto next = p.early.find(p.next);
  if (p.busy || next == p.early.end()) return;
  auto task = std::make_unique<Task>(host_, index_, key, ports_.size());
  task->folding_ = true;
  task->state_ = p.state;
  task->tickets_ = next->second.tickets;
  task->inputs_[static_cast<std::size_t>(port_index)].push_back(std::move(next->second));
  p.early.erase(next);
  p.busy = true;
  ready.push_back(std::move(task));
}

void Inbox::complete(const Key& key, Tasks& ready) {
  const auto found = partials_.find(key);
  auto task = std::move(found->second.task);
  task->state_ = std::move(found->second.state);
  partials_.erase(found);
  for (const auto& messages : task->inputs_)
    for (const auto& message : messages) merge(task->tickets_, message.tickets);
  release(std::move(task), ready);
}

/// Lets a task go, or keeps it until its turn.
void Inbox::release(std::unique_ptr<Task> task, Tasks& ready) {
  if (!node_.stage->order()) {
    ready.push_back(std::move(task));
    return;
  }
  const Key key = task->key();
  const auto [found, added] = sequences_.try_emplace(name_of_scope(key));
  Sequence& sequence = found->second;
  if (added) sequence.keys = scope_of(graph_.plan, node_.axes, *node_.stage->order(), key);
  sequence.waiting.emplace(key, std::move(task));
  advance(sequence, ready);
}

/// Releases the next task of a sequence if it is there and the one before has come back.
void Inbox::advance(Sequence& sequence, Tasks& ready) {
  if (sequence.out) return;
  KeyScope& keys = sequence.keys;
  const auto next_key = [&] { return graph_.plan.key_at(keys.first, node_.axes); };
  while (keys.first < keys.end && !work_.needs(index_, next_key())) keys.first += keys.step;
  if (keys.first >= keys.end) return;
  const auto next = sequence.waiting.find(next_key());
  if (next == sequence.waiting.end()) return;
  ready.push_back(std::move(next->second));
  sequence.waiting.erase(next);
  sequence.out = true;
}

Inbox::Tasks Inbox::skip(int item) {
  Tasks ready;
  std::vector<Partial> dropped;  // dies after the lock is released
  Tasks dropped_tasks;
  const std::lock_guard lock(mutex_);
  if (node_.axes.item) {
    for (auto at = partials_.begin(); at != partials_.end();) {
      if (at->first.item == item) dropped.push_back(std::move(at->second));
      at = at->first.item == item ? partials_.erase(at) : std::next(at);
    }
    for (auto& [scope, sequence] : sequences_) {
      for (auto at = sequence.waiting.begin(); at != sequence.waiting.end();) {
        if (at->first.item == item) dropped_tasks.push_back(std::move(at->second));
        at = at->first.item == item ? sequence.waiting.erase(at) : std::next(at);
      }
      advance(sequence, ready);
    }
    return ready;
  }
  for (std::size_t port = 0; port < ports_.size(); ++port)
    if (ports_[port].gathers[static_cast<std::size_t>(Axis::item)])
      for (const Key& key : work_.keys(index_))
        give_up_place(key, static_cast<int>(port), item, ready);
  return ready;
}

/// Leaves one place of a gather over items empty, unless its message has come.
void Inbox::give_up_place(const Key& key, int port, int place, Tasks& ready) {
  Partial& p = partial(key);
  if (node_.stage->inputs()[static_cast<std::size_t>(port)]->kind() == InPort::Kind::fold) {
    if (place < p.next || p.early.contains(place) || (p.busy && place == p.next)) return;
    p.given_up.insert(place);
    advance_fold(key, p, port, ready);
    return;
  }
  auto& messages = p.task->inputs_[static_cast<std::size_t>(port)];
  messages.resize(static_cast<std::size_t>(ports_[static_cast<std::size_t>(port)].expected));
  if (messages[static_cast<std::size_t>(place)].payload) return;
  if (--p.missing == 0) complete(key, ready);
}

Inbox::Tasks Inbox::done(Task& task) {
  Tasks ready;
  const std::lock_guard lock(mutex_);
  if (task.folding_) {
    const auto found = partials_.find(task.key());
    if (found == partials_.end()) return ready;  // cleared
    Partial& p = found->second;
    p.state = std::move(task.state_);
    p.busy = false;
    ++p.next;
    const auto port = static_cast<std::size_t>(
        std::find_if(node_.stage->inputs().begin(), node_.stage->inputs().end(),
                     [](const auto* input) { return input->kind() == InPort::Kind::fold; }) -
        node_.stage->inputs().begin());
    if (p.next == ports_[port].expected) merge(p.task->tickets_, task.tickets_);
    if (--p.missing == 0)
      complete(task.key(), ready);
    else
      advance_fold(task.key(), p, static_cast<int>(port), ready);
  } else if (node_.stage->order()) {
    const auto found = sequences_.find(name_of_scope(task.key()));
    if (found == sequences_.end()) return ready;  // cleared
    Sequence& sequence = found->second;
    sequence.out = false;
    sequence.keys.first += sequence.keys.step;
    advance(sequence, ready);
    if (sequence.keys.first >= sequence.keys.end) sequences_.erase(found);
  }
  return ready;
}

std::vector<std::string> Inbox::lacking(std::size_t lines) const {
  std::vector<std::string> text;
  const std::lock_guard lock(mutex_);
  for (const auto& [key, p] : partials_) {
    if (text.size() == lines) break;
    std::string lacks;
    for (std::size_t port = 0; port < ports_.size(); ++port) {
      const auto& messages = p.task->inputs_[port];
      int there = 0;
      for (const auto& message : messages) there += message.payload ? 1 : 0;
      const InPort& input = *node_.stage->inputs()[port];
      if (input.kind() == InPort::Kind::fold) there = p.next;
      if (there < ports_[port].expected &&
          !(node_.feedback >= 0 && input.feedback() != (key.lead > node_.axes.leads.first)))
        lacks += fmt::format("{}{} of {} for '{}'", lacks.empty() ? "" : ", ",
                             ports_[port].expected - there, ports_[port].expected, input.name());
    }
    text.push_back(
        fmt::format("{} at {} lacks {}", node_.name, graph_.plan.describe(key, node_.axes), lacks));
  }
  for (const auto& [scope, sequence] : sequences_)
    if (!sequence.waiting.empty() && text.size() < lines)
      text.push_back(fmt::format(
          "{} waits in order for {}", node_.name,
          graph_.plan.describe(graph_.plan.key_at(sequence.keys.first, node_.axes), node_.axes)));
  return text;
}

void Inbox::clear() {
  std::map<Key, Partial> partials;
  std::map<Key, Sequence> sequences;
  const std::lock_guard lock(mutex_);
  partials.swap(partials_);
  sequences.swap(sequences_);
}

}  // namespace ladcast
