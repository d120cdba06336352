// One run. A message travels: Task::send -> broadcast_node of the output -> one function_node for
// each input edge, which fills the Inbox -> Gate -> function_node of the body, which computes in
// the arena or posts to its lane. All function_nodes are unlimited: how many bodies run is the
// Gate's business alone, and no other queue stands before it.
//
// No exception reaches TBB. The first failure sets `stopping`: nothing new starts, bodies and
// inboxes drop what arrives, tickets die, the graph empties, wait_for_all returns.

#include "graph/runtime.h"

#include <tbb/flow_graph.h>
#include <tbb/global_control.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <map>
#include <mutex>
#include <optional>

#include "graph/crash.h"
#include "graph/diagnostics.h"
#include "graph/gate.h"
#include "graph/hand_over.h"
#include "graph/inbox.h"
#include "graph/journal.h"
#include "graph/lane.h"
#include "graph/restore.h"
#include "graph/saved_states.h"
#include "graph/trace.h"
#include "graph/work.h"

namespace ladcast {
namespace {

namespace flow = tbb::flow;

// One message for all edges of a broadcast; the last of its readers deletes it. A plain pointer
// travels, because TBB keeps copies of what it carries for a while after a body has returned, and
// tickets must die before the Gate looks for credits.
class Envelope {
 public:
  Envelope(Message message, int readers) : message_(std::move(message)), left_(readers) {}

  /// Requires: called once by each reader.
  static Message read(Envelope* envelope) {
    Message message = envelope->message_;
    if (envelope->left_.fetch_sub(1, std::memory_order_acq_rel) == 1) delete envelope;
    return message;
  }

 private:
  Message message_;
  std::atomic<int> left_;
};

class Run {
 public:
  Run(Graph& graph, const RunOptions& options) : graph_(graph), options_(options) {}

  RunReport execute() {
    make_lanes();
    open();
    if (!stopping()) restore();
    if (!options_.open_only) flow_all();
    if (!options_.open_only && !stopping()) check_all_done();
    if (!options_.open_only && !stopping()) finish();
    if (finished_ && given_up_.empty() && options_.journal) options_.journal->end();
    close();
    RunReport report;
    report.tasks = done_;
    report.tasks_before = planned() - total_;
    report.peak_payloads = ledger_->peak_payloads();
    report.peak_bytes = ledger_->peak_bytes();
    report.left_payloads = ledger_->payloads();
    for (const auto& lane : lanes_)
      for (const auto& threads : lane) report.devices.push_back(threads->device());
    if (options_.trace) options_.trace->note_peak(report.peak_bytes);
    lanes_.clear();
    throw_failure();
    return report;
  }

 private:
  /// What a node's tasks ask of the engine, and the node's part of the TBB graph.
  class Host final : public TaskHost {
   public:
    Host(Run& run, int index)
        : inbox(run.graph_, *run.work_, index, *this),
          run_(run),
          node_(run.graph_.nodes[static_cast<std::size_t>(index)]),
          stream_(node_.type->name) {}

    void send(const Task& task, int port, Payload payload, Key key) override {
      const OutPort& output = *node_.stage->outputs()[static_cast<std::size_t>(port)];
      const Axes& axes = node_.specs[static_cast<std::size_t>(port)].axes;
      if (!axes.leads.empty() && !axes.leads.contains(key.lead))
        return;  // beyond the last lead asked for
      Message message{axes.project(key), std::move(payload), task.tickets()};
      if (output.detached()) drop_steps(message.tickets);
      run_.tap(task.node(), port, message);
      const auto readers = node_.outputs[static_cast<std::size_t>(port)].size();
      if (readers == 0) return;
      if (run_.options_.trace) message.arrow = run_.options_.trace->stamp(ledger()->bytes());
      auto* envelope = new Envelope(std::move(message), static_cast<int>(readers));
      hand_over(envelope);
      outputs[static_cast<std::size_t>(port)]->try_put(envelope);
    }
    bool stopping() const override { return run_.stopping(); }
    const Plan& plan() const override { return run_.graph_.plan; }
    const std::shared_ptr<Ledger>& ledger() const override { return run_.ledger_; }
    const Axes& axes() const override { return node_.axes; }
    const std::string& stream() const override { return stream_; }
    int first_lead(int port, const Key& key) const override {
      const Leads& leads = node_.specs[static_cast<std::size_t>(port)].axes.leads;
      return node_.axes.leads.empty() || leads.empty()
                 ? key.lead
                 : key.lead + leads.first - node_.axes.leads.first;
    }
    void save(const Task& task, std::string_view state) override {
      if (node_.feedback < 0 && !node_.saves())
        fail("type '{}' saves a state and does not say that it saves()", stream_);
      if (!run_.options_.journal || task.restored()) return;  // what was restored is there
      if (node_.saves())
        run_.states_->save(task.node(), task.key(), state);
      else
        run_.options_.journal->save_state(node_.name, run_.mark(task.key()), state, false);
    }
    std::string saved(const Task& task) const override {
      return run_.options_.journal->state(node_.name, run_.mark(task.key()));
    }

