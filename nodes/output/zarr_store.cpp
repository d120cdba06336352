#include "nodes/output/zarr_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>

#include "graph/error.h"
#include "nodes/output/chunk_index.h"
#include "nodes/output/zarr_layout.h"
#include "nodes/output/zarr_writer.h"
#include "nodes/values/zarr_group.h"
#include "nodes/values/zarr_json.h"

namespace ladcast {
namespace {

namespace fs = std::filesystem;

/// "0.3.12.0.0.0": time, member, lead, then one chunk along the rest.
std::string chunk_key(const ZarrStoreSpec& spec, const FileVariable& variable, Time init,
                      int member, int lead_hours) {
  std::string key = std::to_string(index_in(spec.inits, init, short_time(init)));
  if (spec.has_members()) {
    const std::string what = fmt::format("member {}", member);
    const std::size_t index = index_in(spec.members, member, what);
    key += fmt::format(".{}", chunk_at(index, spec.members_in_chunk, what));
  }
  if (spec.has_leads()) {
    const std::string what = fmt::format("lead {} h", lead_hours);
    const std::size_t index = index_in(spec.lead_hours, lead_hours, what);
    key += fmt::format(".{}", chunk_at(index, spec.leads_in_chunk, what));
  }
  return key + (variable.levels.empty() ? ".0.0" : ".0.0.0");
}

/// Whether the axis `name` of an earlier store begins as `values` do.
bool begins_as(const ZarrGroup& group, const std::string& name, const std::vector<double>& values) {
  for (const ZarrArray& array : group.arrays()) {
    if (array.name != name || array.shape.size() != 1) continue;
    const std::vector<std::size_t> start = {0};
    const std::vector<double> there = group.read(array, start, array.shape);
    return there.size() <= values.size() && std::equal(there.begin(), there.end(), values.begin());
  }
  return false;
}

/// The attribute ladcast_pipeline; nothing where another program wrote the store.
std::optional<std::string> pipeline_of(const fs::path& store) {
  const auto attributes = read_json(store / ".zattrs");
  if (!attributes.is_object() || !attributes.contains("ladcast_pipeline")) return {};
  return text_of(attributes, "ladcast_pipeline", "");
}

/// Whether a folder is empty but for files whose writing was broken off.
bool holds_no_whole_file(const fs::path& folder) {
  if (!fs::is_directory(folder)) return false;
  const fs::directory_iterator entries(folder);
  return std::all_of(begin(entries), end(entries),
                     [](const auto& entry) { return entry.path().extension() == ".partial"; });
}

/// Removes the files of a folder, `last` after the others, and the folder.
void remove_folder(const fs::path& folder, const char* last, std::error_code& failed) {
  for (const auto& entry : fs::directory_iterator(folder, failed))
    if (!failed && entry.path().filename() != last) fs::remove(entry.path(), failed);
  if (!failed) fs::remove(folder / last, failed);
  if (!failed) fs::remove(folder, failed);
}

}  // namespace

std::vector<fs::path> chunk_files(const fs::path& store, const ZarrStoreSpec& spec, Time init,
                                  int member, int lead_hours) {
  std::vector<fs::path> files;
  for (const FileVariable& v : file_variables(spec.channels))
    files.push_back(store / array_name_of(v) / chunk_key(spec, v, init, member, lead_hours));
  return files;
}

bool is_of_this_pipeline(const fs::path& store,
                         const std::map<std::string, std::string>& attributes,
                         const std::vector<Time>& inits) try {
  const auto pipeline = attributes.find("ladcast_pipeline");
  if (pipeline == attributes.end() || pipeline_of(store) != pipeline->second) return false;
  std::vector<double> times;
  for (const Time init : inits)
    times.push_back(static_cast<double>(init.time_since_epoch().count()) / 3600);
  return begins_as(ZarrGroup(store), "time", times);
} catch (const Error&) {
  return false;
}

bool can_continue(const fs::path& store, const ZarrStoreSpec& spec) try {
  if (!is_of_this_pipeline(store, spec.attributes, spec.inits)) return false;
  const ZarrGroup group(store);
  std::vector<std::size_t> chunk = {1};
  if (spec.has_members()) chunk.push_back(spec.members_in_chunk);
  if (spec.has_leads()) chunk.push_back(spec.leads_in_chunk);
  for (const FileVariable& v : file_variables(spec.channels)) {
    const auto array =
        std::find_if(group.arrays().begin(), group.arrays().end(),
                     [&](const ZarrArray& each) { return each.name == array_name_of(v); });
    if (array == group.arrays().end() || array->chunk.size() < chunk.size()) return false;
    if (!std::equal(chunk.begin(), chunk.end(), array->chunk.begin())) return false;
  }
  return (!spec.has_members() ||
          begins_as(group, "number", {spec.members.begin(), spec.members.end()})) &&
         (!spec.has_leads() || begins_as(group, "prediction_timedelta",
                                         {spec.lead_hours.begin(), spec.lead_hours.end()}));
} catch (const Error&) {
  return false;
}

void remove_store(const fs::path& store) {
  if (!fs::exists(store)) return;
  bool ours = false;
  try {
    ours = pipeline_of(store).has_value();
  } catch (const Error&) {
  }
  if (!ours && !holds_no_whole_file(store))
    fail("{} is there, and is no store that ladcast-flow wrote; take another path or remove it",
         store.string());
  std::error_code failed;
  std::vector<fs::path> arrays;
  for (const auto& entry : fs::directory_iterator(store, failed)) {
    const std::string name = entry.path().filename();
    if (name.starts_with(".z")) continue;
    if (!fs::exists(entry.path() / ".zarray", failed) && !holds_no_whole_file(entry.path()))
      fail("{} would be replaced, but holds {}, which ladcast-flow did not write; move it away",
           store.string(), name);
    arrays.push_back(entry.path());
  }
  // What tells a store and an array goes last, so that what a kill leaves of them is still known.
  fs::remove(store / ".zmetadata", failed);
  for (const fs::path& array : arrays) remove_folder(array, ".zarray", failed);
  remove_folder(store, ".zattrs", failed);
  if (failed) fail("cannot remove {}: {}", store.string(), failed.message());
}

void require_no_other_times(const fs::path& store, const std::vector<Time>& inits) {
  std::vector<double> there;
  try {
    const ZarrGroup group(store);
    for (const ZarrArray& array : group.arrays())
      if (array.name == "time" && array.shape.size() == 1)
        there = group.read(array, std::vector<std::size_t>{0}, array.shape);
  } catch (const Error&) {
    return;  // nothing that can be read is lost
  }
  for (const double hours : there) {
    const Time time{std::chrono::hours{std::llround(hours)}};
    if (std::find(inits.begin(), inits.end(), time) == inits.end())
      fail("{} holds {}, which this run would remove; put {{init}} into the path, or take another",
           store.string(), short_time(time));
  }
}

ZarrStore::ZarrStore(fs::path path, ZarrStoreSpec spec)
    : path_(std::move(path)), spec_(std::move(spec)), variables_(file_variables(spec_.channels)) {
  if (spec_.channels.empty() || spec_.inits.empty() || spec_.members.empty())
    fail("there are no channels, times or members to write");
  std::error_code failed;
  fs::create_directories(path_, failed);
  if (!failed) fs::remove(path_ / ".zmetadata", failed);
  if (failed) fail("cannot write the folder {}: {}", path_.string(), failed.message());
  write_layout(path_, spec_);
}

/// The chunk whose first member is the fields' one at `member`.
std::vector<float> ZarrStore::chunk_of(const Fields& fields, const FileVariable& variable,
                                       std::size_t member) const {
  const std::size_t levels = std::max<std::size_t>(variable.levels.size(), 1);
  const std::size_t points = spec_.grid.points();
  std::vector<float> values(spec_.members_in_chunk * spec_.leads_in_chunk * levels * points,
                            std::numeric_limits<float>::quiet_NaN());
  const std::size_t members = std::min(spec_.members_in_chunk, fields.members.size() - member);
  for (std::size_t c = 0; c < fields.channels.size(); ++c) {
    const Channel& channel = fields.channels[c];
    if (!variable.holds(channel)) continue;
    const std::size_t level =
        channel.level ? index_in(variable.levels, *channel.level, to_string(channel)) : 0;
    for (std::size_t m = 0; m < members; ++m)
      for (std::size_t l = 0; l < fields.lead_hours.size(); ++l) {
        const auto map = fields.map(member + m, l, c);
        const std::size_t place = ((m * spec_.leads_in_chunk + l) * levels + level) * points;
        std::copy(map.begin(), map.end(), values.begin() + static_cast<std::ptrdiff_t>(place));
      }
  }
  return values;
}

/// Members and leads of a payload have to follow each other as those of the store do.
void ZarrStore::require_belongs(const Fields& fields) const {
  if (fields.grid != spec_.grid) fail("the fields have another grid than the store");
  if (fields.normalised != spec_.normalised)
    fail("the fields are {}, the store is not", fields.normalised ? "normalised" : "physical");
  if (fields.lead_hours.size() != (spec_.has_leads() ? spec_.leads_in_chunk : 1))
    fail("the fields have {} leads, a chunk has {}", fields.lead_hours.size(),
         spec_.leads_in_chunk);
  for (const Channel& channel : fields.channels)
    if (std::find(spec_.channels.begin(), spec_.channels.end(), channel) == spec_.channels.end())
      fail("the store has no {}", to_string(channel));
  const auto follow = [](const std::vector<int>& part, const std::vector<int>& all) {
    return std::search(all.begin(), all.end(), part.begin(), part.end()) != all.end();
  };
  if (!follow(fields.members, spec_.members))
    fail("the store has no members {}", fmt::join(fields.members, ", "));
  if (spec_.has_leads() && !follow(fields.lead_hours, spec_.lead_hours))
    fail("the store has no leads {} h", fmt::join(fields.lead_hours, ", "));
}

/// All chunks that hold some of the fields' channels.
std::vector<ZarrStore::Chunk> ZarrStore::chunks_of(const Fields& fields) const {
  require_belongs(fields);
  std::vector<Chunk> chunks;
  for (const FileVariable& variable : variables_) {
    if (std::none_of(fields.channels.begin(), fields.channels.end(),
                     [&](const Channel& channel) { return variable.holds(channel); }))
      continue;
    for (std::size_t m = 0; m < fields.members.size(); m += spec_.members_in_chunk)
      chunks.push_back(
          {&variable, m, path_ / array_name_of(variable),
           chunk_key(spec_, variable, fields.init, fields.members[m], fields.lead_hours.front())});
  }
  return chunks;
}

std::vector<fs::path> ZarrStore::write(const Fields& fields) const try {
  std::vector<fs::path> files;
  for (const Chunk& chunk : chunks_of(fields)) {
    write_chunk(chunk.array, chunk.key, chunk_of(fields, *chunk.variable, chunk.member));
    files.push_back(chunk.array / chunk.key);
  }
  return files;
} catch (const Error& error) {
  throw error.in(path_.string());
}

void ZarrStore::verify(const Fields& fields) const {
  for (const Chunk& chunk : chunks_of(fields)) {
    const fs::path file = chunk.array / chunk.key;
    const auto written = chunk_of(fields, *chunk.variable, chunk.member);
    try {
      require_equal(fields, chunk, written, read_chunk(file, written.size()));
    } catch (const Error& error) {
      std::error_code ignored;
      fs::remove(file, ignored);
      throw error.in(file.string());
    }
  }
}

/// Names the first map that differs. A chunk is [member][lead][level][point].
void ZarrStore::require_equal(const Fields& fields, const Chunk& chunk,
                              std::span<const float> written, std::span<const float> read) const {
  const auto differ = [](float a, float b) {
    return std::bit_cast<std::uint32_t>(a) != std::bit_cast<std::uint32_t>(b);
  };
  const FileVariable& variable = *chunk.variable;
  const std::size_t levels = std::max<std::size_t>(variable.levels.size(), 1);
  const std::size_t points = spec_.grid.points();
  for (std::size_t map = 0; map * points < written.size(); ++map) {
    std::size_t wrong = 0;
    for (std::size_t i = map * points; i < (map + 1) * points; ++i)
      if (differ(written[i], read[i])) ++wrong;
    if (wrong == 0) continue;
    const std::size_t level = map % levels, lead = map / levels % spec_.leads_in_chunk;
    const std::size_t member = chunk.member + map / levels / spec_.leads_in_chunk;
    std::string where = array_name_of(variable);
    if (!variable.levels.empty()) where += fmt::format(" {} hPa", variable.levels[level]);
    if (spec_.has_members() && member < fields.members.size())
      where += fmt::format(", member {}", fields.members[member]);
    if (spec_.has_leads()) where += fmt::format(", lead {} h", fields.lead_hours[lead]);
    fail("{}: {} of {} points do not read back as they were written; is the disk sound?", where,
         wrong, points);
  }
}

}  // namespace ladcast
