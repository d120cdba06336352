#include "nodes/output/forecast_file.h"

#include <netcdf.h>

#include <algorithm>

#include "graph/error.h"
#include "graph/whole_file.h"
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
  void put(const Place& at, std::span<const float> map) const {
    check_netcdf(
        nc_put_vara_float(file.id(), at.variable, at.start.data(), at.count.data(), map.data()),
        "write", temporary);
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

fs::path temporary_beside(const fs::path& path) {
  std::error_code failed;
  if (path.has_parent_path()) fs::create_directories(path.parent_path(), failed);
  if (failed)
    fail("cannot create the folder {}: {}", path.parent_path().string(), failed.message());
  if (fs::is_directory(path)) fail("cannot write {}: it is a folder", path.string());
  fs::path temporary = path;
  temporary += ".part";
  return temporary;
}

}  // namespace

ForecastFile::ForecastFile(fs::path path, ForecastFileSpec spec) {
  require_sound(spec);
  const fs::path temporary = temporary_beside(path);
  state_.reset(new State{
      std::move(path), temporary, std::move(spec), NetcdfHandle::create(temporary), {}, false});
  state_->variables = define_forecast(state_->file, state_->spec);
}

ForecastFile::ForecastFile(ForecastFile&&) noexcept = default;
ForecastFile& ForecastFile::operator=(ForecastFile&&) noexcept = default;
ForecastFile::~ForecastFile() = default;

const ForecastFileSpec& ForecastFile::spec() const { return state_->spec; }

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
        state_->put(state_->place(fields.channels[c], number, fields.lead_hours[l]),
                    fields.map(index, l, c));
      }
    }
  } catch (const Error& error) {
    throw error.in(state_->path.string());
  }
}

void ForecastFile::copy(const NetcdfHandle& earlier, int member, int lead_hours) {
  std::vector<float> map(state_->spec.grid.points());
  for (const Channel& channel : state_->spec.channels) {
    const auto at = state_->place(channel, member, lead_hours);
    check_netcdf(
        nc_get_vara_float(earlier.id(), at.variable, at.start.data(), at.count.data(), map.data()),
        "read", earlier.path());
    state_->put(at, map);
  }
}

void ForecastFile::flush() { check_netcdf(nc_sync(state_->file.id()), "write", state_->temporary); }

void ForecastFile::sync() { sync_to_disk(state_->temporary); }

void ForecastFile::keep() { state_->keep = true; }

void ForecastFile::finish() {
  state_->file.close();
  sync_to_disk(state_->temporary);
  std::error_code failed;
  fs::rename(state_->temporary, state_->path, failed);
  if (failed) {
    fail("cannot rename {} to {}: {}", state_->temporary.string(), state_->path.string(),
         failed.message());
  }
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