    Inbox inbox;
    std::vector<std::unique_ptr<flow::broadcast_node<Envelope*>>> outputs;
    std::vector<std::unique_ptr<flow::function_node<Envelope*>>> edges;
    std::unique_ptr<flow::function_node<Task*>> body;
    std::map<int, int> left;  // of an Ordered node: tasks left of each item that it has begun
    std::atomic<std::int64_t> done{0};
    std::vector<Key> uncommitted;  // keys that a sink has seen and not committed

   private:
    Run& run_;
    const GraphNode& node_;
    std::string stream_;
  };

  struct Failure {
    std::string where;  // "node 'step' failed at init …"
    NodeFailure details;
  };

  bool stopping() const { return stopping_ || options_.interrupted(); }

  std::int64_t planned() const {
    std::int64_t tasks = 0;
    for (const auto& node : graph_.nodes) tasks += graph_.plan.count(node.axes);
    return tasks;
  }

  Mark mark(const Key& key) const { return mark_of(graph_.plan, key); }

  /// Whether nothing of an item is left to do.
  bool is_done(int item) const {
    return item_done_[static_cast<std::size_t>(item)] == work_->count_in(item);
  }

  static Ordered& ordered(GraphNode& node) { return static_cast<Ordered&>(*node.stage); }

  /// `key` is that of the task whose body failed.
  void record(const GraphNode& node, const std::string& when, const std::string& what,
              const Key* key = nullptr) {
    const std::lock_guard lock(failures_mutex_);
    if (failures_.empty() && options_.interrupted()) return;  // bodies cut short, not failures
    const std::string name = "node '" + node.name + "'";
    const std::string where =
        key         ? name + " failed at " + graph_.plan.describe(*key, node.axes)
        : finished_ ? "all nodes have finished, but " + name + " ends the run with an error"
                    : name + " failed to " + when;
    const Position& at = node.position;
    failures_.push_back({where,
                         {node.name, when, key ? graph_.plan.describe_json(*key, node.axes) : "",
                          what, at.source ? fmt::format("{}:{}", at.source->name, at.line) : ""}});
    stopping_ = true;
  }

  /// The queues of one lane, one for each of its devices.
  using DeviceLanes = std::vector<std::unique_ptr<Lane>>;

  static int threads_of(const DeviceLanes& lane) {
    int threads = 0;
    for (const auto& queue : lane) threads += queue->threads();
    return threads;
  }
  const DeviceLanes& lane_of(const GraphNode& node) const {
    return lanes_[static_cast<std::size_t>(node.lane)];
  }

  void make_lanes() {
    for (const auto& spec : graph_.lanes) {
      auto& lane = lanes_.emplace_back();
      const auto devices = resolve_devices(spec.devices);
      for (const auto& device : devices)
        lane.push_back(
            std::make_unique<Lane>(spec.name, device, device == "cpu" ? graph_.plan.threads : 1));
      if (lane.empty()) lane.push_back(std::make_unique<Lane>(spec.name, "", 1));
      if (options_.trace) options_.trace->add_lane(join(devices), threads_of(lane));
    }
    device_support().set_mode(graph_.fast);
  }

  /// Runs a phase of the node's life where the node lives.
  void at_home(const char* phase, const GraphNode& node, const std::function<void()>& work) {
    const auto start = std::chrono::steady_clock::now();
    at_home(node, [&] {
      const Trace::Span span(options_.trace, phase, static_cast<int>(&node - graph_.nodes.data()));
      const Doing doing("node", node.name.c_str());
      work();
    });
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    options_.phase_done(node.name, phase, seconds.count());
  }

