#include "nodes/output/forecast_file.h"

#include <netcdf.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "graph/error.h"
#include "graph/whole_file.h"
#include "nodes/output/map_checksum.h"
#include "nodes/output/temporary_file.h"
#include "nodes/values/netcdf_handle.h"

namespace ladcast {
namespace {

namespace fs = std::filesystem;

template <class T>
std::size_t index_in(const std::vector<T>& values, const T& value, const char* what) {
  const auto found = std::find(values.begin(), values.end(), value);
  if (found == values.end()) fail("the file has no {} {}", what, value);
  return static_cast<std::size_t>(found - values.begin());
}

}  // namespace

struct ForecastFile::State {
  fs::path path, temporary;
  ForecastFileSpec spec;
  NetcdfHandle file;
  std::vector<FileVariable> variables;
  bool keep = false;  // the temporary file is not removed
  bool verifies = false;
  std::vector<std::optional<std::uint64_t>> checksums = {};  // [member][lead][channel]
  std::uint64_t unflushed = 0;  // the sum of those since the last flush

  struct Place {
    int variable;
    std::vector<std::size_t> start, count;
  };

  /// Where one map stands.
  Place place(const Channel& channel, int member, int lead_hours) const {
    const auto variable = std::find_if(variables.begin(), variables.end(),
                                       [&](const FileVariable& v) { return v.holds(channel); });
    if (variable == variables.end()) fail("the file has no {}", to_string(channel));
    std::vector<std::size_t> start;
    const std::size_t member_index = index_in(spec.members, member, "member");
    if (spec.has_number_axis()) start.push_back(member_index);
    start.push_back(index_in(spec.lead_hours, lead_hours, "lead hour"));
    if (channel.level) start.push_back(index_in(variable->levels, *channel.level, "level"));
    std::vector<std::size_t> count(start.size(), 1);
    start.insert(start.end(), {0, 0});
    count.insert(count.end(), {spec.grid.rows(), spec.grid.columns()});
    return {variable->id, std::move(start), std::move(count)};
  }

  /// Writes one map.
  void put(const Channel& channel, int member, int lead_hours, std::span<const float> map) {
    const Place at = place(channel, member, lead_hours);
    check_netcdf(
        nc_put_vara_float(file.id(), at.variable, at.start.data(), at.count.data(), map.data()),
        "write", temporary);
    if (verifies) remember(channel, member, lead_hours, map);
  }

  /// Reads one map of a file with the variables of this one.
  void get(const NetcdfHandle& from, const Channel& channel, int member, int lead_hours,
           std::span<float> map) const {
    const Place at = place(channel, member, lead_hours);
    check_netcdf(
        nc_get_vara_float(from.id(), at.variable, at.start.data(), at.count.data(), map.data()),
        "read", from.path());
  }

  void remember(const Channel& channel, int member, int lead_hours, std::span<const float> map) {
    const auto same =
        std::find_if(spec.channels.begin(), spec.channels.end(), [&](const Channel& c) {
          return c.name == channel.name && c.level == channel.level &&
                 c.statistic == channel.statistic;
        });
    const auto index = same - spec.channels.begin();
    const std::uint64_t sum = checksum_of(map, {static_cast<int>(index), member, lead_hours});
    const std::size_t frame = index_in(spec.members, member, "member") * spec.lead_hours.size() +
                              index_in(spec.lead_hours, lead_hours, "lead hour");
    checksums[frame * spec.channels.size() + static_cast<std::size_t>(index)] = sum;
    unflushed += sum;
  }

  /// Compares what the closed file reads with what was written.
  void verify() const {
    const auto closed = NetcdfHandle::open(temporary);
    std::vector<float> map(spec.grid.points());
    std::size_t maps = 0, wrong = 0;
    std::string first;
    auto expected = checksums.begin();
    for (const int member : spec.members)
      for (const int lead : spec.lead_hours)
        for (std::size_t c = 0; c < spec.channels.size(); ++c, ++expected) {
          if (!*expected) continue;
          ++maps;
          if (reads_as(closed, c, member, lead, map, **expected)) continue;
          if (++wrong == 1) first = words_for(spec.channels[c], member, lead);
        }
    if (wrong == 0) return;
    std::error_code ignored;
    fs::remove(temporary, ignored);  // no help to a run that goes on
    fail(
        "{}: {} does not read back as it was written, nor do {} others of {} maps; is the disk "
        "sound?",
        path.string(), first, wrong - 1, maps);
  }

  bool reads_as(const NetcdfHandle& closed, std::size_t channel, int member, int lead_hours,
                std::span<float> map, std::uint64_t expected) const try {
    get(closed, spec.channels[channel], member, lead_hours, map);
    return checksum_of(map, {static_cast<int>(channel), member, lead_hours}) == expected;
  } catch (const Error&) {
    return false;  // compressed chunks that are damaged cannot be read at all
  }

