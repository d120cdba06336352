#include <ATen/Parallel.h>

#include <cmath>

#include "graph/lane.h"
#include "graph/node.h"
#include "nodes/train/validation.h"
#include "nodes/values/model_param.h"

namespace ladcast {
namespace {

class Validate final : public Node {
 public:
  Validate() { on_device_lane(); }

 private:
  In<TrainingStep> step{this, "step", "of a training"};
  In<Samples> cases{this, "cases",
                    "windows that were not learned from, the same for all iterations: samples or "
                    "latent_samples with choose = \"spread\""};
  Out<TrainingStep> scored{this, "scored", "the same, with scores where the weights are there"};
  Param<Model> model{this, "model", "model that is trained"};
  Param<int> members{this, "members",
                     "members of the forecasts; 0: none is made, and the error of one evaluation "
                     "alone is told",
                     ParamOptions<int>{.fallback = 4, .min = 0}};
  Param<int> steps{this, "steps", "steps of the sampler",
                   ParamOptions<int>{.fallback = 10, .min = 2}};

  Moments moments_;  // of fields

  void shape(Shape& shape) override {
    shape.out(scored).bytes = shape.in(step).bytes;
    if (*members == 1)
      shape.error(members, "one member has no fair CRPS", "take members = 2 or more, or 0");
  }
  void open() override { moments_ = read_field_moments(model->field_statistics, model->channels); }

  void run(Task& task) const override {
    TrainingStep done = task.get(step);
    if (done.network) {
      Lane thread("validation", device(), 1);  // with a team of its own, see TrainNode::open()
      thread.call([&] {
        at::set_num_threads(plan().threads);  // as the training beside it
        done.validation = scores_of(*done.network, task);
        for (const Metric& metric : done.validation)
          if (!std::isfinite(metric.value))
            fail("the {} of the weights after iteration {} is {}", metric.name, done.iteration,
                 metric.value);
      });
    }
    task.send(scored, std::move(done));
  }

  std::vector<Metric> scores_of(const TrainedNetwork& trained, const Task& task) const {
    const Samples& windows = task.get(cases);
    const auto& folder = trained.folder;
    if (trained.part == "autoencoder") {
      Autoencoder autoencoder(read_autoencoder_config(folder));
      fill(autoencoder, trained);
      return score_autoencoder(autoencoder, windows, model->channels, moments_);
    }
    if (windows.values.size(2) != model->frames + 1)
      fail("the windows of `cases` have {} frames, and validation needs 1 + {}, the model's",
           windows.values.size(2), model->frames);
    Forecaster forecaster(read_forecaster_config(folder));
    fill(forecaster, trained);
    return score_forecaster(forecaster, windows, *model, {*members, *steps},
                            [&task] { return task.stopping(); });
  }

  template <class Network>
  void fill(Network& network, const TrainedNetwork& trained) const {
    fill_weights([&](const VisitTensor& visit) { network.describe(visit); }, trained.weights,
                 trained.folder.string(), at::Device(device()), at::kFloat);
    network.prepare();
  }
};

LADCAST_NODE(Validate, "validate",
             "Scores the weights of a training on windows that it does not learn from.");

}  // namespace
}  // namespace ladcast
