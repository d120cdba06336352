#include "tests/graph/plain_run.h"

#include <condition_variable>

#include "graph/gate.h"
#include "graph/inbox.h"
#include "graph/lane.h"

namespace ladcast::toy {
namespace {

class PlainRun {
 public:
  PlainRun(Graph& graph, int threads)
      : graph_(graph),
        work_(graph),
        gate_(
            graph, work_, std::vector<std::vector<int>>(graph.lanes.size(), {threads}),
            [this](Task* task) {
              {
                const std::lock_guard lock(mutex_);
                ++running_;
              }
              threads_.post([this, task] { run_body(task); });
            },
            [this](int node, Key key) {
              return std::make_unique<Task>(*hosts_[static_cast<std::size_t>(node)], node, key, 0);
            }),
        threads_("plain", "", threads) {
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
      hosts_.push_back(std::make_unique<Host>(*this, static_cast<int>(i)));
      left_ += graph.plan.count(graph.nodes[i].axes);
    }
  }

  std::size_t execute() {
    gate_.pump();
    std::unique_lock lock(mutex_);
    done_.wait(lock, [this] { return left_ == 0 && running_ == 0; });
    return ledger_->payloads();
  }

 private:
  class Host final : public TaskHost {
   public:
    Host(PlainRun& run, int index)
        : inbox(run.graph_, run.work_, index, *this),
          run_(run),
          node_(run.graph_.nodes[static_cast<std::size_t>(index)]),
          stream_(node_.type->name) {}

    void send(const Task& task, int port, Payload payload, Key key) override {
      const Leads& leads = node_.specs[static_cast<std::size_t>(port)].axes.leads;
      if (!leads.empty() && !leads.contains(key.lead)) return;
      const Key projected = node_.specs[static_cast<std::size_t>(port)].axes.project(key);
      for (const Target& to : node_.outputs[static_cast<std::size_t>(port)]) {
        Inbox& inbox_of = run_.hosts_[static_cast<std::size_t>(to.node)]->inbox;
        run_.gate_.submit(inbox_of.put(to.port, to.slot, {projected, payload, task.tickets()}));
      }
      payload = {};
      run_.gate_.pump();
    }
    bool stopping() const override { return false; }
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
    void save(const Task&, std::string_view) override {}
    std::string saved(const Task&) const override { return ""; }

    Inbox inbox;

   private:
    PlainRun& run_;
    const GraphNode& node_;
    std::string stream_;
  };

  void run_body(Task* raw) {
    std::unique_ptr<Task> task(raw);
    const int node = task->node();
    Host& host = *hosts_[static_cast<std::size_t>(node)];
    GraphNode& home = graph_.nodes[static_cast<std::size_t>(node)];
    const bool folding = task->folding();
    folding ? home.stage->fold(*task) : home.stage->execute(*task);
    auto ready = host.inbox.done(*task);
    Key next = task->key();
    next.lead += home.axes.leads.stride;
    if (home.is_lead_source() && home.axes.leads.contains(next.lead))
      ready.push_back(std::make_unique<Task>(host, node, next, 0));
    const Key key = task->key();
    task.reset();
    gate_.ended(node, key);
    gate_.submit(std::move(ready));
    gate_.pump();
    const std::lock_guard lock(mutex_);
    if (!folding) --left_;
    if (--running_ == 0) done_.notify_all();
  }

  Graph& graph_;
  std::shared_ptr<Ledger> ledger_ = std::make_shared<Ledger>();
  std::vector<std::unique_ptr<Host>> hosts_;
  std::mutex mutex_;
  std::condition_variable done_;
  std::int64_t left_ = 0;     // tasks of the plan
  std::int64_t running_ = 0;  // bodies, folds among them: one may end after the plan's last task
  Work work_;
  Gate gate_;
  Lane threads_;  // joined before what its threads use goes
};

}  // namespace

std::size_t run_plainly(Graph& graph, int threads) { return PlainRun(graph, threads).execute(); }

}  // namespace ladcast::toy
