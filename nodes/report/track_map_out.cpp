#include <algorithm>
#include <map>

#include "graph/node.h"
#include "graph/whole_file.h"
#include "nodes/cyclones/best_track.h"
#include "nodes/report/score_figures.h"
#include "nodes/report/track_map.h"

namespace ladcast {
namespace {

class TrackMapOut final : public Ordered {
  In<Tracks> tracks{this, "tracks", "of the members of an ensemble"};
  Param<PathPattern> path{this, "path",
                          "what the .svg files' names begin with: -STORM.svg follows, or -lows.svg "
                          "where no storm was given; has {init}"};
  Param<InputFiles> storms{this,
                           "storms",
                           "best tracks, IBTrACS CSV or HURDAT2, drawn beside the members of the "
                           "storms that were followed",
                           {.optional = true}};

  std::vector<Storm> storms_;
  std::vector<Tracks> batches_;  // of the item

 public:
  TrackMapOut() : Ordered(Within::item) {}

 private:
  std::vector<Claim> claims() const override {
    return {{.pattern = *path, .holds_members = true, .bytes = 1U << 18U}};
  }
  std::vector<std::filesystem::path> files() const override {
    if (!storms.has_value()) return {};
    return {storms->expand(plan().inits.front())};
  }
  void open() override {
    if (storms.has_value()) storms_ = read_best_tracks(storms->expand(plan().inits.front()));
  }

  void run(Task& task) override { batches_.push_back(task.get(tracks)); }
  void drop_item(int) override { batches_.clear(); }

  void finish_item(int item) override {
    const Time init = plan().inits.at(static_cast<std::size_t>(item));
    std::map<std::string, std::vector<Track>> by_storm;
    for (const Tracks& batch : batches_)
      for (const Track& track : batch.tracks)
        if (!track.points.empty()) by_storm[name_of(track)].push_back(track);
    for (const auto& [name, all] : by_storm) write(init, name, all);
    batches_.clear();
  }

  /// Numbered tracks are of no storm that members share.
  static std::string name_of(const Track& track) {
    const bool numbered = std::all_of(track.storm.begin(), track.storm.end(),
                                      [](unsigned char c) { return std::isdigit(c) != 0; });
    return numbered ? "lows" : track.storm;
  }

  void write(Time init, const std::string& name, const std::vector<Track>& members) const {
    auto file = path->expand(init);
    file += "-" + id_of(name) + ".svg";
    if (file.has_parent_path()) std::filesystem::create_directories(file.parent_path());
    write_whole_file(file, {svg_file(track_map(name, members, observed(init, name)))});
  }

  /// From the initial time to the last lead.
  Track observed(Time init, const std::string& name) const {
    Track track;
    for (const Storm& storm : storms_)
      for (const Observation& each : storm.observations) {
        const auto hours = std::chrono::duration_cast<std::chrono::hours>(each.time - init).count();
        if (storm.id != name || hours < 0 || hours > plan().lead_hours(plan().leads)) continue;
        track.points.push_back({static_cast<int>(hours), each.position, each.msl, each.wind});
      }
    return track;
  }

  void close() override { storms_.clear(); }
};

LADCAST_NODE(TrackMapOut, "track_map_out", "Draws the tracks of cyclones on maps, as SVG.");

}  // namespace
}  // namespace ladcast
