#include <iterator>
#include <map>

#include "graph/node.h"
#include "graph/whole_file.h"
#include "nodes/cyclones/track_files.h"

namespace ladcast {
namespace {

class TracksOut final : public Ordered {
  In<Tracks> tracks{this, "tracks", "of the members of an ensemble"};
  Param<PathPattern> path{this, "path",
                          "the CSV file, one for all initial times: init, storm, member, step, "
                          "lead_hours, time, lat, lon, msl, wind"};
  Param<PathPattern> geojson{this, "geojson", "a GeoJSON file of the same tracks",
                             ParamOptions<PathPattern>{.optional = true}};

  std::map<int, std::vector<Tracks>> items_;  // by batch
  std::uint64_t bytes_ = 0;

 public:
  TracksOut() : Ordered(Within::plan) {}

 private:
  std::vector<Claim> claims() const override {
    std::vector<Claim> claims{
        {.pattern = *path, .holds_items = true, .holds_members = true, .bytes = bytes_}};
    if (geojson.has_value())
      claims.push_back(
          {.pattern = *geojson, .holds_items = true, .holds_members = true, .bytes = bytes_});
    return claims;
  }
  void shape(Shape& shape) override {
    constexpr std::uint64_t kLine = 110;
    const Spec& spec = shape.in(tracks);
    bytes_ = spec.bytes / sizeof(TrackPoint) * kLine *
             static_cast<std::uint64_t>(shape.plan().count(spec.axes));
  }

  void run(Task& task) override { items_[task.key().item].push_back(task.get(tracks)); }

  /// Tracks of some of the members are not those of the ensemble.
  void drop_item(int item) override { items_.erase(item); }

  bool keeps() const override { return true; }
  std::optional<std::string> commit(const Task& task) override {
    return to_text(items_.at(task.key().item).back());
  }
  bool restore(int item, const std::vector<Committed>& committed) override {
    for (const auto& each : committed) items_[item].push_back(tracks_from(each.note));
    return true;
  }

  void finish() override {
    std::vector<Tracks> all;
    for (auto& [item, batches] : items_)
      all.insert(all.end(), std::make_move_iterator(batches.begin()),
                 std::make_move_iterator(batches.end()));
    write(*path, tracks_csv(all, plan().step_hours));
    if (geojson.has_value()) write(*geojson, tracks_geojson(all));
    print(lost_storms(all));
  }

  void write(const PathPattern& pattern, const std::string& text) const {
    write_whole_file(pattern.expand(plan().inits.front()), {text});
  }
};

LADCAST_NODE(TracksOut, "tracks_out", "Writes tracks of cyclones as CSV and GeoJSON.");

}  // namespace
}  // namespace ladcast
