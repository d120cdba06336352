// What the nodes that train a network have in common: the update, the running average, the state.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "graph/lane.h"
#include "graph/node.h"
#include "nodes/ladcast/sphere_conv.h"
#include "nodes/ladcast/weights.h"
#include "nodes/train/adamw.h"
#include "nodes/train/learned_weights.h"
#include "nodes/train/samples.h"
#include "nodes/train/training_step.h"
#include "nodes/train/update.h"
#include "nodes/values/model_param.h"

namespace ladcast {

/// One iteration: the loss of the samples, its gradients, and with every `accumulate`-th iteration
/// an update of the weights. Throws Error where the loss or a gradient is not finite.
class TrainNode : public Ordered {
 public:
  bool saves() const override { return true; }

 protected:
  /// `part` of a model, "autoencoder" or "forecaster".
  explicit TrainNode(const char* part);

  /// The folder of the network's config.json.
  virtual std::filesystem::path folder() const = 0;
  /// The network without weights, and what walks them.
  virtual DescribeNetwork make_network() = 0;
  /// Makes what follows from the weights, which have changed.
  virtual void prepare() = 0;
  virtual at::Tensor loss(const Task& task, const Samples& batch) const = 0;
  /// Whether a tensor learns.
  virtual bool learns(const std::string&) const { return true; }
  /// Times the learning rate.
  virtual double rate_of(const std::string&) const { return 1.0; }
  /// What a tensor starts with where it is not drawn at random.
  virtual std::optional<double> start_of(const std::string&) const { return {}; }

  at::ScalarType type() const;
  bool recomputes() const { return *recompute; }

  In<Samples> samples{this, "samples", "what is learned from"};
  Out<TrainingStep> step{this, "step", "loss, gradient, rate; the weights where they are due"};
  Param<Model> model{this, "model",
                     "model whose network learns; its config.json says of what form"};

 private:
  Param<std::string> start{this,
                           "start",
                           "random: new weights; model: those of the model's folder, learned on",
                           {.fallback = "random", .choices = {"random", "model"}}};
  Param<double> learning_rate{this, "learning_rate", "largest learning rate of AdamW",
                              ParamOptions<double>{.fallback = 1e-4, .min = 0.0}};
  Param<int> warm_up{this, "warm_up", "updates in which the learning rate rises from 0",
                     ParamOptions<int>{.fallback = 1000, .min = 0}};
  Param<int> updates{this, "updates",
                     "updates after which the learning rate has fallen to 0, along half a cosine: "
                     "iterations / accumulate; where it is not given the rate stays, and a "
                     "finished training can be extended",
                     ParamOptions<int>{.optional = true, .min = 1}};
  Param<std::string> schedule{
      this,
      "schedule",
      "cosine: as warm_up and updates say; search: the rate rises from a ten-thousandth of "
      "learning_rate to all of it over `updates`, and the report shows the loss by rate: a good "
      "rate lies where the loss still falls fast",
      {.fallback = "cosine", .choices = {"cosine", "search"}}};
  Param<double> beta1{this, "beta1", "decay of the mean gradient",
                      ParamOptions<double>{.fallback = 0.9, .min = 0.0, .max = 0.99999}};
  Param<double> beta2{this, "beta2", "decay of the mean square of the gradient",
                      ParamOptions<double>{.fallback = 0.999, .min = 0.0, .max = 0.99999}};
  Param<double> weight_decay{this, "weight_decay", "AdamW's, in each update times the rate",
                             ParamOptions<double>{.fallback = 0.01, .min = 0.0}};
  Param<std::string> decayed{this,
                             "decayed",
                             "all: the decay acts on every tensor, as in the reference; matrices: "
                             "not on biases and norms",
                             {.fallback = "all", .choices = {"all", "matrices"}}};
  Param<double> clip{this, "clip",
                     "largest norm of the gradient; a larger one is scaled down; 0: none is",
                     ParamOptions<double>{.fallback = 1.0, .min = 0.0}};
  Param<int> accumulate{this, "accumulate",
                        "iterations whose gradients are averaged for one update",
                        ParamOptions<int>{.fallback = 1, .min = 1}};
  Param<double> average_decay{this, "average_decay",
                              "largest decay of the running average of the weights, which is what "
                              "is validated and written",
                              ParamOptions<double>{.fallback = 0.9999, .min = 0.0, .max = 1.0}};
  Param<int> average_after{this, "average_after", "updates after which the average begins",
                           ParamOptions<int>{.fallback = 1000, .min = 0}};
  Param<std::string> precision{this,
                               "precision",
                               "number format of the network; weights and updates are float32",
                               {.fallback = "fp32", .choices = {"fp32", "bf16"}}};
  Param<bool> recompute{this, "recompute",
                        "compute the inside of each block (but the refiner's) again in the "
                        "backward pass instead of keeping it: less memory, a third more work",
                        ParamOptions<bool>{.fallback = false}};
  Param<int> send_every{this, "send_every",
                        "iterations from one validation and writing of the weights to the next; "
                        "also after the last",
                        ParamOptions<int>{.fallback = 500, .min = 1}};
  Param<int> save_every{this, "save_every",
                        "iterations from one saved state to the next, from which --resume goes on; "
                        "a state has 16 bytes for each parameter",
                        ParamOptions<int>{.fallback = 500, .min = 1}};

  std::optional<Lane> thread_;
  const char* part_;
  std::size_t parameter_count_ = 0;
  std::string config_;  // of the network, as it was when the training began
  DescribeNetwork describe_;
  std::vector<Parameter> parameters_;  // all, also those that do not learn
  std::optional<AdamW> optimiser_;
  std::optional<AverageWeights> average_;
  UpdateRules rules_;

  void shape(Shape& shape) override;
  std::vector<std::filesystem::path> files() const override;
  Memory memory() const override;
  void open() override;
  void run(Task& task) override;
  void close() override;

  void prepare_learning();
  void put();
  void start_weights();
  TrainingStep learn(Task& task);
  double update(const Samples& batch, double loss);
  std::string state() const;
  void restore(std::string state);
  std::shared_ptr<const TrainedNetwork> trained() const;
};

}  // namespace ladcast