  /// Runs `work` where the node lives: on its lane's first device or here.
  void at_home(const GraphNode& node, const std::function<void()>& work) {
    if (node.lane >= 0)
      lane_of(node).front()->call(work);
    else
      work();
  }

  /// A node is opened on each device of its lane that its tasks may run on.
  void open(int index) {
    GraphNode& node = graph_.nodes[static_cast<std::size_t>(index)];
    at_home("open", node, [&] { node.stage->open(); });
    opened_.push_back(index);
    if (node.lane < 0 || node.stage->order()) return;
    const auto& lane = lane_of(node);
    for (std::size_t i = 1; i < lane.size(); ++i) lane[i]->call([&] { node.stage->open(); });
  }

  void open() {
    for (const int index : graph_.order) {
      GraphNode& node = graph_.nodes[static_cast<std::size_t>(index)];
      node.stage->set_run(options_.origin, options_.journal != nullptr, graph_.skip_items,
                          options_.print);
      try {
        open(index);
      } catch (const std::exception& error) {
        record(node, "open", error.what());
        return;
      }
      if (stopping()) return;
    }
  }

  // ---- what an earlier run did ----

  /// Lets sinks take up what they committed, and finds the work that is left.
  void restore() {
    if (!options_.journal || !options_.resume) {
      work_.emplace(graph_);
    } else {
      Restore restore(graph_, *options_.journal,
                      {[this](const GraphNode& node, const std::function<void()>& work) {
                         at_home("restore", node, work);
                       },
                       [this](const GraphNode& node, const std::string& when,
                              const std::string& what) { record(node, when, what); },
                       options_.notice, [this] { return stopping(); }});
      restore.take_up();
      if (stopping()) return;
      work_.emplace(graph_, restore.done());
      restore.finish_items(*work_);
    }
    total_ = work_->count();
    item_done_ =
        std::vector<std::atomic<std::int64_t>>(static_cast<std::size_t>(graph_.plan.items()));
    keep_states();
  }

  void keep_states() {
    if (!options_.journal || std::none_of(graph_.nodes.begin(), graph_.nodes.end(),
                                          [](const GraphNode& node) { return node.saves(); }))
      return;
    states_.emplace(graph_, *options_.journal, [this](int item) { return is_done(item); });
    states_->update();
  }

  /// What a sink has brought to safety with the task that it has just done.
  void commit(Host& host, GraphNode& node, const Task& task) {
    if (!options_.journal || !ordered(node).keeps()) return;
    const auto note = ordered(node).commit(task);
    if (!note) {
      host.uncommitted.push_back(task.key());
      return;
    }
    const bool by_batch = node.stage->order() == Within::trajectory;
    commit_waiting(host, node, [&](const Key& key) {
      return key.item == task.key().item && (!by_batch || key.batch == task.key().batch);
    });
    options_.journal->commit(node.name, mark(task.key()), *note);
  }

  template <class Which>
  void commit_waiting(Host& host, const GraphNode& node, Which which) {
    for (const Key& key : host.uncommitted)
      if (which(key)) options_.journal->commit(node.name, mark(key), "");
    std::erase_if(host.uncommitted, which);
  }

  // ---- the end of nodes ----

  void finish() {
    for (const int index : graph_.order) {
      GraphNode& node = graph_.nodes[static_cast<std::size_t>(index)];
      try {
        at_home("finish", node, [&] {
          drop_given_up(node);
          node.stage->finish();
        });
      } catch (const std::exception& error) {
        record(node, "finish", error.what());
        return;
      }
    }
    finished_ = !stopping();
  }

  void close() {
    for (auto at = opened_.rbegin(); at != opened_.rend(); ++at) {
      GraphNode& node = graph_.nodes[static_cast<std::size_t>(*at)];
      try {
        at_home("close", node, [&] { node.stage->close(); });
      } catch (const std::exception& error) {
        record(node, "close", error.what());
      }
    }
    for (auto& node : graph_.nodes) at_home(node, [&] { node.stage.reset(); });
  }

  void drop_given_up(GraphNode& node) {
    for (const auto& [item, why] : given_up_)
      if (node.axes.item) node.stage->drop_item(item);
  }

  // ---- the flow ----

