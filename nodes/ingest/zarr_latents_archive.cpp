#include <algorithm>

#include "graph/error.h"
#include "graph/fingerprint.h"
#include "nodes/ingest/file_format.h"
#include "nodes/ingest/latent_archive.h"
#include "nodes/values/zarr_group.h"
#include "nodes/values/zarr_json.h"

namespace ladcast {
namespace {

namespace fs = std::filesystem;

const ZarrArray* find(const ZarrGroup& group, const std::string& name) {
  const auto& arrays = group.arrays();
  const auto found = std::find_if(arrays.begin(), arrays.end(),
                                  [&](const ZarrArray& each) { return each.name == name; });
  return found == arrays.end() ? nullptr : &*found;
}

/// The scaling is undone with the statistics that made it, or the fields are wrong.
void require_statistics(const fs::path& store, const Model& model) {
  const auto attributes = read_json(store / ".zattrs");
  const std::string theirs = text_of(attributes, "latent_statistics", "");
  if (theirs == fingerprint(model.latent_statistics)) return;
  fail("{} was written with the latents of model '{}', whose statistics are not those of {}",
       store.string(), text_of(attributes, "model", "unknown"), model.latent_statistics.string());
}

class ZarrLatentArchive final : public LatentArchive {
 public:
  ZarrLatentArchive(const fs::path& path, const Model& model) : group_(path) {
    if (!find(group_, "latents"))
      fail("{} is no archive of latents: it has no array 'latents'; 'zarr_in' reads fields",
           path.string());
    require_statistics(path, model);
    if (!fs::exists(path / ".zmetadata"))
      fail("{} is not finished: the run that writes it goes on, or continues with --resume",
           path.string());
    for (const int extent : {model.latent.channels, model.latent.rows, model.latent.columns})
      frame_.push_back(static_cast<std::size_t>(extent));
    const auto& shape = array("latents").shape;
    if (shape.size() != 6 || !std::equal(frame_.begin(), frame_.end(), shape.begin() + 3))
      fail("{} has latents of another shape than the model", path.string());
  }

  void require(const LatentsRequest& request) const override {
    time(request);
    members(request);
    leads(request);
  }

  std::vector<float> read(const LatentsRequest& request) const override {
    std::vector<std::size_t> start = {time(request), 0, 0, 0, 0, 0};
    std::vector<std::size_t> count = {1, 1, 1, frame_[0], frame_[1], frame_[2]};
    const auto rows = members(request), steps = leads(request);
    std::vector<float> frames;
    for (const std::size_t member : rows)
      for (const std::size_t lead : steps) {
        start[1] = member;
        start[2] = lead;
        for (const double value : group_.read(array("latents"), start, count))
          frames.push_back(static_cast<float>(value));
      }
    return frames;
  }

  bool is_of_model() const override { return true; }

 private:
  const ZarrArray& array(const char* name) const {
    if (const ZarrArray* found = find(group_, name)) return *found;
    fail("{} is damaged: it has no array '{}'", group_.folder().string(), name);
  }

  std::size_t time(const LatentsRequest& request) const {
    const auto seconds = request.init.time_since_epoch().count();
    return place(axis("time"), static_cast<double>(seconds) / 3600, short_time(request.init));
  }
  std::vector<std::size_t> members(const LatentsRequest& request) const {
    const auto numbers = axis("number");
    std::vector<std::size_t> places;
    for (const int member : request.members)
      places.push_back(place(numbers, member, fmt::format("member {}", member)));
    return places;
  }
  std::vector<std::size_t> leads(const LatentsRequest& request) const {
    const auto hours = axis("prediction_timedelta");
    std::vector<std::size_t> places;
    for (const int lead : request.lead_hours)
      places.push_back(place(hours, lead, fmt::format("lead of {} h", lead)));
    return places;
  }

  std::vector<double> axis(const char* name) const {
    const std::vector<std::size_t> start = {0};
    return group_.read(array(name), start, array(name).shape);
  }
  std::size_t place(const std::vector<double>& values, double value,
                    const std::string& what) const {
    const auto found = std::find(values.begin(), values.end(), value);
    if (found == values.end()) fail("{} has no {}", group_.folder().string(), what);
    return static_cast<std::size_t>(found - values.begin());
  }

  ZarrGroup group_;
  std::vector<std::size_t> frame_;
};

}  // namespace

std::unique_ptr<const LatentArchive> open_zarr_latents(const fs::path& path, const Model& model) {
  if (fs::is_regular_file(path)) {
    require_format(path, FileFormat::unknown);
    fail("{} is no archive of latents, which is a Zarr store or an .npy file", path.string());
  }
  return std::make_unique<const ZarrLatentArchive>(path, model);
}

}  // namespace ladcast
