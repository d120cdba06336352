// Best tracks: what was observed of tropical cyclones.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "graph/time.h"
#include "nodes/values/tracks.h"

namespace ladcast {

struct Observation {
  Time time{};
  LatLon position;
  double msl = 0.0;   // Pa at the centre; NaN where it is not known
  double wind = 0.0;  // m s-1, sustained, as the agency defines it; NaN where it is not known
};

/// One storm; observations at 00, 06, 12 and 18 UTC in the order of time.
struct Storm {
  std::string id;    // IBTrACS: "2019236N10314"; HURDAT2: "AL052019"
  std::string name;  // "DORIAN"
  int season = 0;
  std::vector<Observation> observations;

  /// What was observed at `time`; null where nothing was.
  const Observation* at(Time time) const;
};

/// All storms of an IBTrACS (v04r01) CSV or HURDAT2 file; which of the two its first line tells.
/// The agencies' pressures and winds are taken in this order: WMO, USA, then columns PRES and WIND.
/// Throws Error with file, line, value and cure.
std::vector<Storm> read_best_tracks(const std::filesystem::path& file);

/// The storms called `names`: an id, a name, or a name with its season ("DORIAN 2019"). Throws
/// Error where there is none, or several, of that name.
std::vector<Storm> pick(const std::vector<Storm>& storms, const std::vector<std::string>& names);

/// Those of a file that are called `names`. Throws Error, with the file.
std::vector<Storm> read_best_tracks(const std::filesystem::path& file,
                                    const std::vector<std::string>& names);

}  // namespace ladcast
