#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <regex>

#include "graph/error.h"
#include "nodes/ingest/latent_archive.h"
#include "nodes/values/npy_latents.h"

namespace ladcast {
namespace {

/// The initial time in the name of a file, as the reference ("latent_2018010306.npy") or
/// latents_out
/// ("20180103T06.npy") writes it; nothing where there is none.
std::optional<Time> time_in(const std::string& name) {
  static const std::regex pattern(R"((?:^|\D)(\d{4})(\d\d)(\d\d)T?(\d\d)(?:\D|$))");
  std::smatch found;
  if (!std::regex_search(name, found, pattern)) return {};
  try {
    return parse_time(
        fmt::format("{}-{}-{}T{}", found.str(1), found.str(2), found.str(3), found.str(4)));
  } catch (const Error&) {
    return {};  // digits that are no time
  }
}

/// Of each frame only the bytes that are asked for are read. The file itself says neither its
/// initial time nor its step: its name may tell the time, and the step is the model's.
class NpyLatentArchive final : public LatentArchive {
 public:
  NpyLatentArchive(std::filesystem::path path, const Model& model)
      : path_(std::move(path)),
        latents_(NpyLatents::open(path_, model.latent)),
        step_hours_(model.step_hours),
        frame_(static_cast<std::size_t>(model.latent.channels * model.latent.rows *
                                        model.latent.columns)) {}

  void require(const LatentsRequest& request) const override {
    require_time(request.init);
    for (const int member : request.members)
      if (member < 1 || static_cast<std::size_t>(member) > latents_.members())
        fail("{} has no member {}: it has {}", path_.string(), member, latents_.members());
    for (const int hours : request.lead_hours) lead(hours);
  }

  std::vector<float> read(const LatentsRequest& request) const override {
    require(request);
    std::vector<float> frames(request.members.size() * request.lead_hours.size() * frame_);
    std::span<float> left = frames;
    for (const int member : request.members)
      for (const int hours : request.lead_hours) {
        const auto frame = left.first(frame_);
        latents_.read(static_cast<std::size_t>(member), lead(hours), frame);
        if (!std::all_of(frame.begin(), frame.end(), [](float x) { return std::isfinite(x); }))
          fail("{} has values that are not finite, in member {} at {} h", path_.string(), member,
               hours);
        left = left.subspan(frame_);
      }
    return frames;
  }

  bool is_of_model() const override { return false; }

 private:
  /// Also where a link has another name than its file.
  void require_time(Time init) const {
    for (const auto& file : {path_, std::filesystem::canonical(path_)})
      if (const auto time = time_in(file.filename().string()); time && *time != init)
        fail("{} is by its name of {}, not of {}; read that initial time, or rename the file",
             file.string(), short_time(*time), short_time(init));
  }

  std::size_t lead(int hours) const {
    const int last = static_cast<int>(latents_.leads()) * step_hours_;
    if (hours < step_hours_ || hours > last || hours % step_hours_ != 0)
      fail("{} has no lead of {} h: it has each {} h to {} h", path_.string(), hours, step_hours_,
           last);
    return static_cast<std::size_t>(hours / step_hours_);
  }

  std::filesystem::path path_;
  NpyLatents latents_;
  int step_hours_;
  std::size_t frame_;
};

}  // namespace

std::unique_ptr<const LatentArchive> open_npy_latents(const std::filesystem::path& path,
                                                      const Model& model) {
  return std::make_unique<const NpyLatentArchive>(path, model);
}

}  // namespace ladcast
