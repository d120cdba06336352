#include "nodes/ingest/cf_files.h"

#include <fmt/format.h>

#include <algorithm>

#include "graph/error.h"
#include "nodes/ingest/matching_files.h"

namespace ladcast {

CfFiles::CfFiles(const std::filesystem::path& pattern, Open open) : name_(pattern.string()) {
  for (const auto& file : matching_files(pattern)) files_.emplace_back(open(file));
  if (files_.size() > 1) name_ = fmt::format("{} files that match {}", files_.size(), name_);
}

/// The one file that has a channel; null where none has it, with why.
const CfFields* CfFiles::holder(const Channel& channel, const FieldsRequest& request,
                                std::string& why) const {
  const CfFields* found = nullptr;
  for (const CfFields& file : files_) {
    const std::string reason = file.why_not(channel, request);
    if (reason.empty() && found)
      fail("{} is both in {} and in {}", to_string(channel), found->file().path().string(),
           file.file().path().string());
    if (reason.empty()) found = &file;
    // That a variable is absent tells less than what is wrong with one that is there.
    if (why.empty() || !reason.starts_with("there is no variable")) why = reason;
  }
  return found;
}

/// Of each channel.
std::vector<const CfFields*> CfFiles::holders(const FieldsRequest& request) const {
  std::vector<const CfFields*> holders;
  MissingChannels missing;
  for (const Channel& channel : request.channels) {
    std::string why;
    holders.push_back(holder(channel, request, why));
    if (!holders.back()) missing.add(channel, why);
  }
  missing.require_none(request.channels.size(),
                       fmt::format("{} at {}", name_, short_time(request.valid())));
  return holders;
}

Fields CfFiles::read(const FieldsRequest& request) const {
  if (files_.size() == 1) return files_.front().read(request);
  const auto holders_of_channels = holders(request);
  Fields all;
  for (const CfFields& file : files_) {
    FieldsRequest part = request;
    part.channels.clear();
    std::vector<std::size_t> places;
    for (std::size_t c = 0; c < request.channels.size(); ++c) {
      if (holders_of_channels[c] != &file) continue;
      part.channels.push_back(request.channels[c]);
      places.push_back(c);
    }
    if (places.empty()) continue;
    const Fields fields = file.read(part);
    if (all.channels.empty()) {
      all = fields;
      all.channels = request.channels;
      all.allocate();
    }
    if (fields.members != all.members) fail("{} has other members", file.file().path().string());
    require_grid(fields.grid, all.grid);
    for (std::size_t m = 0; m < all.members.size(); ++m) {
      for (std::size_t c = 0; c < places.size(); ++c) {
        const auto map = fields.map(m, 0, c);
        std::copy(map.begin(), map.end(), all.map(m, 0, places[c]).begin());
      }
    }
  }
  return all;
}

std::set<Time> CfFiles::times_of(const Channel& channel) const {
  std::set<Time> times;
  std::string why;
  for (const CfFields& file : files_) try {
      times.merge(file.holding(channel).times);
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

}  // namespace ladcast
