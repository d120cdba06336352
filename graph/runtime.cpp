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
#include <mutex>
#include <optional>

#include "graph/gate.h"
#include "graph/hand_over.h"
#include "graph/inbox.h"
#include "graph/lane.h"
#include "graph/trace.h"

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
  Run(Graph& graph, const RunOptions& options) : graph_(graph), options_(options) {
    for (const auto& node : graph.nodes) total_ += node_tasks(node);
  }

  RunReport execute() {
    make_lanes();
    open();
    if (!options_.open_only) flow_all();
    if (!options_.open_only && !stopping()) check_all_done();
    if (!options_.open_only && !stopping()) finish();
    close();
    RunReport report{
        done_, ledger_->peak_payloads(), ledger_->peak_bytes(), ledger_->payloads(), {}};
    for (const auto& lane : lanes_) report.devices.push_back(lane->device());
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
        : inbox(run.graph_, index, *this),
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

    Inbox inbox;
    std::vector<std::unique_ptr<flow::broadcast_node<Envelope*>>> outputs;
    std::vector<std::unique_ptr<flow::function_node<Envelope*>>> edges;
    std::unique_ptr<flow::function_node<Task*>> body;
    std::vector<int> left;  // tasks left of each item, of an Ordered node

   private:
    Run& run_;
    const GraphNode& node_;
    std::string stream_;
  };

  struct Failure {
    std::string where;  // "step' failed at init …"
    NodeFailure details;
  };

  bool stopping() const { return stopping_ || options_.interrupted(); }

  std::int64_t node_tasks(const GraphNode& node) const { return graph_.plan.count(node.axes); }

  /// `key` is that of the task whose body failed.
  void record(const GraphNode& node, const std::string& when, const std::string& what,
              const Key* key = nullptr) {
    const std::lock_guard lock(failures_mutex_);
    if (failures_.empty() && options_.interrupted()) return;  // bodies cut short, not failures
    const std::string where =
        key ? "' failed at " + graph_.plan.describe(*key, node.axes) : "' failed to " + when;
    const Position& at = node.position;
    failures_.push_back({node.name + where,
                         {node.name, when, key ? graph_.plan.describe_json(*key, node.axes) : "",
                          what, at.source ? fmt::format("{}:{}", at.source->name, at.line) : ""}});
    stopping_ = true;
  }

  void make_lanes() {
    for (const auto& spec : graph_.lanes) {
      const std::string device = spec.device.empty() ? "" : device_support().resolve(spec.device);
      lanes_.push_back(
          std::make_unique<Lane>(spec.name, device, device == "cpu" ? graph_.plan.threads : 1));
      if (options_.trace) options_.trace->add_lane(device, lanes_.back()->threads());
    }
  }

  /// Runs a phase of the node's life where the node lives.
  void at_home(const char* phase, const GraphNode& node, const std::function<void()>& work) {
    const auto start = std::chrono::steady_clock::now();
    at_home(node, [&] {
      const Trace::Span span(options_.trace, phase, static_cast<int>(&node - graph_.nodes.data()));
      work();
    });
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    options_.phase_done(node.name, phase, seconds.count());
  }

  /// Runs `work` where the node lives: on its lane or here.
  void at_home(const GraphNode& node, const std::function<void()>& work) {
    if (node.lane >= 0)
      lanes_[static_cast<std::size_t>(node.lane)]->call(work);
    else
      work();
  }

  void open() {
    for (const int index : graph_.order) {
      GraphNode& node = graph_.nodes[static_cast<std::size_t>(index)];
      if (node.lane >= 0 && !lanes_[static_cast<std::size_t>(node.lane)]->device().empty())
        node.stage->set_device(lanes_[static_cast<std::size_t>(node.lane)]->device());
      try {
        at_home("open", node, [&] { node.stage->open(); });
        opened_.push_back(index);
      } catch (const std::exception& error) {
        record(node, "open", error.what());
        return;
      }
      if (stopping()) return;
    }
  }

  void finish() {
    for (const int index : graph_.order) {
      GraphNode& node = graph_.nodes[static_cast<std::size_t>(index)];
      try {
        at_home("finish", node, [&] { node.stage->finish(); });
      } catch (const std::exception& error) {
        record(node, "finish", error.what());
        return;
      }
    }
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

  // ---- the flow ----

  void flow_all() {
    if (stopping()) return;
    std::vector<int> workers;
    for (const auto& lane : lanes_) workers.push_back(lane->threads());
    // TBB's pool has as many threads as the machine; more are had only when asked for.
    std::optional<tbb::global_control> more_threads;
    if (graph_.plan.threads > tbb::this_task_arena::max_concurrency())
      more_threads.emplace(tbb::global_control::max_allowed_parallelism, graph_.plan.threads);
    tbb::task_arena arena(graph_.plan.threads);
    arena.execute([&] {
      flow::graph graph;
      flow_ = &graph;
      gate_ = std::make_unique<Gate>(
          graph_, workers, [this](Task* task) { start(task); },
          [this](int node, Key key) {
            return std::make_unique<Task>(*hosts_[static_cast<std::size_t>(node)], node, key, 0);
          });
      gate_->trace_to(options_.trace);
      for (std::size_t i = 0; i < graph_.nodes.size(); ++i)
        hosts_.push_back(std::make_unique<Host>(*this, static_cast<int>(i)));
      for (std::size_t i = 0; i < graph_.nodes.size(); ++i) make_nodes(graph, i);
      for (std::size_t i = 0; i < graph_.nodes.size(); ++i) make_edges(i);
      hand_over_nodes();
      gate_->pump();
      graph.wait_for_all();
      if (!stopping()) note_what_is_left();
      gate_->stop();
      for (auto& host : hosts_) host->inbox.clear();
      hosts_.clear();
    });
    gate_.reset();
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
          lanes_[static_cast<std::size_t>(node.lane)]->post([this, task] {
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
    if (node.stage->order())
      host.left.assign(
          static_cast<std::size_t>(graph_.plan.items()),
          static_cast<int>(node_tasks(node) / graph_.plan.extent(node.axes, Axis::item)));
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
      gate_->submit(host.inbox.put(port, slot, std::move(message)));
    gate_->pump();
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
      try {
        if (task->folding())
          node.stage->fold(*task);
        else
          execute(host, node, *task);
      } catch (const std::exception& error) {
        record(node, "run", error.what(), &task->key());
        gate_->stop();
      } catch (...) {
        record(node, "run", "unknown exception", &task->key());
        gate_->stop();
      }
    }
    Inbox::Tasks ready;
    if (!stopping()) {
      ready = host.inbox.done(*task);
      add_next_lead(host, node, *task, ready);
      if (!task->folding()) options_.progress(++done_, total_);
    }
    task.reset();  // the last references die before the Gate looks for credits
    if (Trace* trace = options_.trace)
      trace->count(Trace::bytes, static_cast<std::int64_t>(ledger_->bytes()), trace->now());
    gate_->ended(index);
    gate_->submit(std::move(ready));
    gate_->pump();
  }

  void execute(Host& host, GraphNode& node, Task& task) {
    node.stage->execute(task);
    if (!host.left.empty() && node.axes.item && !stopping() &&
        --host.left[static_cast<std::size_t>(task.key().item)] == 0) {
      node.stage->finish_item(task.key().item);
      options_.item_done(node.name, task.init());
    }
  }

  /// A source along lead goes on to its next lead.
  void add_next_lead(Host& host, const GraphNode& node, const Task& task, Inbox::Tasks& ready) {
    if (!node.is_lead_source()) return;
    Key key = task.key();
    key.lead += node.axes.leads.stride;
    if (node.axes.leads.contains(key.lead))
      ready.push_back(std::make_unique<Task>(host, task.node(), key, 0));
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
    if (done_ == total_) return;
    for (const auto& host : hosts_)
      for (auto& line : host->inbox.lacking(3)) left_.push_back(std::move(line));
    for (auto& line : gate_->waiting()) left_.push_back(std::move(line));
  }

  void check_all_done() {
    if (done_ == total_) return;
    stall_ = fmt::format("error: the run stalled: {} of {} tasks are done and nothing can go on",
                         done_.load(), total_);
    for (std::size_t i = 0; i < left_.size() && i < 12; ++i) stall_ += "\n      = " + left_[i];
    if (left_.size() > 12) stall_ += fmt::format("\n      = and {} more", left_.size() - 12);
    stopping_ = true;
  }

  void throw_failure() {
    if (!stall_.empty()) throw StallError(stall_);
    if (failures_.empty()) {
      if ((done_ != total_ && !options_.open_only) || options_.interrupted())
        throw Interrupted(
            fmt::format("interrupted: {} of {} tasks were done; unfinished files are removed",
                        done_.load(), total_));
      return;
    }
    const Failure& first = failures_.front();
    std::string text =
        fmt::format("error: node '{}\n      = {}", first.where, first.details.message);
    if (!first.details.at.empty()) text += "\n      = " + first.details.at;
    for (std::size_t i = 1; i < failures_.size(); ++i)
      text += fmt::format("\n      = then also: node '{}: {}", failures_[i].where,
                          failures_[i].details.message);
    std::vector<NodeFailure> details;
    for (const auto& failure : failures_) details.push_back(failure.details);
    throw RunError(text, std::move(details));
  }

  Graph& graph_;
  const RunOptions& options_;
  std::int64_t total_ = 0;
  std::atomic<std::int64_t> done_{0};
  std::atomic<bool> stopping_{false};
  std::shared_ptr<Ledger> ledger_ = std::make_shared<Ledger>();

  std::mutex failures_mutex_;
  std::vector<Failure> failures_;
  std::mutex taps_mutex_;
  std::vector<std::string> left_;  // what was parked when the graph went idle
  std::string stall_;

  std::vector<std::unique_ptr<Lane>> lanes_;
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
