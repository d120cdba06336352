#include "nodes/train/train_node.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>
#include <c10/core/InferenceMode.h>

#include <cmath>
#include <limits>

#include "graph/whole_file.h"
#include "nodes/ladcast/precision.h"
#include "nodes/train/initial_weights.h"

namespace ladcast {
namespace {

/// Lanes compute without gradients and on one thread each; a training wants the opposite. The
/// number of threads is LibTorch's for the whole process: the last bits depend on it.
struct Learning {
  explicit Learning(const Plan& plan) { at::set_num_threads(plan.threads); }
  c10::InferenceMode off{false};
  at::AutoGradMode gradients{true};
};

// In a saved state; the tensors of a network have dots in their names.
constexpr const char* kUpdates = "updates";
constexpr const char* kThreads = "threads";

}  // namespace

TrainNode::TrainNode(const char* part) : Ordered(Within::plan), part_(part) { on_device_lane(); }

at::ScalarType TrainNode::type() const { return to_scalar_type(*precision); }

void TrainNode::shape(Shape& shape) {
  if (folder().empty()) {
    shape.error(
        model, fmt::format("the model '{}' has no {}", model->name, part_),
        fmt::format("write {0} = \"{0}\" in its model.toml, and put a config.json there", part_));
    return;
  }
  parameter_count_ = static_cast<std::size_t>(count_parameters(list_tensors(make_network())));
  if (shape.plan().iterations == 0)
    shape.error(samples, "a training goes through iterations, and [run] has none",
                "write [run] iterations = 1000 instead of inits");
  shape.out(step).bytes = parameter_count_ * sizeof(float);
  const int total = shape.plan().iterations / *accumulate;
  if (updates.has_value() && *updates < total && *schedule == "cosine")
    shape.error(updates,
                fmt::format("{} iterations make {} updates, and the rate is 0 after {}",
                            shape.plan().iterations, total, *updates),
                fmt::format("set updates to {}, or leave it out", total));
  if (shape.plan().iterations % *accumulate != 0)
    shape.error(
        accumulate,
        fmt::format("{} iterations leave gradients without an update", shape.plan().iterations),
        "take a number that divides them");
  if (*schedule == "search" && !updates.has_value())
    shape.error(schedule, "a search rises over `updates`, which is not set",
                "set updates to the number of iterations");
  if (*save_every % *accumulate != 0)
    shape.error(save_every, "a state is saved where an update is complete",
                fmt::format("take a multiple of accumulate, which is {}", *accumulate));
}

std::vector<std::filesystem::path> TrainNode::files() const {
  if (*start == "model") return network_files(folder());
  return {folder() / "config.json", model->folder / "model.toml"};
}

/// All that LibTorch spreads over the cores is called from one thread. OpenMP keeps a team for each
/// thread that calls it; where the teams together are larger than the machine, their members sleep
/// between the thousands of small steps of an iteration, and waking them takes a third of the time.
void TrainNode::open() {
  thread_.emplace("training", device(), 1);
  thread_->call([this] { prepare_learning(); });
}

void TrainNode::prepare_learning() {
  const Learning learning(plan());
  config_ = read_whole_file(folder() / "config.json");
  describe_ = make_network();
  start_weights();
  parameters_ = make_learnable(describe_);
  std::vector<Parameter> learned;
  for (auto& parameter : parameters_) {
    if (!learns(parameter.name)) {
      parameter.value.set_requires_grad(false);
      continue;
    }
    parameter.rate = rate_of(parameter.name);
    const bool decays = *decayed == "all" || parameter.value.dim() > 1;
    parameter.weight_decay = decays ? *weight_decay : 0.0;
    learned.push_back(parameter);
  }
  optimiser_.emplace(learned, AdamWOptions{*beta1, *beta2, 1e-8});
  average_.emplace(parameters_);
  const int total = plan().iterations / *accumulate;
  if (*schedule == "cosine" && total <= *warm_up)
    print(fmt::format("the learning rate rises over {} updates, and there are {}\n", *warm_up,
                      total));
  if (updates.has_value() && *updates > total)
    print(fmt::format("{} iterations make {} of {} updates: the rate does not come down to 0\n",
                      plan().iterations, total, *updates));
  rules_.rate = {*learning_rate, *warm_up, updates.has_value() ? *updates : 0,
                 *schedule == "search"};
  rules_.moving.largest = *average_decay;
  rules_.moving.begin = *average_after;
  rules_.clip = *clip > 0.0 ? *clip : std::numeric_limits<double>::infinity();
}

void TrainNode::start_weights() {
  if (*start == "model") {
    fill_weights(describe_, read_weights_folder(folder()), folder().string(), at::Device(device()),
                 at::kFloat);
    return;
  }
  start_at_random(describe_, plan().seed);
  describe_([&](const std::string& name, const Sizes&, at::Tensor& slot) {
    if (const auto value = start_of(name)) slot.fill_(*value);
    slot = slot.to(at::Device(device()));
  });
}

void TrainNode::close() {
  optimiser_.reset();
  average_.reset();
  parameters_.clear();
  thread_.reset();
}

/// Values, gradients, two moments and the average, and the same but the gradients again while a
/// state is saved; what the forward pass keeps is not known.
Memory TrainNode::memory() const {
  const std::size_t once = parameter_count_ * sizeof(float);
  return {.resident = 5 * once, .scratch = 4 * once};
}

/// The network computes with what the parameters are now. In each iteration anew: gradients are
/// summed up in the order in which their operators were made.
void TrainNode::put() {
  put_weights(describe_, parameters_, type());
  prepare();
}

void TrainNode::run(Task& task) {
  TrainingStep done;
  thread_->call([&] { done = learn(task); });
  task.send(step, std::move(done));
}

TrainingStep TrainNode::learn(Task& task) {
  const Learning learning(plan());
  const int iteration = task.iteration();
  if (task.restored())
    restore(task.saved());
  else if (iteration > 1 && (iteration - 1) % *save_every == 0)
    task.save(state());

  const Samples& batch = task.get(samples);
  TrainingStep done;
  done.iteration = iteration;
  done.epoch = batch.epoch;
  put();
  const at::Tensor value = loss(task, batch);
  done.loss = value.item<double>();
  if (!std::isfinite(done.loss))
    fail("the loss is {} for the samples {}; a lower learning_rate or clip may help", done.loss,
         name_of(batch));
  (value / *accumulate).backward();
  done.learning_rate = rules_.rate.at(optimiser_->steps());
  done.gradient_norm = iteration % *accumulate == 0 ? update(batch, done.loss)
                                                    : std::numeric_limits<double>::quiet_NaN();
  if (iteration % *send_every == 0 || iteration == plan().iterations) done.network = trained();
  return done;
}

double TrainNode::update(const Samples& batch, double loss) {
  const double norm = update_weights(*optimiser_, *average_, parameters_, rules_);
  if (!std::isfinite(norm))
    fail("the gradient is {} and the loss {} for the samples {}{}; a lower learning_rate may help",
         norm, loss, name_of(batch), *accumulate > 1 ? " or those accumulated before them" : "");
  return norm;
}

std::string TrainNode::state() const {
  NamedTensors tensors = optimiser_->state();
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    tensors[parameters_[i].name + ".value"] = parameters_[i].value;
    tensors[parameters_[i].name + ".average"] = average_->values()[i];
  }
  tensors[kUpdates] = at::full({}, optimiser_->steps(), at::TensorOptions(at::kLong));
  tensors[kThreads] = at::full({}, plan().threads, at::TensorOptions(at::kLong));
  return to_bytes(tensors);
}

void TrainNode::restore(std::string bytes) {
  const NamedTensors tensors = tensors_from(std::move(bytes));
  if (const auto used = tensors.at(kThreads).item<std::int64_t>(); used != plan().threads)
    fail(
        "the training was begun on {} threads and would go on with {}, to other bits; set "
        "engine.threads = {}",
        used, plan().threads, used);
  const at::NoGradGuard no_gradients;
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    parameters_[i].value.copy_(tensors.at(parameters_[i].name + ".value"));
    average_->values()[i].copy_(tensors.at(parameters_[i].name + ".average"));
  }
  optimiser_->restore(tensors, tensors.at(kUpdates).item<std::int64_t>());
}

std::shared_ptr<const TrainedNetwork> TrainNode::trained() const {
  auto network = std::make_shared<TrainedNetwork>();
  network->part = part_;
  network->folder = folder();
  network->config = config_;
  for (std::size_t i = 0; i < parameters_.size(); ++i)
    network->weights[parameters_[i].name] =
        average_->values()[i].to(at::Device(at::kCPU), at::kFloat, false, /*copy=*/true);
  return network;
}

}  // namespace ladcast
