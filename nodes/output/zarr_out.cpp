#include <algorithm>
#include <map>
#include <set>

#include "graph/node.h"
#include "graph/whole_file.h"
#include "nodes/output/provenance.h"
#include "nodes/output/step_zero.h"
#include "nodes/output/zarr_store.h"
#include "nodes/output/zarr_writer.h"
#include "nodes/values/fields_payload.h"

namespace ladcast {
namespace {

/// Members of a chunk such that each batch is one; 1 where batches differ in size.
std::size_t members_in_chunk(const Plan& plan) {
  const auto& batches = plan.batches;
  const std::size_t size = batches.front().size();
  const bool even = std::all_of(batches.begin(), batches.end() - 1,
                                [&](const auto& batch) { return batch.size() == size; });
  return even && batches.back().size() <= size ? size : 1;
}

class ZarrOut final : public Ordered {
 public:
  ZarrOut() : Ordered(Within::trajectory) {}

 private:
  In<Fields> fields{this, "fields", "what is written"};
  In<Fields> analysis{this, "analysis", "written as step 0 of each member", kOptional};
  Param<PathPattern> path{this, "path",
                          "folder of the store; with {init} one for each initial time, else one "
                          "for all"};
  Param<std::string> title{
      this, "title", "of the store", {.fallback = "LaDCast ensemble forecast"}};
  Param<std::string> institution{this, "institution", "who made it", {.optional = true}};
  Param<bool> verify_after_write{this, "verify_after_write",
                                 "read each chunk back and compare it with the fields, bit for bit",
                                 ParamOptions<bool>{.fallback = false}};

  using Path = std::filesystem::path;

  ZarrStoreSpec spec_;              // without grid and initial times
  std::map<Path, ZarrStore> open_;  // by path
  std::set<Path> kept_;             // of these an earlier run left chunks
  std::map<std::pair<int, int>, std::vector<Path>> unsynced_;  // files by item and batch
  std::vector<std::string> history_;
  std::optional<std::uint64_t> seed_;
  std::uint64_t bytes_ = 0;  // of all stores
  std::size_t payload_bytes_ = 0;

  bool one_for_all() const { return !path->has("init"); }
  Time init(int item) const { return plan().inits[static_cast<std::size_t>(item)]; }
  Path store_of(int item) const { return path->expand(init(item)); }

  void shape(Shape& shape) override {
    const Spec& spec = shape.in(fields);
    const Plan& run = shape.plan();
    spec_.channels = channels_of(spec);
    spec_.normalised = spec.normalised;
    spec_.members.clear();
    spec_.members_in_chunk = spec.axes.batch ? members_in_chunk(run) : 1;
    if (spec.axes.batch)
      for (const auto& batch : run.batches)
        spec_.members.insert(spec_.members.end(), batch.begin(), batch.end());
    else
      spec_.members = {0};
    const int maps = maps_of_a_channel(spec) / (spec.axes.batch ? run.largest_batch() : 1);
    spec_.leads_in_chunk = static_cast<std::size_t>(std::max(maps, 1));
    spec_.lead_hours.clear();
    if (shape.has(analysis)) spec_.lead_hours.push_back(0);
    for (int i = 0; i < spec.axes.leads.count; ++i)
      for (int lead = 0; lead < maps; ++lead)
        spec_.lead_hours.push_back(run.lead_hours(spec.axes.leads.at(i) + lead));
    bytes_ = spec.bytes * static_cast<std::uint64_t>(run.count(spec.axes));
    payload_bytes_ = spec.bytes;
    history_ = spec.history;
    if (spec.axes.batch) seed_ = run.seed;
    check(shape);
  }
  void check(Shape& shape) const {
    for (const char* name : {"lead", "member"})
      if (path->has(name))
        shape.error(path, fmt::format("the path names {{{}}}, but one store holds all", name),
                    fmt::format("leave {{{}}} out", name));
    if (!shape.has(analysis)) return;
    check_step_zero(shape, analysis, fields);
    if (spec_.leads_in_chunk > 1)
      shape.error(analysis, "step 0 does not fit where a message holds several leads",
                  "leave in.analysis out");
  }

  std::vector<Claim> claims() const override { return {{*path, one_for_all(), true, bytes_}}; }
  Memory memory() const override { return {.scratch = payload_bytes_}; }