  void flow_all() {
    if (stopping()) return;
    std::vector<std::vector<int>> workers;
    for (const auto& lane : lanes_) {
      auto& by_device = workers.emplace_back();
      for (const auto& threads : lane) by_device.push_back(threads->threads());
    }
    // TBB's pool has as many threads as the machine; more are had only when asked for.
    std::optional<tbb::global_control> more_threads;
    if (graph_.plan.threads > tbb::this_task_arena::max_concurrency())
      more_threads.emplace(tbb::global_control::max_allowed_parallelism, graph_.plan.threads);
    tbb::task_arena arena(graph_.plan.threads);
    arena.execute([&] {
      flow::graph graph;
      flow_ = &graph;
      gate_ = std::make_unique<Gate>(
          graph_, *work_, workers, [this](Task* task) { start(task); },
          [this](int node, Key key) { return first_task(node, key); });
      gate_->trace_to(options_.trace);
      for (std::size_t i = 0; i < graph_.nodes.size(); ++i)
        hosts_.push_back(std::make_unique<Host>(*this, static_cast<int>(i)));
      for (std::size_t i = 0; i < graph_.nodes.size(); ++i) make_nodes(graph, i);
      for (std::size_t i = 0; i < graph_.nodes.size(); ++i) make_edges(i);
      hand_over_nodes();
      gate_->pump();
      graph.wait_for_all();
      take_back(graph);
      if (!stopping()) note_what_is_left();
      gate_->stop();
      for (auto& host : hosts_) host->inbox.clear();
      hosts_.clear();
    });
    gate_.reset();
  }

  /// A task without inputs: of a source, or of a rollout with a saved state.
  std::unique_ptr<Task> first_task(int node, const Key& key) {
    const auto index = static_cast<std::size_t>(node);
    auto task =
        std::make_unique<Task>(*hosts_[index], node, key, graph_.nodes[index].inputs.size());
    if (work_->restored(node, key)) task->set_restored();
    return task;
  }

  void make_nodes(flow::graph& graph, std::size_t index) {
    Host& host = *hosts_[index];
    GraphNode& node = graph_.nodes[index];
    for (std::size_t port = 0; port < node.outputs.size(); ++port)
      host.outputs.push_back(std::make_unique<flow::broadcast_node<Envelope*>>(graph));
    host.body = std::make_unique<flow::function_node<Task*>>(
        graph, flow::unlimited, [this, &node](Task* const& put) {
          Task* task = take_over(put);
          if (node.lane < 0) {
            tbb::this_task_arena::isolate([&] { run_body(task); });
            return;
          }
          flow_->reserve_wait();
          lane_of(node)[graph_.device_of(node, task->key())]->post([this, task] {
            run_body(task);
            flow_->release_wait();
          });
        });
    for (const auto& edges : node.inputs)
      for (std::size_t slot = 0; slot < edges.size(); ++slot) {
        const int port = static_cast<int>(&edges - node.inputs.data());
        host.edges.push_back(std::make_unique<flow::function_node<Envelope*>>(
            graph, flow::unlimited, [this, &host, port, slot](Envelope* const& sent) {
              Envelope* const envelope = take_over(sent);
              receive(host, port, static_cast<int>(slot), Envelope::read(envelope));
              return flow::continue_msg{};
            }));
      }
  }

  void make_edges(std::size_t index) {
    std::size_t edge = 0;
    for (const auto& edges : graph_.nodes[index].inputs)
      for (const auto& origin : edges)
        flow::make_edge(*hosts_[static_cast<std::size_t>(origin.node)]
                             ->outputs[static_cast<std::size_t>(origin.port)],
                        *hosts_[index]->edges[edge++]);
  }

  void receive(Host& host, int port, int slot, Message&& message) {
    if (stopping())
      message = {};
    else
      submit(host.inbox.put(port, slot, std::move(message)));
    gate_->pump();
  }

  /// Gives ready tasks to the Gate. Those of items that were given up count as seen.
  void submit(Inbox::Tasks tasks) {
    while (!tasks.empty()) {
      Inbox::Tasks more;
      for (auto& task : gate_->submit(std::move(tasks)))
        for (auto& next : hosts_[static_cast<std::size_t>(task->node())]->inbox.done(*task))
          more.push_back(std::move(next));
      tasks = std::move(more);
    }
  }

