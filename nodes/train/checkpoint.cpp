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
                          "folder for the weights with the lowest first number of the validation: "
                          "the normalised error (autoencoder) or the fair CRPS (forecaster)",
                          {.optional = true}};
  Param<std::string> precision{this,
                               "precision",
                               "number format in which weights are stored",
                               {.fallback = "fp32", .choices = {"fp32", "bf16", "fp16"}}};

  std::uint64_t bytes_ = 0;  // of the weights, as they are stored
  double lowest_ = std::numeric_limits<double>::infinity();
  bool written_ = false;

  void shape(Shape& shape) override {
    bytes_ = shape.in(step).bytes * c10::elementSize(to_scalar_type(*precision)) / sizeof(float);
    for (const auto* folder : {&path, &best})
      for (const char* name : {"init", "member", "lead"})
        if (folder->has_value() && (*folder)->has(name))
          shape.error(*folder, fmt::format("a network has no {{{}}}", name),
                      fmt::format("leave {{{}}} out", name));
  }
  std::vector<Claim> claims() const override {
    std::vector<Claim> claims = {{*path, true, true, bytes_}};
    if (best.has_value()) claims.push_back({*best, true, true, bytes_});
    return claims;
  }

  void run(Task& task) override {
    const TrainingStep& done = task.get(step);
    if (!done.network) return;
    write(*done.network, path->expand({}));
    written_ = true;
    if (!best.has_value()) return;
    if (done.validation.empty())
      fail("`best` goes by a validation, and iteration {} has none: wire a validate node between",
           done.iteration);
    const double value = done.validation.front().value;
    if (!(value < lowest_)) return;
    write(*done.network, best->expand({}));
    lowest_ = value;
  }

  /// Both files or none: the disk may be full, and a network needs both.
  void write(const TrainedNetwork& network, const std::filesystem::path& folder) const {
    NamedTensors stored;
    for (const auto& [name, tensor] : network.weights)
      stored[name] = tensor.to(to_scalar_type(*precision));
    const auto config = folder / "config.json", waiting = folder / "config.json.waiting";
    write_lasting_file(waiting, {network.config});
    write_safetensors(folder / kNetworkWeights, stored);
    std::filesystem::rename(waiting, config);
    sync_to_disk(folder);
  }

  static bool holds_network(const PathPattern& folder) {
    return std::filesystem::exists(folder.expand({}) / kNetworkWeights);
  }

  bool keeps() const override { return true; }
  /// The lowest number so far, and whether weights were written at all.
  std::optional<std::string> commit(const Task&) override {
    return fmt::format("{} {}", lowest_, written_ ? "written" : "none");
  }
  bool restore(int, const std::vector<Committed>& before) override {
    const std::string& note = before.back().note;
    const double lowest = std::stod(note);
    const bool written = note.ends_with("written");
    if (written && !holds_network(*path)) return false;
    if (std::isfinite(lowest) && !holds_network(*best)) return false;
    lowest_ = lowest;
    written_ = written;
    return true;
  }
};

LADCAST_NODE(Checkpoint, "checkpoint",
             "Writes the weights of a training, in the published layout: the last and the best.");

}  // namespace
}  // namespace ladcast
