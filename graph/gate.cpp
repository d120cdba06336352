#include "graph/gate.h"

#include <algorithm>
#include <tuple>

#include "graph/trace.h"

namespace ladcast {
namespace {

const char* describe(Cause cause) {
  switch (cause) {
    case Cause::workers:
      return "all workers are busy";
    case Cause::credit:
      return "no step credit is left";
    case Cause::admission:
      return "its trajectory is not admitted";
    case Cause::limit:
      return "its limit is reached";
    case Cause::order:
      return "its turn has not come";
  }
  return "";
}

}  // namespace

Ticket::~Ticket() { gate_.give_back(account_); }

void merge(Tickets& into, const Tickets& from) {
  for (const auto& ticket : from)
    if (std::find(into.begin(), into.end(), ticket) == into.end()) into.push_back(ticket);
}

void drop_steps(Tickets& tickets, int node) {
  std::erase_if(tickets, [node](const TicketRef& ticket) {
    const Account& account = ticket->account();
    return account.kind == Account::Kind::step && (node < 0 || account.node == node);
  });
}

bool Gate::First::operator()(const std::unique_ptr<Task>& a, const std::unique_ptr<Task>& b) const {
  const auto rank = [this](const Task& task) {
    const int depth = graph->nodes[static_cast<std::size_t>(task.node())].depth;
    return std::tuple(-depth, task.key(), task.node());
  };
  return rank(*a) < rank(*b);
}

Gate::Gate(const Graph& graph, const Work& work, std::vector<std::vector<int>> workers,
           std::function<void(Task*)> start,
           std::function<std::unique_ptr<Task>(int, Key)> make_source_task)
    : graph_(graph),
      work_(work),
      workers_(std::move(workers)),
      start_(std::move(start)),
      make_source_task_(std::move(make_source_task)),
      waiting_(First{&graph}),
      busy_nodes_(graph.nodes.size(), 0) {
  for (const auto& devices : workers_) busy_lanes_.emplace_back(devices.size(), 0);
  next_trajectory_ = first_from(0);
}

Gate::~Gate() { stop(); }

Gate::Tasks Gate::submit(Tasks tasks) {
  Tasks given_up;
  const std::lock_guard lock(mutex_);
  for (auto& task : tasks) {
    if (stopped_) continue;
    if (work_.skipped(task->key().item))
      given_up.push_back(std::move(task));
    else
      waiting_.insert(std::move(task));
  }
  return given_up;
}

int& Gate::busy(const GraphNode& node, const Key& key) {
  if (node.lane < 0) return busy_cpu_;
  return busy_lanes_[static_cast<std::size_t>(node.lane)][graph_.device_of(node, key)];
}

bool Gate::has_free_worker(const GraphNode& node, const Key& key) const {
  if (node.lane < 0) return busy_cpu_ < graph_.plan.threads;
  const auto lane = static_cast<std::size_t>(node.lane);
  const auto device = graph_.device_of(node, key);
  return busy_lanes_[lane][device] < workers_[lane][device];
}

void Gate::ended(int node, const Key& key) {
  const std::lock_guard lock(mutex_);
  --busy_nodes_[static_cast<std::size_t>(node)];
  --busy(graph_.nodes[static_cast<std::size_t>(node)], key);
}

void Gate::give_back(const Account& account) {
  const std::lock_guard lock(mutex_);
  switch (account.kind) {
    case Account::Kind::item:
      --open_items_;
      break;
    case Account::Kind::trajectory:
      --open_trajectories_;
      break;
    case Account::Kind::step:
      if (--steps_[account] == 0) steps_.erase(account);
      break;
  }
}

bool Gate::has_work(int item, int batch) const {
  for (std::size_t i = 0; i < graph_.nodes.size(); ++i)
    if (graph_.nodes[i].axes.batch == (batch >= 0) &&
        work_.next(static_cast<int>(i), item, batch, 0))
      return true;
  return false;
}

std::optional<Gate::Trajectory> Gate::first_from(int item) const {
  for (; item < graph_.plan.items(); ++item) {
    for (int batch = 0; graph_.has_batches() && batch < graph_.plan.batch_count(); ++batch)
      if (has_work(item, batch)) return Trajectory{item, batch};
    if (has_work(item, -1)) return Trajectory{item, -1};
  }
  return {};
}

std::optional<Gate::Trajectory> Gate::next_after(const Trajectory& trajectory) const {
  if (trajectory.batch >= 0)
    for (int batch = trajectory.batch + 1; batch < graph_.plan.batch_count(); ++batch)
      if (has_work(trajectory.item, batch)) return Trajectory{trajectory.item, batch};
  return first_from(trajectory.item + 1);
}

void Gate::open_item(int item) {
  int sources = 0;
  for (std::size_t i = 0; i < graph_.nodes.size(); ++i) {
    const GraphNode& node = graph_.nodes[i];
    if (!node.is_source() || node.axes.batch) continue;
    const auto first = work_.next(static_cast<int>(i), item, 0, 0);
    if (!first) continue;
    ++sources;
    waiting_.insert(make_source_task_(static_cast<int>(i), *first));
  }
  ++open_items_;
  items_[item] = {
      std::make_shared<const Ticket>(*this, Account{Account::Kind::item, -1, item, 0}, nullptr),
      sources};
}

/// Its sources start here, and its rollouts where they start from a saved state.
void Gate::open_trajectory(int item, int batch) {
  int openers = 0;
  for (std::size_t i = 0; i < graph_.nodes.size(); ++i) {
    const GraphNode& node = graph_.nodes[i];
    if (!node.axes.batch) continue;
    const auto first = work_.next(static_cast<int>(i), item, batch, 0);
    if (!first) continue;
    const bool restored = work_.without_inputs(static_cast<int>(i), *first);
    if (node.opens_trajectories || restored) ++openers;
    if (node.is_source() || restored)
      waiting_.insert(make_source_task_(static_cast<int>(i), *first));
  }
  ++open_trajectories_;
  admitted_[{item, batch}] = {
      std::make_shared<const Ticket>(*this, Account{Account::Kind::trajectory, -1, item, batch},
                                     items_.at(item).ticket),
      openers};
}

/// Lets an item's ticket go once all of its trajectories are admitted and its sources are done.
void Gate::drop_item_ticket(int item, Tickets& dropped) {
  const auto held = items_.find(item);
  const bool more = next_trajectory_ && next_trajectory_->item == item;
  if (held == items_.end() || held->second.openers > 0 || more) return;
  dropped.push_back(std::move(held->second.ticket));
  items_.erase(held);
}

/// Admits trajectories in plan order. One item may be read ahead of the trajectories that are
/// alive.
void Gate::admit(Tickets& dropped) {
  const Plan& plan = graph_.plan;
  while (next_trajectory_) {
    const auto [item, batch] = *next_trajectory_;
    if (batch >= 0 && open_trajectories_ >= plan.in_flight) return;
    if (!items_.contains(item)) {
      if (open_items_ > plan.in_flight) return;
      open_item(item);
    }
    if (batch >= 0) open_trajectory(item, batch);
    next_trajectory_ = next_after(*next_trajectory_);
    drop_item_ticket(item, dropped);
  }
}

Gate::Tasks Gate::skip(int item) {
  Tasks given_up;
  Tickets dropped;  // dies after the lock is released
  const std::lock_guard lock(mutex_);
  for (auto at = waiting_.begin(); at != waiting_.end();) {
    const auto next = std::next(at);
    if ((*at)->key().item == item) given_up.push_back(std::move(waiting_.extract(at).value()));
    at = next;
  }
  if (const auto held = items_.find(item); held != items_.end()) {
    dropped.push_back(std::move(held->second.ticket));
    items_.erase(held);
  }
  for (auto at = admitted_.begin(); at != admitted_.end();) {
    if (at->first.first == item) dropped.push_back(std::move(at->second.ticket));
    at = at->first.first == item ? admitted_.erase(at) : std::next(at);
  }
  if (next_trajectory_ && next_trajectory_->item == item) next_trajectory_ = first_from(item + 1);
  return given_up;
}

bool Gate::is_step(const Task& task) const {
  const GraphNode& node = graph_.nodes[static_cast<std::size_t>(task.node())];
  return node.feedback >= 0 || node.is_lead_source();
}

/// Whether the task is the first of its trajectory in a node that begins it.
bool Gate::opens(const Task& task) const {
  const GraphNode& node = graph_.nodes[static_cast<std::size_t>(task.node())];
  if (!node.opens_trajectories && !work_.without_inputs(task.node(), task.key())) return false;
  const Key& key = task.key();
  return work_.next(task.node(), key.item, key.batch, 0) == key;
}

bool Gate::may_start(const Task& task, Cause* why) const {
  const GraphNode& node = graph_.nodes[static_cast<std::size_t>(task.node())];
  const auto no = [why](Cause cause) {
    *why = cause;
    return false;
  };
  const Key& key = task.key();
  if (opens(task) && !admitted_.contains({key.item, key.batch})) return no(Cause::admission);
  if (is_step(task)) {
    const auto out = steps_.find({Account::Kind::step, task.node(), key.item, key.batch});
    if (out != steps_.end() && out->second >= graph_.plan.window) return no(Cause::credit);
  }
  if (!has_free_worker(node, key)) return no(Cause::workers);
  const int limit = node.stage->order() ? 1 : node.limit;
  if (limit > 0 && busy_nodes_[static_cast<std::size_t>(task.node())] >= limit)
    return no(Cause::limit);
  return true;
}

/// Gives the task the tickets that its messages will carry, and counts a step.
void Gate::take_tickets(Task& task, Tickets& dropped) {
  const GraphNode& node = graph_.nodes[static_cast<std::size_t>(task.node())];
  const Key& key = task.key();
  const bool opener = opens(task);
  if (node.is_source() || opener) {
    const bool by_batch = node.axes.batch;
    Admitted& held = by_batch ? admitted_.at({key.item, key.batch}) : items_.at(key.item);
    merge(task.tickets(), {held.ticket});
    // A source along lead needs the ticket until its last lead, a rollout only for its first step.
    const bool last = !work_.next(task.node(), key.item, key.batch, key.lead + 1);
    if (!node.is_source() || last) {
      --held.openers;
      if (!by_batch) {
        drop_item_ticket(key.item, dropped);
      } else if (held.openers == 0) {
        dropped.push_back(std::move(held.ticket));
        admitted_.erase({key.item, key.batch});
      }
    }
  }
  if (is_step(task)) {
    const Account account{Account::Kind::step, task.node(), key.item, key.batch};
    ++steps_[account];
    task.tickets().push_back(std::make_shared<const Ticket>(*this, account, nullptr));
  }
}

void Gate::pump() {
  std::vector<std::unique_ptr<Task>> starting;
  for (bool again = true; again;) {
    Tickets dropped;  // dies after the lock is released, and may make room for more
    {
      const std::lock_guard lock(mutex_);
      if (stopped_) break;
      admit(dropped);
      const std::int64_t now = trace_ ? trace_->now() : 0;
      for (auto at = waiting_.begin(); at != waiting_.end();) {
        Cause cause{};
        if (!may_start(**at, &cause)) {
          if (trace_) (*at)->wait().hold(now, cause);
          ++at;
          continue;
        }
        auto task = std::move(waiting_.extract(at++).value());
        const GraphNode& node = graph_.nodes[static_cast<std::size_t>(task->node())];
        ++busy_nodes_[static_cast<std::size_t>(task->node())];
        ++busy(node, task->key());
        take_tickets(*task, dropped);
        if (trace_) task->wait().let_go(now);
        starting.push_back(std::move(task));
      }
      if (trace_) count_for_trace(now);
    }
    again = !dropped.empty();
  }
  for (auto& task : starting) start_(task.release());
}

/// Tells the trace the counters that have changed. Requires: mutex_ is held.
void Gate::count_for_trace(std::int64_t now) {
  std::vector<std::int64_t> counts(Trace::lane_queues + graph_.lanes.size(), 0);
  for (const auto& [account, steps] : steps_) counts[Trace::credits] += steps;
  counts[Trace::trajectories] = open_trajectories_;
  counts[Trace::waiting] = static_cast<std::int64_t>(waiting_.size());
  for (const auto& task : waiting_) {
    const int lane = graph_.nodes[static_cast<std::size_t>(task->node())].lane;
    if (task->wait().cause == Cause::workers)
      ++counts[lane < 0 ? Trace::cpu_queue : Trace::lane_queues + static_cast<std::size_t>(lane)];
  }
  counted_.resize(counts.size(), 0);
  for (std::size_t i = 0; i < counts.size(); ++i)
    if (i != Trace::bytes && counts[i] != counted_[i]) trace_->count(i, counts[i], now);
  counted_ = std::move(counts);
}

void Gate::stop() {
  std::multiset<std::unique_ptr<Task>, First> waiting(First{&graph_});
  std::map<int, Admitted> items;
  std::map<std::pair<int, int>, Admitted> admitted;
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  waiting.swap(waiting_);
  items.swap(items_);
  admitted.swap(admitted_);
}

std::vector<std::string> Gate::waiting() {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> lines;
  for (const auto& task : waiting_) {
    const GraphNode& node = graph_.nodes[static_cast<std::size_t>(task->node())];
    Cause why{};
    lines.push_back(node.name + " at " + graph_.plan.describe(task->key(), node.axes) + ": " +
                    (may_start(*task, &why) ? "nothing holds it" : describe(why)));
  }
  std::size_t left = 0;
  for (auto next = next_trajectory_; next; next = next_after(*next)) ++left;
  if (left > 0) lines.push_back(std::to_string(left) + " trajectories are not admitted");
  return lines;
}

}  // namespace ladcast