  /// Gives an item up: its messages are dropped, the other items go on.
  void give_up(int item, const std::string& why) {
    {
      const std::lock_guard lock(failures_mutex_);
      if (!given_up_.emplace(item, why).second) return;
    }
    options_.notice(why);
    work_->skip(item);
    Inbox::Tasks ready;
    const auto add = [&ready](Inbox::Tasks tasks) {
      for (auto& task : tasks) ready.push_back(std::move(task));
    };
    for (auto& host : hosts_) add(host->inbox.skip(item));
    for (auto& task : gate_->skip(item))
      add(hosts_[static_cast<std::size_t>(task->node())]->inbox.done(*task));
    submit(std::move(ready));
  }

  /// Called by the Gate: hands a task to TBB.
  void start(Task* task) {
    auto& body = *hosts_[static_cast<std::size_t>(task->node())]->body;
    hand_over(task);
    body.try_put(task);
  }

  void run_body(Task* raw) {
    std::unique_ptr<Task> task(raw);
    const int index = task->node();
    GraphNode& node = graph_.nodes[static_cast<std::size_t>(index)];
    Host& host = *hosts_[static_cast<std::size_t>(index)];
    if (stopping()) {
      gate_->stop();
    } else {
      const Trace::Span span(options_.trace, *task);
      const Doing doing("node", node.name.c_str());
      try {
        if (task->folding())
          node.stage->fold(*task);
        else
          execute(host, node, *task);
      } catch (const std::exception& error) {
        fail_at(node, *task, error.what());
      } catch (...) {
        fail_at(node, *task, "unknown exception");
      }
    }
    Inbox::Tasks ready;
    if (!stopping()) {
      ready = host.inbox.done(*task);
      add_next_lead(host, node, *task, ready);
      if (!task->folding()) {
        ++host.done;
        count_done(node, *task);
      }
    }
    const Key key = task->key();
    task.reset();  // the last references die before the Gate looks for credits
    if (Trace* trace = options_.trace)
      trace->count(Trace::bytes, static_cast<std::int64_t>(ledger_->bytes()), trace->now());
    gate_->ended(index, key);
    submit(std::move(ready));
    gate_->pump();
  }

  void count_done(const GraphNode& node, const Task& task) {
    const int item = task.key().item;
    const bool last =
        node.axes.item && ++item_done_[static_cast<std::size_t>(item)] == work_->count_in(item);
    if (last && options_.journal) drop_states(node, task.key());
    options_.progress(++done_, total_);
  }

  /// An item is done with this task: some states are of no use any more.
  void drop_states(const GraphNode& done, const Key& key) {
    try {
      for (const auto& node : graph_.nodes)
        if (node.feedback >= 0) options_.journal->forget_states(node.name, mark(key).init);
      if (states_) states_->update();
    } catch (const std::exception& error) {
      record(done, "run", error.what(), &key);
    }
  }

  /// A sink that cannot write ends the run under any policy: the next item would fail as well.
  void fail_at(const GraphNode& node, const Task& task, const std::string& what) {
    if (graph_.skip_items && node.axes.item && !node.stage->order()) {
      const int item = task.key().item;
      give_up(item,
              fmt::format("{} is left out: node '{}' failed at {}: {}", graph_.plan.item_name(item),
                          node.name, graph_.plan.describe(task.key(), node.axes), what));
      return;
    }
    record(node, "run", what, &task.key());
    gate_->stop();
  }

  void execute(Host& host, GraphNode& node, Task& task) {
    const int item = task.key().item;
    if (node.axes.item && work_->skipped(item)) return;
    node.stage->execute(task);
    if (!node.stage->order() || stopping()) return;
    commit(host, node, task);
    if (!node.axes.item) return;
    const auto [left, added] = host.left.try_emplace(item, 0);
    if (added) left->second = work_->count_of(task.node(), item);
    if (--left->second > 0) return;
    host.left.erase(left);
    node.stage->finish_item(item);
    if (options_.journal)
      commit_waiting(host, node, [item](const Key& key) { return key.item == item; });
    options_.item_done(node.name, graph_.plan.describe_json({item, 0, 0}, {true, {}, false}));
  }

