// NetCDF files of scores, one variable for each score.
// Thread rule: as NetcdfHandle, one thread for the whole process.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "nodes/values/scores.h"

namespace ladcast {

struct ScoresFileSpec {
  std::vector<Time> inits;
  std::vector<int> lead_hours;  // ascending
  bool each_init = true;        // scores of each initial time too
};

/// Variables, NaN where there is no score:
///   NAME(forecast, region, channel, lead)      means over initial times
///   NAME_weight, NAME_count                    of these: part of the region used, initial times
///   NAME_by_init(init, forecast, region, channel, lead)
/// Scores of events have the dimension event ("2m_temperature > 303.15") instead of channel, scores
/// by rank, wavenumber … that as their last dimension; they are not written by initial time.
/// The scores of initial times wait on the disk, in a file beside `path` that has no name.
class ScoresFile {
 public:
  using Attributes = std::map<std::string, std::string>;

  /// Makes the folder. Throws Error.
  ScoresFile(std::filesystem::path path, ScoresFileSpec spec);
  ScoresFile(const ScoresFile&) = delete;
  ScoresFile& operator=(const ScoresFile&) = delete;
  ~ScoresFile();

  /// The rows of one initial time, by lead. Requires: spec.each_init. Throws Error.
  void write_init(int init, const std::vector<std::vector<ScoreRow>>& leads);

  /// Writes the file. `conventions` that are of one forecast or region become coordinates of that
  /// axis, the others attributes beside `attributes`. Throws Error; then there is no file.
  void finish(const MeanScores& means, const Conventions& conventions, Attributes attributes);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ladcast
