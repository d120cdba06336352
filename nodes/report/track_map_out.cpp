#include "graph/node.h"
#include "graph/whole_file.h"
#include "nodes/cyclones/best_track.h"
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
    std::vector<const Tracks*> batches;
    for (const Tracks& batch : batches_) batches.push_back(&batch);
    for (const MappedTracks& storm :
         tracks_by_storm(batches, storms_, plan().lead_hours(plan().leads))) {
      auto file = path->expand(init);
      file += "-" + id_of(storm.name) + ".svg";
      write_whole_file(file, {svg_file(track_map(storm.name, storm.members, storm.observed))});
    }
    batches_.clear();
  }

  void close() override { storms_.clear(); }
};

LADCAST_NODE(TrackMapOut, "track_map_out", "Draws the tracks of cyclones on maps, as SVG.");

}  // namespace
}  // namespace ladcast
