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
    const LatentShape& l = model->latent;
    describe_latent(shape.out(samples), l.channels, l.rows, l.columns, *windows.batch,
                    *windows.frames);
  }
  std::vector<std::filesystem::path> files() const override {
    auto all = identifying_files(path->expand({}));
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
    if (windows_->same()) same_ = samples_of(windows_->at(1));
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
