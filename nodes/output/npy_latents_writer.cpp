// The reference's .npy file, of its final size from the start under a temporary name: frames are
// written where they belong, in any order, and finish() renames it. So a file that was broken off
// and gone on with ends with the bytes of an unbroken one.
//
// The format has no room to say which run wrote it. Hence the note of a step is the hash of its
// frames as they lie in the file, and restore() takes up a file in which all of them are found
// again. A file with its final name is whole, and there one step tells whose it is.
#include <algorithm>
#include <optional>

#include "graph/error.h"
#include "graph/fingerprint.h"
#include "graph/whole_file.h"
#include "nodes/output/chunk_index.h"
#include "nodes/output/latent_writer.h"
#include "nodes/values/npy_latents.h"

namespace ladcast {
namespace {

namespace fs = std::filesystem;

class NpyLatentsWriter final : public LatentWriter {
 public:
  NpyLatentsWriter(fs::path path, LatentArchiveSpec spec)
      : path_(std::move(path)), temporary_(path_.string() + ".part"), spec_(std::move(spec)) {}

  void begin() override {
    make_folder_of(path_);
    if (fs::is_directory(path_)) fail("cannot write {}: it is a folder", path_.string());
    file_ =
        NpyLatents::create(temporary_, spec_.shape, spec_.members.size(), spec_.lead_hours.size());
  }

  bool restore(const std::vector<KeptStep>& kept) override try {
    const bool whole = !fs::exists(temporary_);
    auto file = whole ? NpyLatents::open(path_, spec_.shape)
                      : NpyLatents::open_to_write(temporary_, spec_.shape);
    if (file.members() != spec_.members.size() || file.leads() != spec_.lead_hours.size())
      return false;
    if (whole && frames_in(kept) != spec_.members.size() * spec_.lead_hours.size()) return false;
    const auto looked_at = kept.begin() + (whole ? 1 : static_cast<std::ptrdiff_t>(kept.size()));
    if (!std::all_of(kept.begin(), looked_at,
                     [&](const KeptStep& each) { return hash(file, each.step) == each.note; }))
      return false;
    if (!whole) file_ = std::move(file);
    return true;
  } catch (const Error&) {
    return false;
  }

  void write(const LatentStep& step, std::span<const float> frames) override {
    const std::size_t frame = spec_.frame();
    for (const int member : step.members)
      for (const int hours : step.lead_hours) {
        if (const std::size_t lead = lead_of(hours); lead > 0)
          file_->write(row(member), lead, frames.first(frame));
        frames = frames.subspan(frame);
      }
  }
  void write_analysis(const LatentStep& step, std::span<const float> frame) override {
    for (const int member : step.members) file_->write(row(member), 0, frame);
  }

  std::string commit(const LatentStep& step) override {
    file_->sync();
    return hash(*file_, step);
  }

  void finish() override {
    if (!file_) return;  // an earlier run finished it
    file_->sync();
    file_.reset();
    std::error_code failed;
    fs::rename(temporary_, path_, failed);
    if (failed)
      fail("cannot rename {} to {}: {}", temporary_.string(), path_.string(), failed.message());
  }
  void remove() override {
    file_.reset();
    std::error_code failed;
    fs::remove(temporary_, failed);
    if (failed) fail("cannot remove {}: {}", temporary_.string(), failed.message());
  }

 private:
  /// The member's place in the file, from 1.
  std::size_t row(int member) const {
    return 1 + index_in(spec_.members, member, fmt::format("member {}", member));
  }
  /// From 1; 0 of a lead beyond the last.
  std::size_t lead_of(int hours) const {
    if (hours > spec_.lead_hours.back()) return 0;
    return 1 + index_in(spec_.lead_hours, hours, fmt::format("lead of {} h", hours));
  }

  std::size_t frames_in(const std::vector<KeptStep>& kept) const {
    std::size_t count = 0;
    for (const auto& [step, note] : kept)
      for (const int hours : step.lead_hours)
        if (lead_of(hours) > 0) count += step.members.size();
    return count;
  }

  /// Of the frames of a step; the analysis belongs to the first one.
  std::string hash(const NpyLatents& file, const LatentStep& step) const {
    std::vector<std::size_t> leads;
    if (step.lead_hours.front() == spec_.lead_hours.front()) leads.push_back(0);
    for (const int hours : step.lead_hours)
      if (const std::size_t lead = lead_of(hours); lead > 0) leads.push_back(lead);
    std::vector<float> frame(spec_.frame());
    std::string bytes;
    for (const int member : step.members)
      for (const std::size_t lead : leads) {
        file.read(row(member), lead, frame);
        bytes.append(reinterpret_cast<const char*>(frame.data()), frame.size() * sizeof(float));
      }
    return sha256(bytes);
  }

  fs::path path_, temporary_;
  LatentArchiveSpec spec_;
  std::optional<NpyLatents> file_;  // open while there is something to write
};

}  // namespace

std::unique_ptr<LatentWriter> npy_latents_writer(const fs::path& path, LatentArchiveSpec spec) {
  return std::make_unique<NpyLatentsWriter>(path, std::move(spec));
}

}  // namespace ladcast
