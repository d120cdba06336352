// latents (time, number, prediction_timedelta, channel, y, x) and, where there are analyses,
// analysis (time, channel, y, x); float32, version 2. A message is one chunk: no two writes share a
// file. Chunks appear by rename, and .zmetadata, without which latents_in reads nothing, comes
// last.
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>

#include "graph/error.h"
#include "graph/whole_file.h"
#include "nodes/output/chunk_index.h"
#include "nodes/output/latent_writer.h"
#include "nodes/output/zarr_store.h"
#include "nodes/output/zarr_writer.h"
#include "nodes/values/zarr_json.h"

namespace ladcast {
namespace {

namespace fs = std::filesystem;

class ZarrLatentsWriter final : public LatentWriter {
 public:
  ZarrLatentsWriter(fs::path path, LatentArchiveSpec spec)
      : path_(std::move(path)), spec_(std::move(spec)) {
    for (const int extent : {spec_.shape.channels, spec_.shape.rows, spec_.shape.columns})
      frame_.push_back(static_cast<std::size_t>(extent));
  }

  void begin() override {
    remove_store(path_);
    write_metadata();
  }

  bool restore(const std::vector<KeptStep>& kept) override {
    if (!can_continue()) return false;
    for (const KeptStep& each : kept)
      for (std::size_t m = 0; m < each.step.members.size(); m += spec_.members_in_chunk)
        if (!fs::is_regular_file(path_ / "latents" / key(each.step, m))) return false;
    return true;
  }

  void write(const LatentStep& step, std::span<const float> frames) override {
    if (!has_metadata_) write_metadata();
    for (std::size_t m = 0; m < step.members.size(); m += spec_.members_in_chunk)
      write_one("latents", key(step, m), chunk(step, m, frames));
  }
  void write_analysis(const LatentStep&, std::span<const float> frame) override {
    write_one("analysis", "0.0.0.0", {frame.begin(), frame.end()});
  }

  std::string commit(const LatentStep&) override {
    for (const fs::path& file : unsynced_) sync_to_disk(file);
    for (const char* array : {"latents", "analysis"})
      if (fs::exists(path_ / array)) sync_to_disk(path_ / array);
    unsynced_.clear();
    return "";
  }

  void finish() override {
    commit({});
    finish_store(path_);
  }
  void remove() override { remove_store(path_); }

 private:
  /// With those of an earlier run, which may have had fewer leads.
  void write_metadata() {
    std::error_code failed;
    fs::create_directories(path_, failed);
    if (!failed) fs::remove(path_ / ".zmetadata", failed);
    if (failed) fail("cannot write the folder {}: {}", path_.string(), failed.message());
    const ZarrWriter writer(path_);
    writer.group(spec_.attributes);
    writer.time_axis({spec_.init}, true);
    writer.number_axis(spec_.members);
    writer.lead_axis(spec_.lead_hours);
    writer.data({"latents",
                 {"time", "number", "prediction_timedelta", "channel", "y", "x"},
                 framed({1, spec_.members.size(), spec_.lead_hours.size()}),
                 framed({1, spec_.members_in_chunk, spec_.leads_in_chunk})},
                {{"long_name", "latents of the forecast, not normalised"}, {"units", "1"}});
    if (spec_.has_analysis)
      writer.data({"analysis", {"time", "channel", "y", "x"}, framed({1}), framed({1})},
                  {{"long_name", "latents of the analysis, not normalised"}, {"units", "1"}});
    has_metadata_ = true;
  }

  bool can_continue() const try {
    const auto array = read_json(path_ / "latents" / ".zarray");
    return is_of_this_pipeline(path_, spec_.attributes, {spec_.init}) &&
           sizes_of(array, "chunks") == framed({1, spec_.members_in_chunk, spec_.leads_in_chunk});
  } catch (const Error&) {
    return false;
  }

  std::vector<std::size_t> framed(std::vector<std::size_t> extents) const {
    extents.insert(extents.end(), frame_.begin(), frame_.end());
    return extents;
  }

  /// Of the chunk that begins at the step's member `m`.
  std::string key(const LatentStep& step, std::size_t m) const try {
    const std::string member = fmt::format("member {}", step.members[m]);
    const std::string lead = fmt::format("lead {} h", step.lead_hours.front());
    return fmt::format(
        "0.{}.{}.0.0.0",
        chunk_at(index_in(spec_.members, step.members[m], member), spec_.members_in_chunk, member),
        chunk_at(index_in(spec_.lead_hours, step.lead_hours.front(), lead), spec_.leads_in_chunk,
                 lead));
  } catch (const Error& error) {
    throw error.in(path_.string());
  }

  std::vector<float> chunk(const LatentStep& step, std::size_t first,
                           std::span<const float> frames) const {
    const std::size_t frame = spec_.frame(), leads = step.lead_hours.size();
    std::vector<float> values(spec_.members_in_chunk * spec_.leads_in_chunk * frame,
                              std::numeric_limits<float>::quiet_NaN());
    const std::size_t members = std::min(spec_.members_in_chunk, step.members.size() - first);
    for (std::size_t m = 0; m < members; ++m)
      for (std::size_t l = 0; l < leads; ++l) {
        if (step.lead_hours[l] > spec_.lead_hours.back()) continue;
        const auto from = frames.subspan(((first + m) * leads + l) * frame, frame);
        const std::size_t to = (m * spec_.leads_in_chunk + l) * frame;
        std::copy(from.begin(), from.end(), values.begin() + static_cast<std::ptrdiff_t>(to));
      }
    return values;
  }

  void write_one(const char* array, const std::string& chunk_key,
                 const std::vector<float>& values) {
    write_chunk(path_ / array, chunk_key, values);
    unsynced_.push_back(path_ / array / chunk_key);
  }

  fs::path path_;
  LatentArchiveSpec spec_;
  std::vector<std::size_t> frame_;  // its shape
  bool has_metadata_ = false;
  std::vector<fs::path> unsynced_;
};

}  // namespace

std::unique_ptr<LatentWriter> zarr_latents_writer(const fs::path& path, LatentArchiveSpec spec) {
  return std::make_unique<ZarrLatentsWriter>(path, std::move(spec));
}

}  // namespace ladcast
