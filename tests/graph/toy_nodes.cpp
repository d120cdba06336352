#include "tests/graph/toy_nodes.h"

#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <cstring>
#include <mutex>
#include <random>
#include <thread>

#include "graph/journal.h"
#include "graph/random.h"

namespace ladcast::toy {
namespace {

std::mutex diary_mutex;
Diary the_diary;
std::atomic<int> jitter{0};
Fault the_fault;
std::atomic<int> fault_calls{0};

void rest() {
  if (jitter == 0) return;
  thread_local std::mt19937 engine(std::random_device{}());
  std::this_thread::sleep_for(std::chrono::microseconds(engine() % static_cast<unsigned>(jitter)));
}

void maybe_fail(const std::string& node, const char* when) {
  if (the_fault.node == node && the_fault.when == when && fault_calls++ == the_fault.at)
    fail("planted in {}", when);
}

ParamOptions<std::string> no_label() { return {.fallback = ""}; }

/// Life of every toy node: counted, with faults on request.
template <class Base>
class Toy : public Base {
 public:
  template <class... Args>
  explicit Toy(Args... args)
      : Base(args...), label_(this, "label", "name in the diary", no_label()) {}
  void open() override {
    maybe_fail(*label_, "open");
    const std::lock_guard lock(diary_mutex);
    ++the_diary.opened;
  }
  void close() override {
    {
      const std::lock_guard lock(diary_mutex);
      ++the_diary.closed;
    }
    maybe_fail(*label_, "close");
  }

