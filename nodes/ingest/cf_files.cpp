#include "nodes/ingest/cf_files.h"

#include <fmt/format.h>

#include "graph/error.h"
#include "nodes/ingest/matching_files.h"
#include "nodes/ingest/netcdf_file.h"
#include "nodes/ingest/zarr_file.h"

namespace ladcast {

CfFiles::CfFiles(const std::filesystem::path& pattern, Open open) : name_(pattern.string()) {
  for (const auto& file : matching_files(pattern)) {
    files_.emplace_back(open(file));
    if (files_.size() > 1) let_go_all_but(files_.back());
  }
  if (files_.size() > 1) name_ = fmt::format("{} files that match {}", files_.size(), name_);
}

/// So that of however many files one is open.
void CfFiles::let_go_all_but(const CfFields& kept) const {
  for (const CfFields& file : files_)
    if (&file != &kept) file.file().let_go();
}

/// Throws Error where none has the channel, with why, and where two have it.
CfFiles::Place CfFiles::find(const Channel& channel, const FieldsRequest& request) const {
  std::vector<Place> found;
  std::string why;
  for (const CfFields& file : files_) try {
      found.push_back({&file, file.slice(channel, request)});
    } catch (const Error& error) {
      const std::string reason = error.what();
      // That a variable is absent tells less than what is wrong with one that is there.
      if (why.empty() || !reason.starts_with("there is no variable")) why = reason;
    }
  if (found.empty()) fail("{}", why);
  if (found.size() > 1)
    fail("it is both in {} and in {}", found[0].file->file().path().string(),
         found[1].file->file().path().string());
  return std::move(found[0]);
}

/// Of each channel.
std::vector<CfFiles::Place> CfFiles::find_all(const FieldsRequest& request) const {
  std::vector<Place> places;
  MissingChannels missing;
  for (const Channel& channel : request.channels) try {
      places.push_back(find(channel, request));
    } catch (const Error& error) {
      missing.add(channel, error.what());
    }
  missing.require_none(request.channels.size(),
                       fmt::format("{} at {}", name_, short_time(request.valid())));
  return places;
}

Fields CfFiles::read(const FieldsRequest& request) const {
  if (files_.size() == 1) return files_.front().read(request);
  const std::vector<Place> places = find_all(request);
  const CfFields::Slice& first = places.front().slice;
  for (const auto& [file, slice] : places) try {
      if (slice.members != first.members)
        fail("'{}' has other members than '{}' of {}", slice.variable->name, first.variable->name,
             places.front().file->file().path().string());
      require_grid(slice.orientation.grid, first.orientation.grid);
    } catch (const Error& error) {
      throw error.in(file->file().path().string());
    }
  Fields all{first.orientation.grid,
             request.channels,
             request.init,
             {request.lead_hours},
             first.members,
             false,
             {}};
  all.allocate();
  for (std::size_t c = 0; c < places.size(); ++c)
    for (std::size_t m = 0; m < all.members.size(); ++m)
      places[c].file->copy(places[c].slice, m, all.map(m, 0, c));
  let_go_all_but(*places.back().file);
  return all;
}

std::set<Time> CfFiles::times_of(const Channel& channel) const {
  std::set<Time> times;
  std::string why;
  for (const CfFields& file : files_) try {
      times.merge(file.holding(channel).times);
      let_go_all_but(file);
    } catch (const Error& error) {
      why = error.what();
    }
  if (times.empty()) fail("{} in {}: {}", to_string(channel), name_, why);
  return times;
}

Grid CfFiles::grid_of(const Channel& channel, const std::optional<Grid>&) const {
  std::string why;
  for (const CfFields& file : files_) try {
      return file.grid_of(channel);
    } catch (const Error& error) {
      why = error.what();
    }
  fail("{} in {}: {}", to_string(channel), name_, why);
}

std::unique_ptr<const CfFile> open_cf(const std::filesystem::path& path) {
  return std::filesystem::is_directory(path) ? open_zarr(path) : open_netcdf(path);
}

std::vector<std::filesystem::path> identifying_files(const std::filesystem::path& pattern) try {
  std::vector<std::filesystem::path> files;
  for (const auto& match : matching_files(pattern)) {
    if (std::filesystem::is_directory(match))
      for (auto& file : zarr_metadata_files(match)) files.push_back(std::move(file));
    else if (std::filesystem::exists(match))
      files.push_back(match);
  }
  return files;
} catch (const Error&) {
  return {};  // nothing matches
}

}  // namespace ladcast
