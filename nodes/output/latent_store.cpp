#include "nodes/output/latent_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>

#include "graph/error.h"
#include "nodes/output/chunk_index.h"
#include "nodes/output/zarr_writer.h"
#include "nodes/values/zarr_json.h"

namespace ladcast {
namespace {

namespace fs = std::filesystem;

std::string chunk_key(const LatentStoreSpec& spec, Time init, int member, int lead_hours) {
  const std::string m = fmt::format("member {}", member), l = fmt::format("lead {} h", lead_hours);
  return fmt::format("{}.{}.{}.0.0.0", index_in(spec.inits, init, short_time(init)),
                     chunk_at(index_in(spec.members, member, m), spec.members_in_chunk, m),
                     chunk_at(index_in(spec.lead_hours, lead_hours, l), spec.leads_in_chunk, l));
}

}  // namespace

std::vector<fs::path> latent_chunks(const fs::path& store, const LatentStoreSpec& spec, Time init,
                                    std::span<const int> members, int lead_hours) {
  std::vector<fs::path> files;
  for (std::size_t m = 0; m < members.size(); m += spec.members_in_chunk)
    files.push_back(store / "latents" / chunk_key(spec, init, members[m], lead_hours));
  return files;
}

bool can_continue(const fs::path& store, const LatentStoreSpec& spec) try {
  const auto attributes = read_json(store / ".zattrs");
  const auto array = read_json(store / "latents" / ".zarray");
  const auto frame = [&spec](std::size_t members, std::size_t leads) {
    return std::vector<std::size_t>{members, leads, static_cast<std::size_t>(spec.shape.channels),
                                    static_cast<std::size_t>(spec.shape.rows),
                                    static_cast<std::size_t>(spec.shape.columns)};
  };
  auto chunks = frame(spec.members_in_chunk, spec.leads_in_chunk);
  chunks.insert(chunks.begin(), 1);
  return text_of(attributes, "ladcast_pipeline", "") == spec.attributes.at("ladcast_pipeline") &&
         sizes_of(array, "chunks") == chunks;
} catch (const Error&) {
  return false;
}

LatentStore::LatentStore(fs::path path, LatentStoreSpec spec)
    : path_(std::move(path)), spec_(std::move(spec)) {
  std::error_code failed;
  fs::create_directories(path_, failed);
  if (!failed) fs::remove(path_ / ".zmetadata", failed);
  if (failed) fail("cannot write the folder {}: {}", path_.string(), failed.message());
  const ZarrWriter writer(path_);
  writer.group(spec_.attributes);
  writer.time_axis(spec_.inits, true);
  writer.number_axis(spec_.members);
  writer.lead_axis(spec_.lead_hours);
  const auto channels = static_cast<std::size_t>(spec_.shape.channels);
  const auto rows = static_cast<std::size_t>(spec_.shape.rows);
  const auto columns = static_cast<std::size_t>(spec_.shape.columns);
  writer.data(
      {"latents",
       {"time", "number", "prediction_timedelta", "channel", "y", "x"},
       {spec_.inits.size(), spec_.members.size(), spec_.lead_hours.size(), channels, rows, columns},
       {1, spec_.members_in_chunk, spec_.leads_in_chunk, channels, rows, columns}},
      {{"long_name", "latents of the forecast, not normalised"}, {"units", "1"}});
  if (!spec_.has_analysis) return;
  writer.data({"analysis",
               {"time", "channel", "y", "x"},
               {spec_.inits.size(), channels, rows, columns},
               {1, channels, rows, columns}},
              {{"long_name", "latents of the analysis, not normalised"}, {"units", "1"}});
}

std::vector<fs::path> LatentStore::write(Time init, std::span<const int> members,
                                         std::span<const int> lead_hours,
                                         std::span<const float> frames) const try {
  const std::size_t frame = spec_.frame();
  if (frames.size() != members.size() * lead_hours.size() * frame)
    fail("{} values for {} members and {} leads of {} values", frames.size(), members.size(),
         lead_hours.size(), frame);
  std::vector<fs::path> files;
  for (std::size_t m = 0; m < members.size(); m += spec_.members_in_chunk) {
    std::vector<float> chunk(spec_.members_in_chunk * spec_.leads_in_chunk * frame,
                             std::numeric_limits<float>::quiet_NaN());
    const std::size_t count = std::min(spec_.members_in_chunk, members.size() - m);
    for (std::size_t i = 0; i < count; ++i)
      for (std::size_t l = 0; l < lead_hours.size(); ++l) {
        if (lead_hours[l] > spec_.lead_hours.back()) continue;
        const auto from = frames.subspan(((m + i) * lead_hours.size() + l) * frame, frame);
        const std::size_t to = (i * spec_.leads_in_chunk + l) * frame;
        std::copy(from.begin(), from.end(), chunk.begin() + static_cast<std::ptrdiff_t>(to));
      }
    const std::string key = chunk_key(spec_, init, members[m], lead_hours.front());
    write_chunk(path_ / "latents", key, chunk);
    files.push_back(path_ / "latents" / key);
  }
  return files;
} catch (const Error& error) {
  throw error.in(path_.string());
}

fs::path LatentStore::write_analysis(Time init, std::span<const float> frame) const {
  const std::string key = fmt::format("{}.0.0.0", index_in(spec_.inits, init, short_time(init)));
  write_chunk(path_ / "analysis", key, {frame.begin(), frame.end()});
  return path_ / "analysis" / key;
}

}  // namespace ladcast
