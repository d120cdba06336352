// Archives of latents that are being written, one for each initial time.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "graph/time.h"
#include "nodes/values/model.h"

namespace ladcast {

struct LatentArchiveSpec {
  LatentShape shape;
  Time init;
  std::vector<int> lead_hours;
  std::vector<int> members;
  std::size_t members_in_chunk = 1, leads_in_chunk = 1;  // of a Zarr store: a message is one chunk
  bool has_analysis = false;
  std::map<std::string, std::string> attributes;  // of a Zarr store

  std::size_t frame() const {
    return static_cast<std::size_t>(shape.channels) * static_cast<std::size_t>(shape.rows) *
           static_cast<std::size_t>(shape.columns);
  }
};

/// What one message brings. Leads beyond those of the archive are left out.
struct LatentStep {
  std::vector<int> members;
  std::vector<int> lead_hours;
};

/// A step that an earlier run committed.
struct KeptStep {
  LatentStep step;
  std::string note;  // as commit() returned it
};

/// Either begin() or restore() comes first. All functions throw Error.
class LatentWriter {
 public:
  virtual ~LatentWriter() = default;

  /// Starts the archive anew.
  virtual void begin() = 0;
  /// Goes on with what an earlier run left, or finished. False if any of `kept` is not there.
  virtual bool restore(const std::vector<KeptStep>& kept) = 0;

  /// Frames [member][lead][channel][row][column], not normalised.
  virtual void write(const LatentStep& step, std::span<const float> frames) = 0;
  /// The one frame of the analysis, with the first step of some members.
  virtual void write_analysis(const LatentStep& step, std::span<const float> frame) = 0;

  /// Waits until all that was written is on the disk. Returns what restore() needs to know.
  virtual std::string commit(const LatentStep& step) = 0;

  /// All is written: makes the archive visible.
  virtual void finish() = 0;
  /// Removes what is not finished.
  virtual void remove() = 0;
};

/// By the extension of `path`: the reference's .npy file, or Zarr.
std::unique_ptr<LatentWriter> latent_writer(const std::filesystem::path& path,
                                            LatentArchiveSpec spec);
std::unique_ptr<LatentWriter> npy_latents_writer(const std::filesystem::path& path,
                                                 LatentArchiveSpec spec);
std::unique_ptr<LatentWriter> zarr_latents_writer(const std::filesystem::path& path,
                                                  LatentArchiveSpec spec);

}  // namespace ladcast
