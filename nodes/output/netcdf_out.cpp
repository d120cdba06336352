#include <algorithm>
#include <map>
#include <optional>

#include "graph/node.h"
#include "nodes/output/forecast_file.h"
#include "nodes/output/provenance.h"
#include "nodes/output/step_zero.h"
#include "nodes/values/fields_payload.h"

namespace ladcast {
namespace {

class NetcdfOut final : public Ordered {
 public:
  NetcdfOut() : Ordered(Within::item) { on_process_lane("netcdf"); }

 private:
  In<Fields> fields{this, "fields", "what is written"};
  In<Fields> analysis{this, "analysis", "written as step 0 of each member", kOptional};
  Param<PathPattern> path{this, "path",
                          "file; names {init}, and {member} where layout = \"members\""};
  Param<std::string> layout{
      this,
      "layout",
      "single: all members in one file; members: a file for each, as CDO needs it",
      {.fallback = "single", .choices = {"single", "members"}}};
  Param<std::string> title{this, "title", "of the file", {.fallback = "LaDCast ensemble forecast"}};
  Param<std::string> institution{this, "institution", "who made it", {.optional = true}};
  Param<bool> verify_after_write{
      this, "verify_after_write",
      "read each file back before it gets its name, and compare its maps bit for bit",
      ParamOptions<bool>{.fallback = false}};

  using Files = std::map<int, ForecastFile>;    // by member; one at 0 that holds all members
  std::map<int, Files> open_;                   // by item
  std::map<int, std::vector<Committed>> kept_;  // by item: what an earlier run wrote
  std::string checksum_;                        // of the maps up to the last flush
  std::vector<int> lead_hours_;
  std::vector<int> members_;  // empty where the fields are not split by member
  std::uint64_t bytes_ = 0;   // of all files
  std::optional<std::uint64_t> seed_;
  std::vector<std::string> history_;
  std::size_t keys_of_item_ = 0;

  bool by_member() const { return *layout == "members"; }

  void shape(Shape& shape) override {
    const Spec& spec = shape.in(fields);
    const Leads& leads = spec.axes.leads;
    if (shape.has(analysis) || leads.empty()) lead_hours_.push_back(0);
    for (int i = 0; i < leads.count; ++i) {
      lead_hours_.push_back(shape.plan().lead_hours(leads.at(i)));
    }
    if (spec.axes.batch) {
      for (const auto& batch : shape.plan().batches) {
        members_.insert(members_.end(), batch.begin(), batch.end());
      }
    }
    bytes_ = spec.bytes * static_cast<std::uint64_t>(shape.plan().count(spec.axes));
    if (spec.axes.batch) seed_ = shape.plan().seed;
    history_ = spec.history;
    const auto keys = shape.plan().count({false, leads, spec.axes.batch});
    keys_of_item_ = static_cast<std::size_t>(keys);
    if (shape.has(analysis)) check_step_zero(shape, analysis, fields);
    if (path->has("lead")) {
      shape.error(path, "the path names {lead}, but one file holds all leads", "leave {lead} out");
    }
    if (by_member() != path->has("member")) {
      shape.error(path,
                  by_member() ? "layout = \"members\" needs {member} in the path"
                              : "the path names {member}, but one file holds all members",
                  "write path = \"out/{init}_{member}.nc\" together with layout = \"members\"");
    }
  }
  std::vector<Claim> claims() const override { return {{*path, false, !by_member(), bytes_}}; }

  std::map<std::string, std::string> attributes() const {
    auto texts = provenance(origin(), history_, seed_);
    texts["Conventions"] = "CF-1.8";
    texts["title"] = *title;
    if (institution.has_value()) texts["institution"] = *institution;
    return texts;
  }

  Files create(const Task& task) const {
    const Fields& first = task.get(fields);
    ForecastFileSpec spec{by_member() ? ForecastLayout::members : ForecastLayout::single,
                          first.grid,
                          first.channels,
                          first.init,
                          lead_hours_,
                          members_.empty() ? first.members : members_,
                          first.normalised,
                          attributes()};
    if (!kept_.contains(task.key().item)) {
      std::error_code none;
      for (const auto& file : paths(task.key().item))
        std::filesystem::remove(earlier_file(file), none);
    }
    Files files;
    if (!by_member()) {
      files.try_emplace(0, path->expand(task.init()), spec);
    } else {
      for (const int member : std::vector(spec.members)) {
        spec.members = {member};
        files.try_emplace(member, path->expand(task.init(), member), spec);
      }
    }
    for (auto& [member, file] : files)
      if (*verify_after_write) file.verify_when_finished();
    return files;
  }