 protected:
  void begin() const {
    rest();
    maybe_fail(*label_, "run");
  }
  Param<std::string> label_;
};

float hash_to_float(std::uint64_t hash) { return static_cast<float>(hash % 1000003) * 1e-3F; }

std::uint64_t hash_of(const Numbers& numbers, std::uint64_t start) {
  return fnv1a(
      {reinterpret_cast<const char*>(numbers.values.data()), numbers.values.size() * sizeof(float)},
      start);
}

class Analysis final : public Toy<Node> {
  Out<Numbers> out{this, "out", "numbers"};
  void shape(Shape& shape) override { shape.out(out).bytes = 32; }
  void run(Task& task) const override {
    begin();
    Numbers numbers{std::vector<float>(8)};
    for (std::size_t i = 0; i < 8; ++i)
      numbers.values[i] = static_cast<float>(task.key().item * 8) + static_cast<float>(i);
    task.send(out, std::move(numbers));
  }
};
LADCAST_NODE(Analysis, "toy_analysis", "Numbers for each initial time.");

class Truth final : public Toy<Node> {
  Out<Numbers> out{this, "out", "numbers"};
  Param<bool> members{this, "members", "a stream for each batch", {.fallback = false}};
  Axes source_axes(const Plan& p) const override { return {true, p.each_lead(), *members}; }
  void shape(Shape& shape) override { shape.out(out).bytes = 32; }
  void run(Task& task) const override {
    begin();
    const Key key = task.key();
    task.send(out, Numbers{std::vector<float>(
                       8, static_cast<float>(key.item * 100 + key.lead * 10 + key.batch))});
  }
};
LADCAST_NODE(Truth, "toy_truth", "Numbers for each lead.");

class Rollout final : public Toy<Node> {
  In<Numbers> seed{this, "seed", "the analysis"};
  In<Numbers> next{this, "next", "the step before", kFeedback};
  Out<Numbers> state{this, "state", "where the next step starts"};
  Param<int> frames{this, "frames", "leads of a step", {.fallback = 4, .min = 1}};
  Param<int> save_every{this, "save_every", "steps", {.fallback = 1, .min = 1}};
  int leads_per_step() const override { return *frames; }
  void shape(Shape& shape) override { shape.out(state).bytes = 32; }
  void run(Task& task) const override {
    begin();
    Numbers start;
    if (task.restored()) {
      const std::string bytes = task.saved();
      start.values.resize(bytes.size() / sizeof(float));
      std::memcpy(start.values.data(), bytes.data(), bytes.size());
    } else {
      start = task.has(seed) ? task.get(seed) : task.get(next);
    }
    if (task.key().lead / *frames % *save_every == 0)
      task.save({reinterpret_cast<const char*>(start.values.data()),
                 start.values.size() * sizeof(float)});
    task.send(state, std::move(start));
  }
};
LADCAST_NODE(Rollout, "toy_rollout", "Closes the cycle.");

class Step final : public Toy<Node> {
  In<Numbers> state{this, "state", "where the step starts"};
  Out<Numbers> out{this, "out", "the step"};
  void shape(Shape& shape) override {
    shape.out(out).bytes = 32;
    ++shape.out(out).axes.leads.first;
  }
  void run(Task& task) const override {
    begin();
    Numbers numbers = task.get(state);
    std::vector<float> noise(numbers.values.size());
    for (const int member : task.members()) {
      task.normal(noise, member);
      for (std::size_t i = 0; i < noise.size(); ++i)
        numbers.values[i] = 0.9F * numbers.values[i] + noise[i];
    }
    task.send(out, std::move(numbers));
  }
};
LADCAST_NODE(Step, "toy_step", "One step of a forecast with noise.");

class Decode final : public Toy<Node> {
  In<Numbers> in{this, "in", "a step"};
  Out<Numbers> out{this, "out", "a lead"};
  Param<int> frames{this, "frames", "leads of a step", {.fallback = 4, .min = 1}};
  void shape(Shape& shape) override {
    shape.out(out).bytes = 32;
    shape.out(out).axes.leads = shape.plan().each_lead();
  }
  void run(Task& task) const override {
    begin();
    for (int f = 0; f < *frames; ++f) {
      Numbers numbers = task.get(in);
      for (float& value : numbers.values) value += static_cast<float>(f);
      task.send(out, std::move(numbers), task.key().lead + f);
    }
  }
};
LADCAST_NODE(Decode, "toy_decode", "Cuts a step into leads.");

class Pass final : public Toy<Node> {
  In<Numbers> in{this, "in", "numbers"};
  Out<Numbers> out{this, "out", "changed numbers"};
  void shape(Shape& shape) override { shape.out(out).bytes = 32; }
  void run(Task& task) const override {
    begin();
    Numbers numbers = task.take(in);
    for (float& value : numbers.values) value = value * 0.5F + 1.0F;
    task.send(out, std::move(numbers));
  }
};
LADCAST_NODE(Pass, "toy_pass", "Changes numbers in place.");

class Join final : public Toy<Node> {
  In<Numbers> a{this, "a", "numbers"};
  In<Numbers> b{this, "b", "numbers with the same or fewer axes"};
  In<Numbers> c{this, "c", "numbers", kOptional};
  Out<Numbers> out{this, "out", "a - b"};
  void shape(Shape& shape) override { shape.out(out).bytes = 32; }
  void run(Task& task) const override {
    begin();
    Numbers numbers = task.get(a);
    for (std::size_t i = 0; i < numbers.values.size(); ++i) {
      numbers.values[i] -= 3.0F * task.get(b).values[i];
      if (task.has(c)) numbers.values[i] += task.get(c).values[i];
    }
    task.send(out, std::move(numbers));
  }
};
LADCAST_NODE(Join, "toy_join", "Joins streams.");

/// Order-sensitive: a gather that delivers out of key order gives another number.
class Gather final : public Toy<Node> {
  Collect<Numbers> in{this, "in", Axis::member, "all members"};
  Out<Numbers> out{this, "out", "their hash"};
  void shape(Shape& shape) override { shape.out(out).bytes = 4; }
  void run(Task& task) const override {
    begin();
    std::uint64_t hash = fnv1a("gather");
    for (const Numbers* numbers : task.all(in)) hash = hash_of(*numbers, hash);
    task.send(out, Numbers{{hash_to_float(hash)}});
  }
};
LADCAST_NODE(Gather, "toy_gather", "Collects members.");

class GatherLeads final : public Toy<Node> {
  Collect<Numbers> in{this, "in", Axis::lead, "all leads"};
  Out<Numbers> out{this, "out", "their hash"};
  void shape(Shape& shape) override { shape.out(out).bytes = 4; }
  void run(Task& task) const override {
    begin();
    std::uint64_t hash = fnv1a("leads");
    for (const Numbers* numbers : task.all(in)) hash = hash_of(*numbers, hash);
    task.send(out, Numbers{{hash_to_float(hash)}});
  }
};
LADCAST_NODE(GatherLeads, "toy_gather_leads", "Collects leads.");

class FoldMembers final : public Toy<Node> {
  struct State {
    std::uint64_t hash = fnv1a("fold");
  };
  Fold<Numbers> in{this, "in", Axis::member, "members one by one"};
  Out<Numbers> out{this, "out", "their hash"};
  void shape(Shape& shape) override { shape.out(out).bytes = 4; }
  void fold(Task& task) const override {
    rest();
    auto& state = task.state<State>();
    state.hash = hash_of(task.get(in), state.hash);
  }
  void run(Task& task) const override {
    begin();
    task.send(out, Numbers{{hash_to_float(task.state<State>().hash)}});
  }
};
LADCAST_NODE(FoldMembers, "toy_fold", "Folds members.");

template <Within within>
class Sink final : public Toy<Ordered> {
 public:
  Sink() : Toy(within) {}