  std::string words_for(const Channel& channel, int member, int lead_hours) const {
    const std::string whose = spec.has_members() ? fmt::format(", member {}", member) : "";
    return fmt::format("{}{}, lead {} h", to_string(channel), whose, lead_hours);
  }

  ~State() {
    if (temporary.empty() || keep) return;
    std::error_code ignored;
    fs::remove(temporary, ignored);
  }
};

namespace {

void require_sound(const ForecastFileSpec& spec) {
  if (spec.channels.empty() || spec.lead_hours.empty() || spec.members.empty()) {
    fail("there are no channels, leads or members to write");
  }
  if (spec.layout == ForecastLayout::members && spec.members.size() != 1) {
    fail("the layout \"members\" holds one member in a file, not {}", spec.members.size());
  }
}

std::string read_attribute(const NetcdfHandle& file, const char* name) {
  std::size_t length = 0;
  if (nc_inq_attlen(file.id(), NC_GLOBAL, name, &length) != NC_NOERR) return "";
  std::string text(length, ' ');
  check_netcdf(nc_get_att_text(file.id(), NC_GLOBAL, name, text.data()), "read", file.path());
  return text;
}

}  // namespace

ForecastFile::ForecastFile(fs::path path, ForecastFileSpec spec) {
  require_sound(spec);
  const fs::path temporary = temporary_beside(path);
  state_.reset(
      new State{std::move(path), temporary, std::move(spec), NetcdfHandle::create(temporary), {}});
  state_->variables = define_forecast(state_->file, state_->spec);
}

ForecastFile::ForecastFile(ForecastFile&&) noexcept = default;
ForecastFile& ForecastFile::operator=(ForecastFile&&) noexcept = default;
ForecastFile::~ForecastFile() = default;

const ForecastFileSpec& ForecastFile::spec() const { return state_->spec; }

void ForecastFile::verify_when_finished() {
  const ForecastFileSpec& spec = state_->spec;
  state_->verifies = true;
  state_->checksums.resize(spec.members.size() * spec.lead_hours.size() * spec.channels.size());
}

void ForecastFile::write(const Fields& fields) {
  for (std::size_t m = 0; m < fields.members.size(); ++m)
    write_member(fields, m, fields.members[m]);
}

void ForecastFile::write_member(const Fields& fields, std::size_t index, int number) {
  const ForecastFileSpec& spec = state_->spec;
  try {
    if (fields.grid != spec.grid) fail("the fields have another grid than the file");
    if (fields.normalised != spec.normalised) {
      fail("the fields are {}, the file is not", fields.normalised ? "normalised" : "physical");
    }
    for (std::size_t c = 0; c < fields.channels.size(); ++c) {
      for (std::size_t l = 0; l < fields.lead_hours.size(); ++l) {
        state_->put(fields.channels[c], number, fields.lead_hours[l], fields.map(index, l, c));
      }
    }
  } catch (const Error& error) {
    throw error.in(state_->path.string());
  }
}

void ForecastFile::copy(const NetcdfHandle& earlier, int member, int lead_hours) {
  std::vector<float> map(state_->spec.grid.points());
  for (const Channel& channel : state_->spec.channels) {
    state_->get(earlier, channel, member, lead_hours, map);
    state_->put(channel, member, lead_hours, map);
  }
}

std::uint64_t ForecastFile::flush() {
  check_netcdf(nc_sync(state_->file.id()), "write", state_->temporary);
  return std::exchange(state_->unflushed, 0);
}

void ForecastFile::sync() { sync_to_disk(state_->temporary); }

void ForecastFile::keep() { state_->keep = true; }

void ForecastFile::finish() {
  state_->file.close();
  sync_to_disk(state_->temporary);
  if (state_->verifies) state_->verify();
  give_name(state_->temporary, state_->path);
  state_->temporary.clear();
}

fs::path earlier_file(const fs::path& path) {
  fs::path earlier = path;
  return earlier += ".earlier";
}

bool is_complete(const fs::path& path, const std::string& pipeline) {
  try {
    return fs::exists(path) &&
           read_attribute(NetcdfHandle::open(path), "ladcast_pipeline") == pipeline;
  } catch (const Error&) {
    return false;
  }
}

bool set_aside(const fs::path& path, const std::string& pipeline) {
  const fs::path earlier = earlier_file(path);
  fs::path part = path;
  part += ".part";
  std::error_code failed;
  if (!fs::exists(earlier)) {
    if (fs::exists(part))
      fs::rename(part, earlier, failed);
    else if (fs::exists(path))
      fs::create_hard_link(path, earlier, failed);
    else
      return false;
  }
  if (!failed && is_complete(earlier, pipeline)) return true;
  fs::remove(earlier, failed);
  return false;
}

}  // namespace ladcast
