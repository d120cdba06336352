#include "nodes/values/npy_latents.h"

#include <algorithm>

#include "graph/error.h"

namespace ladcast {

namespace fs = std::filesystem;

bool is_npy(const fs::path& path) { return path.extension() == ".npy"; }

NpyLatents NpyLatents::create(const fs::path& path, const LatentShape& shape, std::size_t members,
                              std::size_t leads) {
  const auto extent = [](int length) { return static_cast<std::size_t>(length); };
  return {NpyFile::create(path, {members, extent(shape.channels), leads + 1, extent(shape.rows),
                                 extent(shape.columns)}),
          shape};
}

NpyLatents NpyLatents::open(const fs::path& path, const LatentShape& shape) {
  return {NpyFile::open(path), shape};
}

NpyLatents NpyLatents::open_to_write(const fs::path& path, const LatentShape& shape) {
  return {NpyFile::open_to_write(path), shape};
}

NpyLatents::NpyLatents(NpyFile file, const LatentShape& shape) : file_(std::move(file)) {
  const auto& s = file_.shape();
  const auto is = [](std::size_t extent, int wanted) {
    return extent == static_cast<std::size_t>(wanted);
  };
  if (s.size() == 5 && s[0] > 0 && is(s[1], shape.channels) && s[2] > 0 && is(s[3], shape.rows) &&
      is(s[4], shape.columns))
    return;
  fail("{} has the shape {}, latents of this model have (members, {}, 1 + leads, {}, {})",
       file_.path().string(), python_tuple(s), shape.channels, shape.rows, shape.columns);
}

/// Of the first number of a map.
std::size_t NpyLatents::index(std::size_t member, std::size_t channel, std::size_t lead) const {
  const auto& s = file_.shape();
  return (((member - 1) * s[1] + channel) * s[2] + lead) * s[3] * s[4];
}

void NpyLatents::read(std::size_t member, std::size_t lead, std::span<float> frame) const {
  const std::size_t map = frame.size() / file_.shape()[1];
  for (std::size_t c = 0; c < file_.shape()[1]; ++c)
    file_.read(index(member, c, lead), frame.subspan(c * map, map));
}

void NpyLatents::write(std::size_t member, std::size_t lead, std::span<const float> frame) const {
  const std::size_t map = frame.size() / file_.shape()[1];
  for (std::size_t c = 0; c < file_.shape()[1]; ++c)
    file_.write(index(member, c, lead), frame.subspan(c * map, map));
}

}  // namespace ladcast
