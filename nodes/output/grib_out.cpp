#include <algorithm>
#include <map>
#include <optional>
#include <sstream>

#include "graph/node.h"
#include "nodes/output/grib_encoder.h"
#include "nodes/output/grib_file.h"
#include "nodes/output/grib_grid.h"
#include "nodes/output/step_zero.h"
#include "nodes/values/fields_payload.h"

namespace ladcast {
namespace {

class GribOut final : public Ordered {
 public:
  GribOut() : Ordered(Within::item) { on_process_lane("eccodes"); }

 private:
  In<Fields> fields{this, "fields", "what is written, in physical units"};
  In<Fields> analysis{this, "analysis", "written as step 0 of each member", kOptional};
  Param<PathPattern> path{this, "path",
                          "file; names {init} and {lead}. Its index, JSON lines, has the same name "
                          "with the extension .index"};
  Param<std::string> expver{this,
                            "expver",
                            "experiment version, four characters that tell this forecast from "
                            "others; 0001 is ECMWF's",
                            {.fallback = "lad1"}};
  Param<int> process{
      this, "process", "number of the generating process", {.fallback = 255, .min = 0, .max = 255}};
  Param<std::string> packing{this,
                             "packing",
                             "16 bits both; simple is larger, and read by older programs",
                             {.fallback = "ccsds", .choices = {"ccsds", "simple"}}};
  Param<bool> verify_after_write{
      this, "verify_after_write",
      "read each message back and compare it with the field, within the packing error",
      ParamOptions<bool>{.fallback = false}};

  using Files = std::map<int, GribFile>;  // by lead hours

  std::optional<GribEncoder> encoder_;
  std::map<int, Files> open_;  // by item
  std::string note_;           // lead hours and bytes of the files that were finished last
  bool by_batch_ = false;
  int first_lead_ = 0;
  int members_ = 1;  // of the whole ensemble
  std::size_t channels_ = 0;
  std::size_t map_ = 0;      // points
  std::uint64_t bytes_ = 0;  // of all files, and of their indices
  std::uint64_t index_bytes_ = 0;

  void shape(Shape& shape) override {
    const Spec& spec = shape.in(fields);
    const Plan& plan = shape.plan();
    by_batch_ = spec.axes.batch;
    first_lead_ = spec.axes.leads.first;
    if (shape.has(analysis)) check_step_zero(shape, analysis, fields);
    for (const auto& batch : plan.batches)
      members_ = std::max(members_, *std::max_element(batch.begin(), batch.end()));
    if (by_batch_ && members_ > 254) {
      shape.error(fields, fmt::format("there are {} members, and GRIB2 holds 254", members_),
                  "set run.members to at most 254");
    }
    if (spec.normalised)
      shape.error(fields, "the fields are normalised, and GRIB2 has physical units",
                  "take the fields after 'denormalise'");
    check_path(shape, spec.axes);
    check_expver(shape);
    check_channels(shape, spec);
    check_grid(shape, spec);
    const auto steps_zero = shape.has(analysis) ? plan.count({true, {}, by_batch_}) : 0;
    estimate(spec, static_cast<std::uint64_t>(plan.count(spec.axes) + steps_zero));
  }

  void check_path(Shape& shape, const Axes& axes) const {
    if (path->has("member"))
      shape.error(path, "the path names {member}, but one file holds all members",
                  "leave {member} out");
    if (!path->has("init") || (!axes.leads.empty() && !path->has("lead")))
      shape.error(path,
                  "a file holds one lead of one initial time, and its path does not name both",
                  "write path = \"out/{init}-{lead}h-enfo-pf.grib2\"");
    if (index_pattern() == *path)
      shape.error(path, "the path is that of its index", "take another extension, as .grib2");
  }

  void check_expver(Shape& shape) const {
    const bool plain = std::all_of(expver->begin(), expver->end(), [](char c) {
      return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
    });
    if (expver->size() != 4 || !plain || *expver == "0001")
      shape.error(expver, fmt::format("'{}' is no experiment version of yours", *expver),
                  "take four small letters or digits, not 0001, as expver = \"lad1\"");
  }

  void check_channels(Shape& shape, const Spec& spec) const {
    try {
      for (const Channel& channel : channels_of(spec)) require_grib_channel(channel);
    } catch (const Error& error) {
      shape.error(fields, error.what(),
                  "leave it out with 'select', or write it with 'netcdf_out'");
    }
  }

  void check_grid(Shape& shape, const Spec& spec) const {
    if (spec.coordinates.size() != 2) return;  // known when the fields are there
    try {
      require_grib_grid({spec.coordinates[0], spec.coordinates[1]});
    } catch (const Error& error) {
      shape.error(fields, error.what(), "or write it with 'netcdf_out'");
    }
  }

