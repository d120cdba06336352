#include <algorithm>
#include <limits>
#include <map>

#include "graph/node.h"
#include "graph/npy.h"
#include "nodes/values/scores.h"
#include "nodes/verify/score_conventions.h"

namespace ladcast {
namespace {

// What the reference's evaluation calls the statistics (evaluate/evaluate_ens_gpu.py).
struct NamedFile {
  const char* score;
  const char* suffix;
};
constexpr NamedFile kFiles[] = {{"acc", "ens_acc"},
                                {"mse", "ens_mse"},
                                {"crps_spread", "crps_spread"},
                                {"crps_skill", "crps_skill"},
                                {"crps_fair", "crps"}};

class NpyScoresOut final : public Ordered {
  In<Scores> scores{this, "scores",
                    "of scores with preset = \"ladcast\" and extra = [\"crps_skill\", "
                    "\"crps_spread\"]"};
  Param<PathPattern> path{this, "path",
                          "what the files' names begin with: _ens_acc.npy, _ens_mse.npy, "
                          "_crps_spread.npy, _crps_skill.npy and _crps.npy follow; has {init}"};
  Param<std::string> forecast{
      this, "forecast", "whose scores are written", {.fallback = "model", .choices = {}}};

  std::vector<Scores> leads_;  // of the item

 public:
  NpyScoresOut() : Ordered(Within::item) {}

 private:
  void shape(Shape& shape) override {
    for (const std::string& line : shape.in(scores).history)
      if (line.starts_with(kPresetOfScores) && !line.ends_with(" ladcast"))
        shape.error(scores,
                    fmt::format("these files are of the reference's own evaluation, and the scores "
                                "have the preset {}",
                                line.substr(std::string_view(kPresetOfScores).size())),
                    "set preset = \"ladcast\" of the node 'scores', or write them with csv_out or "
                    "netcdf_scores_out");
  }

  std::vector<Claim> claims() const override {
    return {{.pattern = *path, .holds_members = true, .bytes = 5U << 16U}};
  }

  void run(Task& task) override { leads_.push_back(task.get(scores)); }
  void drop_item(int) override { leads_.clear(); }

  void finish_item(int item) override {
    const Time init = plan().inits.at(static_cast<std::size_t>(item));
    for (const auto& [score, suffix] : kFiles) write(init, score, suffix);
    leads_.clear();
  }

  /// (channel, lead); NaN where a lead has no truth.
  void write(Time init, const char* score, const char* suffix) const {
    std::map<std::size_t, std::vector<float>> by_lead;
    std::size_t channels = 0;
    for (std::size_t lead = 0; lead < leads_.size(); ++lead) {
      for (const ScoreRow& row : leads_[lead].rows)
        if (row.forecast == *forecast && row.score == score)
          by_lead[lead].push_back(static_cast<float>(row.value));
      channels = std::max(channels, by_lead[lead].size());
    }
    if (channels == 0)
      fail(
          "there is no '{}' of '{}' at {}; set preset = \"ladcast\", extra = [\"crps_skill\", "
          "\"crps_spread\"] and in.climatology of the node 'scores'",
          score, *forecast, short_time(init));
    std::vector<float> values(channels * leads_.size(), std::numeric_limits<float>::quiet_NaN());
    for (const auto& [lead, column] : by_lead)
      for (std::size_t channel = 0; channel < column.size(); ++channel)
        values[channel * leads_.size() + lead] = column[channel];
    auto file = path->expand(init);
    file += std::string("_") + suffix + ".npy";
    write_npy(file, values, {channels, leads_.size()});
  }
};

LADCAST_NODE(
    NpyScoresOut, "npy_scores_out",
    "Writes scores as the reference's evaluation does: NumPy files (channel, lead) for each "
    "initial time.");

}  // namespace
}  // namespace ladcast
