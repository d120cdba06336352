#include <ATen/ATen.h>

#include <map>
#include <optional>

#include "graph/node.h"
#include "nodes/ingest/cf_files.h"
#include "nodes/ladcast/statistics.h"
#include "nodes/train/latent_set.h"
#include "nodes/train/row_weights.h"
#include "nodes/train/sample_windows.h"
#include "nodes/values/latent.h"
#include "nodes/values/model_param.h"

namespace ladcast {
namespace {

class LatentSamples final : public Node {
  Out<Samples> samples{this, "samples", "normalised latents: windows and weights"};
  Param<InputFiles> path{this, "path",
                         "Zarr store of latents (time, channel, row, column), as "
                         "latent_set_out or the reference writes it"};
  Param<Model> model{this, "model", "model whose autoencoder made the latents"};
  WindowParams windows{this, 5};

  std::optional<LatentSet> set_;
  std::optional<SampleWindows> windows_;
  std::optional<Samples> same_;  // of all iterations
  Moments moments_;
  at::Tensor weights_;

  void shape(Shape& shape) override {
    windows.check(shape);
    const int drawn = *windows.frames - 1;
    if (drawn < model->frames || drawn % model->frames != 0 ||
        (*windows.choose == "spread" && drawn != model->frames))
      shape.error(
          windows.frames,
          fmt::format("the model '{}' draws {} frames after one", model->name, model->frames),
          fmt::format("set frames to {}", model->frames + 1));
    if (model->latent_statistics.empty())
      shape.error(model, fmt::format("the model '{}' has no statistics of latents", model->name),
                  "name latent_normal.json, which encode_training_set.toml writes, in its "
                  "model.toml: [statistics] latents = \"latent_normal.json\"");
    const LatentShape& l = model->latent;
    describe_latent(shape.out(samples), l.channels, l.rows, l.columns, *windows.batch,
                    *windows.frames);
  }
  std::vector<std::filesystem::path> files() const override {
    auto all = identifying_files(path->expand({}));
    all.push_back(model->folder / "model.toml");
    if (!model->latent_statistics.empty()) all.push_back(model->latent_statistics);
    return all;
  }

  void open() override {
    set_.emplace(path->expand({}));
    const LatentShape &there = set_->shape(), &wanted = model->latent;
    if (there.channels != wanted.channels || there.rows != wanted.rows ||
        there.columns != wanted.columns)
      fail(
          "{} holds latents of {} x {} x {}, the model '{}' has {} x {} x {}; encode the archive "
          "with it",
          path->text, there.channels, there.rows, there.columns, model->name, wanted.channels,
          wanted.rows, wanted.columns);
    moments_ = latent_moments(*model);
    weights_ = row_weights(latent_latitudes(model->network_grid().latitude, model->latent.rows));
    const auto times = set_->times();
    windows_.emplace(windows, std::set<Time>(times.begin(), times.end()), model->step_hours,
                     plan().seed, path->text);
    require_plausible(times);
    if (windows_->same()) same_ = samples_of(windows_->at(1));
  }

  /// Latents of another autoencoder than that of the statistics would be learned without a word.
  void require_plausible(const std::vector<Time>& times) const {
    constexpr std::size_t kLooked = 16;
    std::vector<at::Tensor> frames;
    for (std::size_t i = 0; i < std::min(kLooked, times.size()); ++i)
      frames.push_back(set_->read(times[i * times.size() / std::min(kLooked, times.size())]));
    const auto scaled = normalise_latent(at::stack(frames), moments_, model->target_std, 1);
    const auto means = scaled.mean({0, 2, 3}), deviations = scaled.std({0, 2, 3}, false);
    const double wanted = model->target_std;
    for (std::int64_t c = 0; c < means.size(0); ++c) {
      const auto mean = means[c].item<double>(), deviation = deviations[c].item<double>();
      if (std::abs(mean) > 4 * wanted || deviation < wanted / 4 || deviation > 4 * wanted)
        fail(
            "{}: channel {} of the latents has the mean {:.3g} and the deviation {:.3g} when it is "
            "scaled with {}, where 0 and {} are expected: are these the statistics of its "
            "autoencoder?",
            path->text, c + 1, mean, deviation, model->latent_statistics.string(), wanted);
    }
  }

  void close() override {
    set_.reset();
    same_.reset();
  }

  void run(Task& task) const override {
    task.send(samples, same_ ? *same_ : samples_of(windows_->at(task.iteration())));
  }

  Samples samples_of(const SampleWindows::Batch& batch) const {
    std::vector<at::Tensor> values;
    for (const Time start : batch.times) {
      std::vector<at::Tensor> frames;
      for (int i = 0; i < *windows.frames; ++i)
        frames.push_back(set_->read(start + std::chrono::hours{i * model->step_hours}));
      values.push_back(at::stack(frames, 1));
    }
    const auto scaled = normalise_latent(at::stack(values), moments_, model->target_std, 1);
    return {scaled, {}, {}, weights_, batch.times, model->step_hours, batch.repeat, batch.epoch};
  }
};

LADCAST_NODE(LatentSamples, "latent_samples",
             "Reads windows of encoded analyses for training, in another order each epoch.");

}  // namespace
}  // namespace ladcast