  void run(Task& task) override {
    const int item = task.key().item;
    if (task.get(fields).members.empty()) return;  // a time that was not there: it stays missing
    const bool is_new = !open_.contains(item);
    if (is_new) open_.emplace(item, create(task));
    Files& files = open_.at(item);
    if (is_new && task.has(analysis)) {
      const Fields step_zero =
          as_step_zero(task.get(analysis), files.begin()->second.spec().channels);
      for (auto& [key, file] : files) {
        for (const int member : file.spec().members) file.write_member(step_zero, 0, member);
      }
    }
    if (kept_.contains(item)) copy_kept(item, files);
    const Fields& next = task.get(fields);
    for (std::size_t m = 0; m < next.members.size(); ++m) {
      const int member = next.members[m];
      files.at(by_member() ? member : 0).write_member(next, m, member);
    }
    if (flushes_after(task.key())) flush(files);
  }

  void finish_item(int item) override {
    const auto files = open_.find(item);
    if (files == open_.end()) return;  // complete in an earlier run
    for (auto& [key, file] : files->second) file.finish();
    open_.erase(item);
  }
  void drop_item(int item) override { open_.erase(item); }
  void close() override {
    for (auto& [item, files] : open_)
      for (auto& [key, file] : files)
        if (journalled()) file.keep();
    open_.clear();
  }

  // ---- a run that goes on ----
  //
  // A file that is written in one go has other bytes than one that was closed in between. So what
  // an earlier run left is set aside as *.earlier, and copied into the new file in the order in
  // which it was written, flushed where it was flushed. It goes once the copy is on the disk; as
  // long as it is there, it and not the temporary file holds what was committed. What is to be
  // verified is known from then on by the checksums that the journal has.

  bool keeps() const override { return true; }

  bool flushes_after(const Key& key) const {
    constexpr int kLeads = 4;  // between two commits: each costs a wait for the disk
    const bool last_batch = members_.empty() || key.batch + 1 == plan().batch_count();
    return last_batch && key.lead % kLeads == 0 && key.lead != plan().leads;
  }
  void flush(Files& files) {
    std::uint64_t sum = 0;
    for (auto& [member, file] : files) sum += file.flush();
    checksum_ = text_of(sum);
  }
  std::string text_of(std::uint64_t checksum) const {
    return *verify_after_write ? fmt::format("{:016x}", checksum) : "";
  }

  std::optional<std::string> commit(const Task& task) override {
    if (!flushes_after(task.key()) || !open_.contains(task.key().item)) return {};
    for (auto& [member, file] : open_.at(task.key().item)) file.sync();
    return checksum_;
  }

  std::vector<std::filesystem::path> paths(int item) const {
    const Time init = plan().inits[static_cast<std::size_t>(item)];
    if (!by_member()) return {path->expand(init)};
    std::vector<std::filesystem::path> paths;
    for (const int member : members_) paths.push_back(path->expand(init, member));
    return paths;
  }

  bool restore(int item, const std::vector<Committed>& committed) override {
    if (committed.size() == keys_of_item_) {
      const auto files = paths(item);
      return std::all_of(files.begin(), files.end(),
                         [this](const auto& file) { return is_complete(file, origin().pipeline); });
    }
    for (const auto& file : paths(item))
      if (!set_aside(file, origin().pipeline)) return false;
    kept_[item] = committed;
    return true;
  }

  void copy_kept(int item, Files& files) {
    const Time init = plan().inits[static_cast<std::size_t>(item)];
    std::map<Key, std::uint64_t> checksums;  // up to each flush
    for (auto& [key, file] : files) {
      const auto earlier = NetcdfHandle::open(earlier_file(path->expand(init, key)));
      for (const Committed& each : kept_.at(item)) {
        for (const int member : batch_of(each.key))
          if (!by_member() || member == key)
            file.copy(earlier, member, plan().lead_hours(each.key.lead));
        if (flushes_after(each.key)) checksums[each.key] += file.flush();
      }
      file.sync();
    }
    for (const Committed& each : kept_.at(item))
      if (!each.note.empty() && each.note != text_of(checksums[each.key]))
        fail(
            "what {} holds up to lead {} h is not what the earlier run wrote; run without --resume",
            earlier_file(paths(item).front()).string(), plan().lead_hours(each.key.lead));
    for (const auto& file : paths(item)) std::filesystem::remove(earlier_file(file));
    kept_.erase(item);
  }

  std::vector<int> batch_of(const Key& key) const {
    return members_.empty() ? std::vector{0} : plan().batches[static_cast<std::size_t>(key.batch)];
  }
};

LADCAST_NODE(NetcdfOut, "netcdf_out", "Writes fields as CF NetCDF, a file for each initial time.");

}  // namespace
}  // namespace ladcast
