#include "nodes/train/latent_set.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <numeric>

#include "graph/error.h"
#include "nodes/ingest/cf_time.h"
#include "nodes/values/zarr_json.h"

namespace ladcast {
namespace {

namespace fs = std::filesystem;
using Sizes = std::vector<std::size_t>;

std::string text_of(const ZarrArray& array, const char* attribute) {
  const auto found = array.texts.find(attribute);
  return found == array.texts.end() ? "" : found->second;
}

/// Whether this program writes it still: xarray may leave .zmetadata out, this program does not.
bool is_unfinished(const fs::path& store) {
  const fs::path attributes = store / ".zattrs";
  return fs::exists(attributes) && !fs::exists(store / ".zmetadata") &&
         read_json(attributes).contains("ladcast_pipeline");
}

}  // namespace

LatentSet::LatentSet(fs::path store, std::size_t most_bytes_in_memory) try : group_(store) {
  if (is_unfinished(store))
    fail("it is not finished: the run that writes it goes on, or continues with --resume");
  read_shape();
  read_times();
  const Sizes& chunk = array("latents").chunk;
  const bool frames_are_chunks = chunk[0] == 1 && std::equal(chunk.begin() + 1, chunk.end(),
                                                             array("latents").shape.begin() + 1);
  if (!frames_are_chunks) read_whole(most_bytes_in_memory);
  std::erase_if(places_, [this](const auto& each) { return !is_there(each.second); });
  if (places_.empty()) fail("it holds no latents");
} catch (const Error& error) {
  throw error.in(store.string());
}

const ZarrArray& LatentSet::array(const char* name) const {
  const auto& arrays = group_.arrays();
  const auto found = std::find_if(arrays.begin(), arrays.end(),
                                  [&](const ZarrArray& each) { return each.name == name; });
  if (found == arrays.end()) fail("it is no training set of latents: it has no array '{}'", name);
  return *found;
}

void LatentSet::read_shape() {
  const ZarrArray& latents = array("latents");
  if (latents.shape.size() != 4 || latents.dimensions.front() != "time")
    fail("its latents are ({}), not (time, channel, row, column)",
         fmt::join(latents.dimensions, ", "));
  for (const std::size_t extent : latents.shape)
    if (extent == 0) fail("it holds no latents");
  const auto extent = [&](std::size_t i) { return static_cast<int>(latents.shape[i]); };
  shape_ = {extent(1), extent(2), extent(3)};
}

void LatentSet::read_times() {
  const ZarrArray& axis = array("time");
  if (axis.shape.size() != 1 || axis.shape[0] != array("latents").shape[0])
    fail("its 'time' is not the axis of its latents");
  const auto units = CfTimeUnits::parse(text_of(axis, "units"), text_of(axis, "calendar"));
  std::map<Time, std::size_t> places;
  std::size_t place = 0;
  for (const double value : group_.read(axis, Sizes{0}, axis.shape)) {
    const Time time = units.decode(value);
    if (!places.emplace(time, place++).second) fail("it holds {} twice", short_time(time));
  }
  places_ = std::move(places);
}

std::vector<Time> LatentSet::times() const {
  std::vector<Time> times;
  for (const auto& [time, place] : places_) times.push_back(time);
  return times;
}

at::Tensor LatentSet::block(const Sizes& start, const Sizes& count) const {
  std::vector<double> values = group_.read(array("latents"), start, count);
  const std::vector<std::int64_t> shape(count.begin(), count.end());
  return at::from_blob(values.data(), shape, at::kDouble).to(at::kFloat);
}

/// Chunk by chunk, each once.
void LatentSet::read_whole(std::size_t most_bytes) {
  const Sizes &shape = array("latents").shape, &chunk = array("latents").chunk;
  const std::size_t bytes =
      std::accumulate(shape.begin(), shape.end(), sizeof(float), std::multiplies<>());
  if (bytes > most_bytes)
    fail(
        "its chunks of {} hold parts of many times, which only a set of up to {} MiB may have, and "
        "it has {}; write it again with one chunk for each time, in xarray with "
        "encoding={{'latents': {{'chunks': (1, {}, {}, {})}}}}",
        fmt::join(chunk, " x "), most_bytes >> 20, bytes >> 20, shape[1], shape[2], shape[3]);
  whole_ = at::empty(std::vector<std::int64_t>(shape.begin(), shape.end()), at::kFloat);
  Sizes start(shape.size(), 0), count(shape.size());
  for (bool more = true; more;) {
    at::Tensor place = whole_;
    for (std::size_t i = 0; i < shape.size(); ++i) {
      count[i] = std::min(chunk[i], shape[i] - start[i]);
      place = place.narrow(static_cast<std::int64_t>(i), static_cast<std::int64_t>(start[i]),
                           static_cast<std::int64_t>(count[i]));
    }
    place.copy_(block(start, count));
    more = false;
    for (std::size_t i = shape.size(); i-- > 0 && !more; more = start[i] != 0)
      start[i] = start[i] + chunk[i] < shape[i] ? start[i] + chunk[i] : 0;
  }
}

/// Of a chunk of many times, part may have been written: the rest of it is missing values.
bool LatentSet::is_there(std::size_t place) const {
  if (whole_.defined()) return !whole_[static_cast<std::int64_t>(place)].isnan().all().item<bool>();
  return group_.has_chunk(array("latents"), {place, 0, 0, 0});
}

at::Tensor LatentSet::read(Time time) const try {
  const auto place = places_.find(time);
  if (place == places_.end()) fail("it does not hold {}", short_time(time));
  at::Tensor frame;
  if (whole_.defined()) {
    frame = whole_[static_cast<std::int64_t>(place->second)];
  } else {
    const Sizes& shape = array("latents").shape;
    const std::lock_guard lock(reading_);
    frame = block({place->second, 0, 0, 0}, {1, shape[1], shape[2], shape[3]})[0];
  }
  if (!frame.isfinite().all().item<bool>()) fail("latents of {} are not finite", short_time(time));
  return frame;
} catch (const Error& error) {
  throw error.in(path().string());
}

}  // namespace ladcast