  /// A source along lead goes on to its next lead.
  void add_next_lead(Host& host, const GraphNode& node, const Task& task, Inbox::Tasks& ready) {
    if (!node.is_lead_source()) return;
    const Key& key = task.key();
    if (const auto next = work_->next(task.node(), key.item, key.batch, key.lead + 1))
      ready.push_back(std::make_unique<Task>(host, task.node(), *next, 0));
  }

  void tap(int node, int port, const Message& message) {
    for (const auto& tap : options_.taps)
      if (tap.node == node && tap.port == port) {
        const std::lock_guard lock(taps_mutex_);
        tap.see(message.key, message.payload);
      }
  }

  // ---- the end ----

  /// Called while the graph is idle: what is parked explains a stall.
  void note_what_is_left() {
    if (all_done()) return;
    for (const auto& host : hosts_)
      for (auto& line : host->inbox.lacking(3)) left_.push_back(std::move(line));
    for (auto& line : gate_->waiting()) left_.push_back(std::move(line));
    for (std::size_t i = 0; i < hosts_.size(); ++i)
      if (const auto needed = work_->count_of(static_cast<int>(i)); hosts_[i]->done < needed)
        left_.push_back(fmt::format("node '{}' has done {} of {} tasks: what it reads was not sent",
                                    graph_.nodes[i].name, hosts_[i]->done.load(), needed));
  }

  /// Tasks of items that were given up count as done.
  bool all_done() const {
    std::int64_t lost = 0;
    for (const auto& [item, why] : given_up_)
      lost += work_->count_in(item) - item_done_[static_cast<std::size_t>(item)];
    return done_ + lost == total_;
  }

  void check_all_done() {
    if (all_done()) return;
    stall_ = fmt::format("error: the run stalled: {} of {} tasks are done and nothing can go on",
                         done_.load(), total_);
    for (std::size_t i = 0; i < left_.size() && i < 12; ++i) stall_ += "\n      = " + left_[i];
    if (left_.size() > 12) stall_ += fmt::format("\n      = and {} more", left_.size() - 12);
    stopping_ = true;
  }

  void throw_failure() {
    if (!stall_.empty()) throw StallError(stall_);
    if (failures_.empty()) {
      if (options_.interrupted())
        throw Interrupted(fmt::format("interrupted: {} of {} tasks were done{}", done_.load(),
                                      total_,
                                      options_.journal ? "" : "; unfinished files are removed"));
      throw_given_up();
      return;
    }
    const Failure& first = failures_.front();
    std::string text = fmt::format("error: {}\n      = {}", first.where, first.details.message);
    if (!first.details.at.empty()) text += "\n      = " + first.details.at;
    for (std::size_t i = 1; i < failures_.size(); ++i)
      text += fmt::format("\n      = then also: {}: {}", failures_[i].where,
                          failures_[i].details.message);
    std::vector<NodeFailure> details;
    for (const auto& failure : failures_) details.push_back(failure.details);
    throw RunError(text, std::move(details));
  }

  void throw_given_up() const {
    if (given_up_.empty()) return;
    std::string text = fmt::format("error: {} of {} failed and were left out", given_up_.size(),
                                   graph_.plan.count_items(graph_.plan.items()));
    for (const auto& [item, why] : given_up_) text += "\n      = " + why;
    throw ItemsFailed(text);
  }

  Graph& graph_;
  const RunOptions& options_;
  std::optional<Work> work_;
  std::int64_t total_ = 0;
  std::atomic<std::int64_t> done_{0};
  std::vector<std::atomic<std::int64_t>> item_done_;
  std::optional<SavedStates> states_;  // where a journal is kept and a stage saves states
  std::atomic<bool> stopping_{false};
  bool finished_ = false;  // all nodes
  std::shared_ptr<Ledger> ledger_ = std::make_shared<Ledger>();

  std::mutex failures_mutex_;
  std::vector<Failure> failures_;
  std::map<int, std::string> given_up_;  // items, and why
  std::mutex taps_mutex_;
  std::vector<std::string> left_;  // what was parked when the graph went idle
  std::string stall_;

  std::vector<DeviceLanes> lanes_;
  std::vector<int> opened_;
  flow::graph* flow_ = nullptr;
  std::unique_ptr<Gate> gate_;
  std::vector<std::unique_ptr<Host>> hosts_;
};

}  // namespace

RunReport run_graph(Graph& graph, const RunOptions& options) {
  return Run(graph, options).execute();
}

}  // namespace ladcast
