#include <ATen/ATen.h>

#include <cmath>
#include <limits>

#include "graph/node.h"
#include "graph/whole_file.h"
#include "nodes/ladcast/precision.h"
#include "nodes/train/training_step.h"
#include "nodes/values/model.h"

namespace ladcast {
namespace {

/// Each folder is in the published layout. Its weights are there as a whole or not at all.
class Checkpoint final : public Ordered {
 public:
  Checkpoint() : Ordered(Within::plan) {}

 private:
  In<TrainingStep> step{this, "step", "of a training, or of its validation"};
  Param<PathPattern> path{this, "path", "folder for the last weights: config.json and weights"};
  Param<PathPattern> best{this,
                          "best",
                          "folder for the weights whose first validation number was the lowest",
                          {.optional = true}};
  Param<std::string> precision{this,
                               "precision",
                               "number format in which weights are stored",
                               {.fallback = "fp32", .choices = {"fp32", "bf16", "fp16"}}};

  double lowest_ = std::numeric_limits<double>::infinity();

  void shape(Shape& shape) override {
    for (const auto* folder : {&path, &best})
      for (const char* name : {"init", "member", "lead"})
        if (folder->has_value() && (*folder)->has(name))
          shape.error(*folder, fmt::format("a network has no {{{}}}", name),
                      fmt::format("leave {{{}}} out", name));
  }
  std::vector<Claim> claims() const override {
    std::vector<Claim> claims = {{*path, true, true, 0}};
    if (best.has_value()) claims.push_back({*best, true, true, 0});
    return claims;
  }

  void run(Task& task) override {
    const TrainingStep& done = task.get(step);
    if (!done.network) return;
    write(*done.network, path->expand({}));
    if (!best.has_value()) return;
    if (done.validation.empty())
      fail("`best` goes by a validation, and iteration {} has none: wire a validate node between",
           done.iteration);
    const double value = done.validation.front().value;
    if (!(value < lowest_)) return;
    write(*done.network, best->expand({}));
    lowest_ = value;
  }

  void write(const TrainedNetwork& network, const std::filesystem::path& folder) const {
    NamedTensors stored;
    for (const auto& [name, tensor] : network.weights)
      stored[name] = tensor.to(to_scalar_type(*precision));
    write_lasting_file(folder / "config.json", {read_whole_file(network.config)});
    write_safetensors(folder / kNetworkWeights, stored);
    sync_to_disk(folder);
  }

  bool keeps() const override { return true; }
  std::optional<std::string> commit(const Task&) override { return fmt::format("{}", lowest_); }
  bool restore(int, const std::vector<Committed>& before) override {
    lowest_ = std::stod(before.back().note);
    return !std::isfinite(lowest_) || std::filesystem::exists(best->expand({}) / kNetworkWeights);
  }
};

LADCAST_NODE(Checkpoint, "checkpoint",
             "Writes the weights of a training, in the published layout: the last and the best.");

}  // namespace
}  // namespace ladcast