  /// As large as values, bitmap and index can be; CCSDS saves up to half.
  void estimate(const Spec& spec, std::uint64_t payloads) {
    constexpr std::uint64_t kHeader = 300, kIndexLine = 260;
    channels_ = spec.channels.size();
    map_ = 1;
    for (const std::size_t length : spec.shape) map_ *= length;
    if (map_ == 0) return;
    const std::uint64_t maps = spec.bytes / sizeof(float) / map_ * payloads;
    bytes_ = maps * (2 * map_ + map_ / 8 + kHeader);
    index_bytes_ = maps * kIndexLine;
  }

  PathPattern index_pattern() const { return {grib_index(path->text).string()}; }

  std::vector<Claim> claims() const override {
    return {{*path, false, true, bytes_}, {index_pattern(), false, true, index_bytes_}};
  }
  Memory memory() const override {
    return {.resident = GribEncoder::bytes(by_batch_ ? channels_ : 0),
            .scratch = 4 * map_ * sizeof(double)};
  }

  void run(Task& task) override {
    const Fields& next = task.get(fields);
    note_.clear();
    Files& files = open_[task.key().item];
    const bool is_there = !next.members.empty();  // else a time that was not: it gets no file
    if (is_there && (!encoder_ || encoder_->grid() != next.grid))
      encoder_.emplace(GribStyle{*expver, *process, *packing == "simple", members_}, next.grid);
    for (std::size_t lead = 0; is_there && lead < next.lead_hours.size(); ++lead)
      write(next, lead, file_of(task, next.lead_hours[lead]));
    if (!is_last_batch(task.key())) return;
    if (is_there && task.has(analysis) && task.key().lead == first_lead_) write_step_zero(task);
    finish_files(files);
  }

  GribFile& file_of(const Task& task, int hours) {
    Files& files = open_[task.key().item];
    const auto file = files.find(hours);
    if (file != files.end()) return file->second;
    return files.try_emplace(hours, path->expand(task.init(), 0, hours)).first->second;
  }

  void write_step_zero(const Task& task) {
    Fields start = as_step_zero(task.get(analysis), task.get(fields).channels);
    for (const int member : members_of_item(task)) {
      start.members = {member};
      write(start, 0, file_of(task, 0));
    }
  }

  std::vector<int> members_of_item(const Task& task) const {
    if (!by_batch_) return task.get(fields).members;
    std::vector<int> members;
    for (const auto& batch : plan().batches)
      members.insert(members.end(), batch.begin(), batch.end());
    return members;
  }

  void write(const Fields& next, std::size_t lead, GribFile& file) {
    for (std::size_t member = 0; member < next.members.size(); ++member) {
      for (std::size_t c = 0; c < next.channels.size(); ++c) {
        const GribLabel label{next.channels[c], next.init, next.lead_hours[lead],
                              next.members[member]};
        const auto map = next.map(member, lead, c);
        const auto message = encoder_->encode(label, map);
        file.append(message, encoder_->index_keys(label));
        if (*verify_after_write) verify(file, label, map);
      }
    }
  }

  void verify(GribFile& file, const GribLabel& label, std::span<const float> map) const {
    const std::string message = file.read_last();
    try {
      encoder_->require_holds(message, label, map);
    } catch (const Error& error) {
      throw error.in(file.path().string());
    }
  }

  bool is_last_batch(const Key& key) const {
    return !by_batch_ || key.batch + 1 == plan().batch_count();
  }

  void finish_files(Files& files) {
    for (auto& [hours, file] : files) note_ += fmt::format("{} {} ", hours, file.finish());
    files.clear();
  }

  void finish_item(int item) override { open_.erase(item); }
  void drop_item(int item) override { open_.erase(item); }
  void close() override {
    open_.clear();
    encoder_.reset();
  }

  // ---- a run that goes on ----
  //
  // A file is committed as a whole, with its last batch; one that was cut off is written again from
  // its first member, so its bytes are those of an unbroken run.

  bool keeps() const override { return true; }

  std::optional<std::string> commit(const Task& task) override {
    if (!is_last_batch(task.key())) return {};
    return note_;
  }

  bool restore(int item, const std::vector<Committed>& committed) override {
    std::map<int, int> batches;  // by lead: those that are committed
    for (const Committed& each : committed) {
      ++batches[each.key.lead];
      if (!is_last_batch(each.key)) continue;
      std::istringstream note(each.note);
      int hours = 0;
      for (std::uint64_t bytes = 0; note >> hours >> bytes;) {
        const Time init = plan().inits[static_cast<std::size_t>(item)];
        if (!is_complete_grib(path->expand(init, 0, hours), bytes)) return false;
      }
    }
    const int all = by_batch_ ? plan().batch_count() : 1;
    return std::all_of(batches.begin(), batches.end(),
                       [all](const auto& lead) { return lead.second == all; });
  }
};

LADCAST_NODE(GribOut, "grib_out",
             "Writes fields as GRIB2 as ECMWF labels ensembles, a file for each initial time and "
             "lead, all members inside.");

}  // namespace
}  // namespace ladcast