 private:
  Many<Numbers> in{this, "in", "numbers"};
  Param<bool> keep{this, "keep", "whether it goes on where it was", {.fallback = false}};
  Param<int> every{this, "every", "leads from one commit to the next", {.fallback = 1, .min = 1}};

  // One hash for each scope, added up: the order across scopes is free.
  std::uint64_t& hash_at(const Key& key) const {
    const std::string scope = within == Within::plan   ? ""
                              : within == Within::item ? fmt::format(" {}", key.item)
                                                       : fmt::format(" {} {}", key.item, key.batch);
    return the_diary.hashes[*label_ + scope];
  }
  bool keeps() const override { return *keep; }
  std::optional<std::string> commit(const Task& task) override {
    const bool last = task.key().lead == this->plan().leads;
    if (task.key().lead % *every != 0 && !last) return {};
    const std::lock_guard lock(diary_mutex);
    return fmt::format("{}", hash_at(task.key()));
  }
  bool restore(int, const std::vector<Committed>& committed) override {
    const std::lock_guard lock(diary_mutex);
    for (const auto& each : committed)
      if (!each.note.empty()) hash_at(each.key) = std::stoull(each.note);
    return true;
  }
  void run(Task& task) override {
    begin();
    const std::lock_guard lock(diary_mutex);
    auto& hash = hash_at(task.key());
    for (const Numbers* numbers : task.all(in)) hash = hash_of(*numbers, hash);
    ++the_diary.seen[*label_];
  }
  void finish_item(int item) override {
    maybe_fail(*label_, "finish_item");
    const std::lock_guard lock(diary_mutex);
    the_diary.finished.push_back(fmt::format("{} {}", *label_, item));
  }
  void finish() override {
    maybe_fail(*label_, "finish");
    const std::lock_guard lock(diary_mutex);
    the_diary.finished.push_back(*label_);
  }
};
using PlanSink = Sink<Within::plan>;
using ItemSink = Sink<Within::item>;
using TrajectorySink = Sink<Within::trajectory>;
LADCAST_NODE(PlanSink, "toy_sink", "Sees all in plan order.");
LADCAST_NODE(ItemSink, "toy_item_sink", "Sees each item in order.");
LADCAST_NODE(TrajectorySink, "toy_trajectory_sink", "Sees each trajectory in order.");

/// Like an optimiser: what it sends depends on all that it saw before.
class Learner final : public Toy<Ordered> {
 public:
  Learner() : Toy(Within::plan) {}

 private:
  In<Numbers> in{this, "in", "numbers"};
  Out<Numbers> out{this, "out", "a hash of all so far", kOptional};
  Param<int> save_every{this, "save_every", "keys; 0: never", {.fallback = 10, .min = 0}};
  Param<int> state_bytes{this, "state_bytes", "size of a state", {.fallback = 8, .min = 8}};
  Param<bool> keep_states{this, "keep_states", "whether it says so", {.fallback = true}};

  std::uint64_t hash_ = fnv1a("learner");
  int seen_ = 0;

  void shape(Shape& shape) override { shape.out(out).bytes = 4; }
  bool saves() const override { return *keep_states; }
  void run(Task& task) override {
    begin();
    if (task.restored()) std::memcpy(&hash_, task.saved().data(), sizeof hash_);
    if (*save_every > 0 && task.key().item % *save_every == 0) {
      std::string state(static_cast<std::size_t>(*state_bytes), '.');
      std::memcpy(state.data(), &hash_, sizeof hash_);
      task.save(state);
    }
    std::vector<float> noise(4);
    task.normal(noise, 1);
    hash_ = hash_of({noise}, hash_of(task.get(in), hash_));
    task.send(out, Numbers{{hash_to_float(hash_)}});
    ++seen_;
  }
  void finish() override {
    const std::lock_guard lock(diary_mutex);
    the_diary.seen[*label_] = seen_;
    if (seen_ > 0) the_diary.hashes[*label_] = hash_;
  }
};
LADCAST_NODE(Learner, "toy_learner", "Goes on from states of its own.");

class DeviceNode final : public Toy<Node> {
 public:
  DeviceNode() { on_device_lane(); }

