#include <algorithm>
#include <memory>
#include <set>

#include "graph/node.h"
#include "nodes/output/provenance.h"
#include "nodes/output/scores_file.h"
#include "nodes/values/scores.h"
#include "nodes/verify/collected_scores.h"

namespace ladcast {
namespace {

class NetcdfScoresOut final : public Ordered {
  Many<Scores> scores{this, "scores", "from one node or several, side by side in one file"};
  Param<PathPattern> path{this, "path", "the NetCDF file: one for all initial times"};
  Param<bool> each_init{
      this,
      "each_init",
      "also the scores of each initial time, as NAME_by_init; not of events, ranks, wavenumbers",
      {.fallback = true}};
  Param<std::string> title{this, "title", "of the file", {.fallback = "Scores of forecasts"}};

  std::unique_ptr<ScoresFile> file_;  // once there are rows
  Conventions conventions_;
  CollectedScores collected_{
      [this](int item, const CollectedScores::Item& keys) { write(item, keys); }};
  std::size_t rows_ = 0;  // of all leads, for each initial time
  std::uint64_t bytes_ = 0;

 public:
  NetcdfScoresOut() : Ordered(Within::plan) { on_process_lane("netcdf"); }

 private:
  void shape(Shape& shape) override {
    const Spec& spec = shape.in(scores);
    const auto keys = static_cast<std::size_t>(shape.plan().count(spec.axes));
    const auto items = static_cast<std::size_t>(std::max(shape.plan().items(), 1));
    rows_ = spec.bytes / sizeof(ScoreRow) * keys / items;
    bytes_ = rows_ * (kMean + (*each_init ? items * sizeof(double) : 0));
    for (const char* const axis : {"init", "member", "lead"})
      if (path->has(axis))
        shape.error(path, fmt::format("the path names {{{}}}, but one file holds all scores", axis),
                    fmt::format("leave {{{}}} out", axis));
  }
  std::vector<Claim> claims() const override {
    return {{.pattern = *path, .holds_items = true, .holds_members = true, .bytes = bytes_}};
  }
  Memory memory() const override { return {.resident = rows_ * 2 * kMean}; }

  static constexpr std::size_t kMean = 2 * sizeof(double) + sizeof(int);  // value, weight, count

  void run(Task& task) override {
    for (const Scores* each : task.all(scores)) merge(each->conventions);
    collected_.add(task.key().item, joined(task.all(scores)));
  }
  void merge(const Conventions& conventions) {
    for (const auto& [name, words] : conventions) {
      const auto known = conventions_.try_emplace(name, words).first;
      if (known->second != words)
        fail(
            "scores that differ in '{}' cannot be in one file: one has \"{}\", another \"{}\"; "
            "make them alike, or write a file for each",
            name, known->second, words);
    }
  }
  void finish_item(int item) override { collected_.complete(item); }
  /// What was scored before the item failed is not a whole forecast's.
  void drop_item(int item) override { collected_.drop(item); }

  void write(int item, const CollectedScores::Item& keys) {
    const bool any =
        std::any_of(keys.begin(), keys.end(), [](const auto& rows) { return !rows.empty(); });
    if (any && *each_init) file(leads_of(keys)).write_init(item, keys);
  }

  /// Made with the leads of the plan and those `found`, where it is not there.
  ScoresFile& file(std::set<int> found) {
    for (int lead = 1; lead <= plan().leads; ++lead) found.insert(plan().lead_hours(lead));
    if (!file_)
      file_ = std::make_unique<ScoresFile>(
          path->expand(plan().inits.front()),
          ScoresFileSpec{plan().inits, {found.begin(), found.end()}, *each_init});
    return *file_;
  }
  static std::set<int> leads_of(const CollectedScores::Item& keys) {
    std::set<int> leads;
    for (const auto& rows : keys)
      for (const auto& row : rows) leads.insert(row.lead_hours);
    return leads;
  }

  bool keeps() const override { return true; }
  static constexpr char kSeparator = '\x1d';  // between conventions and rows
  std::optional<std::string> commit(const Task& task) override {
    return to_text(conventions_) + kSeparator + to_text(collected_.last(task.key().item));
  }
  bool restore(int item, const std::vector<Committed>& committed) override {
    for (const auto& [key, note] : committed) {
      const auto end = note.find(kSeparator);
      if (end == std::string::npos) return false;
      merge(conventions_from(note.substr(0, end)));
      collected_.add(item, rows_from(note.substr(end + 1)));
    }
    return true;
  }

  void finish() override {
    collected_.finish();
    const MeanScores& means = collected_.means();
    auto texts = provenance(origin(), {}, {});
    texts["Conventions"] = "CF-1.8";
    texts["title"] = *title;
    file(means.leads()).finish(means, conventions_, std::move(texts));
  }

  void close() override { file_.reset(); }
};

LADCAST_NODE(NetcdfScoresOut, "netcdf_scores_out",
             "Writes scores, their means over initial times and how they were made as NetCDF.");

}  // namespace
}  // namespace ladcast
