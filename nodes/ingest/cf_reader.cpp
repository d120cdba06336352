#include "nodes/ingest/cf_reader.h"

#include <algorithm>

#include "nodes/ingest/cf_fields.h"
#include "nodes/ingest/matching_files.h"

namespace ladcast {
namespace {

/// Fields without members stand for a time that is not there.
Fields nothing(const FieldsRequest& request) {
  return {request.grid.value_or(Grid{}),
          request.channels,
          request.init,
          {request.lead_hours},
          {},
          false,
          {}};
}

std::vector<CfFields> open_all(const CfReader& reader, const std::filesystem::path& pattern) {
  std::vector<CfFields> files;
  for (const auto& file : matching_files(pattern)) files.emplace_back(reader.open(file));
  return files;
}

/// The one file that has a channel; null where none has it, with why.
const CfFields* holder_of(const std::vector<CfFields>& files, const Channel& channel,
                          const FieldsRequest& request, std::string& why) {
  const CfFields* holder = nullptr;
  for (const CfFields& file : files) {
    const std::string reason = file.why_not(channel, request);
    if (reason.empty() && holder)
      fail("{} is both in {} and in {}", to_string(channel), holder->file().path().string(),
           file.file().path().string());
    if (reason.empty()) holder = &file;
    // That a variable is absent tells less than what is wrong with one that is there.
    if (why.empty() || !reason.starts_with("there is no variable")) why = reason;
  }
  return holder;
}

/// Several files read as one.
Fields read_together(const std::vector<CfFields>& files, const std::filesystem::path& pattern,
                     const FieldsRequest& request) {
  std::vector<Fields> parts;
  MissingChannels missing;
  for (const Channel& channel : request.channels) {
    std::string why;
    const CfFields* file = holder_of(files, channel, request, why);
    if (!file) {
      missing.add(channel, why);
      continue;
    }
    FieldsRequest one = request;
    one.channels = {channel};
    parts.push_back(file->read(one));
  }
  missing.require_none(request.channels.size(),
                       fmt::format("{} files that match {} at {}", files.size(), pattern.string(),
                                   short_time(request.valid())));
  Fields all = parts.front();
  all.channels = request.channels;
  all.allocate();
  for (std::size_t c = 0; c < parts.size(); ++c) {
    if (parts[c].members != all.members) fail("{} has other members", to_string(all.channels[c]));
    require_grid(parts[c].grid, all.grid);
    for (std::size_t m = 0; m < all.members.size(); ++m) {
      const auto map = parts[c].map(m, 0, 0);
      std::copy(map.begin(), map.end(), all.map(m, 0, c).begin());
    }
  }
  return all;
}

}  // namespace

void CfReader::shape(Shape& shape, const OutPort& out) const {
  ReaderParams::shape(shape, out,
                      [this](const std::filesystem::path& source, const Channel& channel) {
                        std::string why;
                        for (const CfFields& file : open_all(*this, source)) try {
                            return file.grid_of(channel);
                          } catch (const Error& error) {
                            why = error.what();
                          }
                        fail("{} in {}: {}", to_string(channel), source.string(), why);
                      });
}

Fields CfReader::fields(const Task& task) const {
  return ReaderParams::fields(task, [this](const auto& source, const FieldsRequest& request) {
    const std::vector<CfFields> files = open_all(*this, source);
    if (files.size() > 1) return read_together(files, source, request);
    const bool skipped = *missing == "skip" && !files.front().has_time(request);
    return skipped ? nothing(request) : files.front().read(request);
  });
}

}  // namespace ladcast