 private:
  In<Numbers> in{this, "in", "numbers"};
  Out<Numbers> out{this, "out", "the same"};
  Param<int> member_mib{this, "mib", "memory that a member needs", {.fallback = 0}};
  Param<int> most_members{this, "most", "fails with more", {.fallback = 1000}};
  int batch_ = 1;
  void shape(Shape& shape) override {
    shape.out(out).bytes = 32;
    batch_ = shape.plan().largest_batch();
  }
  Memory memory() const override {
    return {.scratch =
                (static_cast<std::size_t>(*member_mib) << 20) * static_cast<std::size_t>(batch_)};
  }
  void open() override {
    Toy::open();
    const std::lock_guard lock(diary_mutex);
    the_diary.opened_on.push_back(device());
  }
  void run(Task& task) const override {
    begin();
    if (static_cast<int>(task.members().size()) > *most_members) fail("CUDA out of memory");
    {
      const std::lock_guard lock(diary_mutex);
      the_diary.devices[{task.key().item, task.key().batch}].insert(device());
    }
    task.send(out, task.get(in));
  }
};
LADCAST_NODE(DeviceNode, "toy_device", "Runs on a lane with a device.");

struct Word {
  std::string text;
};

}  // namespace
}  // namespace ladcast::toy

namespace ladcast {
template <>
struct PayloadTraits<toy::Word> {
  static constexpr const char* name = "Word";
  static std::size_t bytes(const toy::Word& word) { return word.text.size(); }
  static std::vector<ArrayView> arrays(const toy::Word&) { return {}; }
};
}  // namespace ladcast

namespace ladcast::toy {
namespace {

class Spell final : public Toy<Node> {
  In<Numbers> in{this, "in", "numbers"};
  Out<Word> word{this, "word", "their sum in letters"};
  Out<Numbers> copy{this, "copy", "the numbers", kOptional};
  void run(Task& task) const override {
    task.send(word, Word{fmt::format("{}", task.get(in).values.size())});
  }
};
LADCAST_NODE(Spell, "toy_spell", "Makes a word of numbers.");

class FileSink final : public Toy<Ordered> {
 public:
  FileSink() : Toy(Within::item) {}

 private:
  In<Numbers> in{this, "in", "numbers"};
  Param<PathPattern> path{this, "path", "where to write"};
  std::vector<Claim> claims() const override { return {{*path, false, false, 0}}; }
  void run(Task&) override {}
};
LADCAST_NODE(FileSink, "toy_file", "Claims a file for each item and member.");

}  // namespace

Diary& diary() { return the_diary; }
void set_jitter(int microseconds) { jitter = microseconds; }
void set_fault(const Fault& fault) {
  the_fault = fault;
  fault_calls = 0;
}

RunReport run(const std::string& text, const std::vector<std::string>& sets,
              const RunOptions& options) {
  the_diary = {};
  Graph graph = build_graph(parse_pipeline(text, "toy.toml", sets));
  return run_graph(graph, options);
}

RunReport run_part(const std::string& text, const std::filesystem::path& journal, bool resume,
                   std::int64_t stop_after) {
  the_diary = {};
  Graph graph = build_graph(parse_pipeline(text, "toy.toml"));
  const RunOrigin origin = origin_of(graph, {"cpu", ""});
  const auto kept =
      resume ? Journal::resume(journal, graph, origin) : Journal::begin(journal, graph, origin);
  std::atomic<std::int64_t> tasks{0};
  RunOptions options;
  options.journal = kept.get();
  options.resume = resume;
  options.interrupted = [&] { return stop_after >= 0 && tasks >= stop_after; };
  options.progress = [&](auto, auto) { ++tasks; };  // never back, unlike the number that is told
  return run_graph(graph, options);
}

bool goes_on(const std::string& text, const std::filesystem::path& journal, bool resume,
             std::int64_t stop_after) {
  try {
    run_part(text, journal, resume, stop_after);
    return true;
  } catch (const Interrupted&) {
    return false;
  }
}

std::string head(int items, int members, int batch, int leads, const std::string& engine) {
  std::string text = "flow = 1\n[run]\ninits = [";
  for (int i = 0; i < items; ++i)
    text += fmt::format("{}2002-01-{:02}T00:00:00Z", i ? ", " : "", i + 1);
  text += fmt::format("]\nmembers = {}\nbatch = {}\nseed = 7\n", members, batch);
  if (leads > 0) text += fmt::format("lead = {{ step_hours = 6, until_hours = {} }}\n", leads * 6);
  return text + "[engine]\n" + engine + "\n[lanes]\nmodel = { device = \"cpu\" }\nservice = {}\n";
}

}  // namespace ladcast::toy
