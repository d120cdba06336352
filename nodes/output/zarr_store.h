// Zarr stores of forecasts and analyses in WeatherBench 2's layout, version 2.
//
// A payload (the members of one batch, the leads of one message) is one chunk of each variable: no
// two writes share a file. Arrays and coordinates are there from the start, chunks appear by
// rename, and .zmetadata, without which most programs see no store, comes last.
#pragma once

#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "nodes/output/file_variables.h"
#include "nodes/values/fields.h"

namespace ladcast {

/// Dimensions: time, [number,] [prediction_timedelta,] [level,] latitude, longitude.
struct ZarrStoreSpec {
  Grid grid;
  std::vector<Channel> channels;
  std::vector<Time> inits;
  std::vector<int> lead_hours;  // empty: the store holds analyses
  std::vector<int> members;     // {0}: the store has no ensemble
  std::size_t members_in_chunk = 1, leads_in_chunk = 1;
  bool normalised = false;                        // units "1"
  std::map<std::string, std::string> attributes;  // of the group

  bool has_members() const { return members != std::vector{0}; }
  bool has_leads() const { return !lead_hours.empty(); }
};

/// The chunk files of one payload: all variables' chunks with this initial time, first member and
/// first lead. Throws Error where the store does not have these.
std::vector<std::filesystem::path> chunk_files(const std::filesystem::path& store,
                                               const ZarrStoreSpec& spec, Time init, int member,
                                               int lead_hours);

/// Whether an earlier run of the same pipeline left a store whose chunks are those of `spec`, which
/// may have more times at the end of each axis; its grid is not looked at.
bool can_continue(const std::filesystem::path& store, const ZarrStoreSpec& spec);

/// Whether an earlier run of the same pipeline (ladcast_pipeline of `attributes`) left a store
/// whose times `inits` begin with.
bool is_of_this_pipeline(const std::filesystem::path& store,
                         const std::map<std::string, std::string>& attributes,
                         const std::vector<Time>& inits);

/// Removes a store that this program wrote. Throws Error where anything else is there or in it.
void remove_store(const std::filesystem::path& store);

/// Throws Error where an earlier store has times that are not among `inits`.
void require_no_other_times(const std::filesystem::path& store, const std::vector<Time>& inits);

class ZarrStore {
 public:
  /// Writes all metadata and coordinates; chunks that are there stay. Throws Error.
  ZarrStore(std::filesystem::path path, ZarrStoreSpec spec);

  const ZarrStoreSpec& spec() const { return spec_; }

  /// Writes whole chunks, with all of the store's channels or some. Returns their files. Throws
  /// Error where the fields do not belong to the store.
  std::vector<std::filesystem::path> write(const Fields& fields) const;

  /// Reads the chunks that write() wrote for these fields and compares all bits; one that differs
  /// is removed. Throws Error.
  void verify(const Fields& fields) const;

 private:
  struct Chunk {
    const FileVariable* variable;
    std::size_t member;  // of the fields, the first in the chunk
    std::filesystem::path array;
    std::string key;
  };

  void require_belongs(const Fields& fields) const;
  std::vector<Chunk> chunks_of(const Fields& fields) const;
  void require_equal(const Fields& fields, const Chunk& chunk, std::span<const float> written,
                     std::span<const float> read) const;
  std::vector<float> chunk_of(const Fields& fields, const FileVariable& variable,
                              std::size_t member) const;

  std::filesystem::path path_;
  ZarrStoreSpec spec_;
  std::vector<FileVariable> variables_;
};

}  // namespace ladcast
