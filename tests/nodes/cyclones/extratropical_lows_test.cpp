// Extratropical lows of three winter months against the tracks that PyStormTracker and Hodges'
// TRACK find in the same fields.
#include <doctest/doctest.h>
#include <zlib.h>

#include <cmath>
#include <cstdio>
#include <map>
#include <memory>
#include <sstream>

#include "graph/error.h"
#include "nodes/cyclones/great_circle.h"
#include "nodes/cyclones/link_lows.h"
#include "nodes/ingest/cf_fields.h"
#include "nodes/ingest/netcdf_file.h"
#include "tests/nodes/data_folder.h"

using namespace ladcast;
using std::chrono::hours;

namespace {

const Time kFirst = parse_time("2025-12-01T00");
constexpr int kTimes = 360;
constexpr double kNearKm = 500.0;  // not quite two points of the grid

/// Points by track of an IMILAST text file (gzipped); hours since kFirst for leads.
std::vector<Track> imilast_tracks(const std::filesystem::path& path) {
  const std::unique_ptr<gzFile_s, int (*)(gzFile)> file(gzopen(path.c_str(), "rb"), gzclose);
  if (!file) fail("cannot open {}", path.string());
  std::vector<Track> tracks;
  char line[256];
  while (gzgets(file.get(), line, sizeof line) != nullptr) {
    std::istringstream text(line);
    std::string kind, id, step, stamp, year, month, day, hour;
    double longitude, latitude, msl;
    if (!(text >> kind >> id >> step) || kind == "99") continue;
    if (kind == "90") {
      tracks.push_back({id, 0, {}});
      continue;
    }
    text >> stamp >> year >> month >> day >> hour >> longitude >> latitude >> msl;
    if (!text) fail("{} is cut off: '{}'", path.string(), line);
    const Time time = parse_time(year + "-" + month + "-" + day + "T" + hour);
    tracks.back().points.push_back({static_cast<int>((time - kFirst) / hours{1}),
                                    {latitude, wrap_longitude(longitude)},
                                    msl,
                                    0});
  }
  return tracks;
}

/// Extratropical lows are wider than tropical cyclones.
constexpr ContourRules kExtratropical{.msl_rise = 100.0, .msl_distance = 10.0};

/// Our tracks of the whole sequence.
std::optional<std::vector<Track>> our_tracks(const ContourRules& rules) {
  LowLinker linker({});
  std::optional<LowFinder> finder;
  int at = 0;
  for (const char* month : {"2025-12", "2026-01", "2026-02"}) {
    const auto path = data_file(fmt::format("PyStormTracker-Data/era5_msl_{}_6h_2.5deg.nc", month));
    if (!path) return {};
    const CfFields file(open_netcdf(*path));
    const Channel msl{"mean_sea_level_pressure", {}, "Pa"};
    for (; at < kTimes; ++at) {
      const Time time = kFirst + hours{6 * at};
      if (short_time(time).substr(0, 7) != month) break;
      const Fields fields = file.read({{msl}, time, 0, {}, {}});
      if (!finder) finder.emplace(fields.grid, rules);
      linker.add(6 * at, finder->find({fields.map(0, 0, 0), {}, {}, {}, {}}), true);
    }
  }
  return linker.tracks(0);
}

struct Rate {
  std::size_t found = 0, all = 0;
  void add(bool hit) {
    ++all;
    found += hit ? 1 : 0;
  }
  double percent() const { return 100.0 * static_cast<double>(found) / static_cast<double>(all); }
};

struct Rates {
  Rate points;  // one of our tracks is near
  Rate tracks;  // one of our tracks is near at half of its points or more
  double km = 0.0;
};

/// Of the tracks of `reference` that last two days and are as deep as `msl` once; their points that
/// are.
Rates rates_of(const std::vector<Track>& reference, const std::vector<Track>& ours, double msl) {
  std::map<int, std::vector<std::pair<std::size_t, LatLon>>> ours_at;
  for (std::size_t i = 0; i < ours.size(); ++i)
    for (const auto& point : ours[i].points)
      ours_at[point.lead_hours].emplace_back(i, point.position);
  Rates rates;
  for (const Track& track : reference) {
    if (track.points.size() < 9) continue;
    std::map<std::size_t, std::size_t> shared;
    std::size_t deep = 0;
    for (const auto& point : track.points) {
      if (point.msl > msl) continue;
      ++deep;
      double nearest = 1e9;
      for (const auto& [which, place] : ours_at[point.lead_hours]) {
        const double km = great_circle_km(place, point.position);
        if (km <= kNearKm) ++shared[which];
        nearest = std::min(nearest, km);
      }
      rates.points.add(nearest <= kNearKm);
      if (nearest <= kNearKm) rates.km += nearest;
    }
    if (deep == 0) continue;
    std::size_t most = 0;
    for (const auto& [which, count] : shared) most = std::max(most, count);
    rates.tracks.add(2 * most >= deep);
  }
  rates.km /= static_cast<double>(rates.points.found);
  return rates;
}

void check_rates(const char* file, const std::vector<Track>& ours, double msl, double points,
                 double tracks) {
  const auto path = data_file(
      fmt::format("PyStormTracker/tracks/era5_msl_2025-2026_djf_2.5x2.5_{}_imilast.txt.gz", file));
  if (!path) return;
  const Rates rates = rates_of(imilast_tracks(*path), ours, msl);
  std::printf(
      "  %s, below %.0f Pa: %.1f %% of %zu points within %.0f km (%.0f km on average), "
      "%.1f %% of %zu tracks\n",
      file, msl, rates.points.percent(), rates.points.all, kNearKm, rates.km,
      rates.tracks.percent(), rates.tracks.all);
  CHECK(rates.points.percent() >= points);
  CHECK(rates.tracks.percent() >= tracks);
}

}  // namespace

TEST_CASE("deep extratropical lows that others track are tracked") {
  const auto ours = our_tracks(kExtratropical);
  if (!ours) return;
  check_rates("v0.0.2", *ours, 98500.0, 93.0, 95.0);
  check_rates("v0.0.2", *ours, 96500.0, 98.0, 98.0);
  check_rates("hodges", *ours, -1500.0, 93.0, 93.0);  // without waves longer than number 5
  check_rates("hodges", *ours, -2500.0, 97.0, 96.0);
}

TEST_CASE("the rules for tropical cyclones find the deepest extratropical lows as well") {
  const auto ours = our_tracks({});
  if (!ours) return;
  check_rates("v0.0.2", *ours, 96500.0, 75.0, 84.0);
  check_rates("hodges", *ours, -4000.0, 80.0, 90.0);
}