  /// What the store of an item holds; its grid is known once fields are there.
  ZarrStoreSpec spec_of(int item) const {
    ZarrStoreSpec spec = spec_;
    spec.inits = one_for_all() ? plan().inits : std::vector{init(item)};
    spec.attributes = provenance(origin(), history_, seed_);
    spec.attributes["Conventions"] = "CF-1.8";
    spec.attributes["title"] = *title;
    if (institution.has_value()) spec.attributes["institution"] = *institution;
    return spec;
  }

  const ZarrStore& store(const Task& task) {
    const Path place = store_of(task.key().item);
    const auto known = open_.find(place);
    if (known != open_.end()) return known->second;
    if (!kept_.contains(place)) {
      if (one_for_all()) require_no_other_times(place, plan().inits);
      remove_store(place);
    }
    ZarrStoreSpec spec = spec_of(task.key().item);
    spec.grid = task.get(fields).grid;
    return open_.try_emplace(place, place, std::move(spec)).first->second;
  }

  void run(Task& task) override {
    const Fields& next = task.get(fields);
    if (next.members.empty()) return;  // a time that was not there: it stays missing
    const ZarrStore& to = store(task);
    auto& files = unsynced_[{task.key().item, task.key().batch}];
    const auto write = [&](const Fields& each) {
      const auto written = to.write(each);
      if (*verify_after_write) to.verify(each);
      if (journalled()) files.insert(files.end(), written.begin(), written.end());
    };
    const bool first = spec_.lead_hours.size() > 1 && task.has(analysis) &&
                       next.lead_hours.front() == spec_.lead_hours[1];
    if (first) write(step_zero(task, next.members));
    write(next);
  }

  /// The analysis for each of the members.
  Fields step_zero(const Task& task, const std::vector<int>& members) const {
    Fields one = as_step_zero(task.get(analysis), spec_.channels);
    Fields all = one;
    all.members = members;
    all.values.clear();
    for (std::size_t m = 0; m < members.size(); ++m)
      all.values.insert(all.values.end(), one.values.begin(), one.values.end());
    return all;
  }

  void finish_item(int item) override {
    for (auto& [key, files] : unsynced_)
      if (key.first == item) sync(files);
    if (!one_for_all() && std::filesystem::exists(store_of(item))) finish_store(store_of(item));
  }
  void finish() override {
    const Path place = store_of(0);
    if (one_for_all() && std::filesystem::exists(place)) finish_store(place);  // not: all given up
    open_.clear();
  }
  void drop_item(int item) override {
    if (one_for_all()) return;  // its chunks stay: what is not there is missing
    open_.erase(store_of(item));
    remove_store(store_of(item));
  }
  void close() override {
    for (const auto& [place, store] : open_)
      if (!journalled() && !std::filesystem::exists(place / ".zmetadata")) remove_store(place);
    open_.clear();
  }

  // ---- a run that goes on: a chunk that is on the disk is done ----

  bool keeps() const override { return true; }

  static void sync(std::vector<Path>& files) {
    std::set<Path> folders;
    for (const Path& file : files) {
      sync_to_disk(file);
      folders.insert(file.parent_path());
    }
    for (const Path& folder : folders) sync_to_disk(folder);
    files.clear();
  }

  std::optional<std::string> commit(const Task& task) override {
    constexpr int kLeads = 4;  // between two commits: each costs a wait for the disk
    const Key& key = task.key();
    if (key.lead % kLeads != 0) return {};
    sync(unsynced_[{key.item, key.batch}]);
    return "";
  }

  bool restore(int item, const std::vector<Committed>& committed) override {
    const Path place = store_of(item);
    const ZarrStoreSpec spec = spec_of(item);
    if (!can_continue(place, spec)) return false;
    for (const Committed& each : committed) {
      const auto& batch = plan().batches[static_cast<std::size_t>(each.key.batch)];
      const int member = spec.has_members() ? batch.front() : 0;
      for (const Path& file :
           chunk_files(place, spec, init(item), member, plan().lead_hours(each.key.lead)))
        if (!std::filesystem::is_regular_file(file)) return false;
    }
    kept_.insert(place);
    return true;
  }
};

LADCAST_NODE(ZarrOut, "zarr_out",
             "Writes fields as Zarr, version 2, in WeatherBench 2's layout: the sink for large "
             "runs, in which a chunk is what one message holds.");

}  // namespace
}  // namespace ladcast
