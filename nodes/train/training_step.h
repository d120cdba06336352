// TrainingStep: what one iteration of a training did.
#pragma once

#include <array>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "graph/payload.h"
#include "nodes/ladcast/safetensors.h"

namespace ladcast {

/// A network as it is written: never changed once made.
struct TrainedNetwork {
  std::string part;              // "autoencoder" or "forecaster"
  std::filesystem::path folder;  // where its config.json is
  std::string config;            // what that held when the training began
  NamedTensors weights;          // the running average, float32 on the CPU
};

struct Metric {
  std::string name;  // "loss", "rmse geopotential 500 hPa"
  std::string unit;
  double value = 0.0;
};

struct TrainingStep {
  int iteration = 0;  // from 1
  double epoch = 0.0;
  double loss = 0.0;
  double gradient_norm = 0.0;  // before clipping; NaN where the iteration did not update
  double learning_rate = 0.0;
  std::shared_ptr<const TrainedNetwork> network;  // where it is due, otherwise nothing
  std::vector<Metric> validation;                 // the first is what "best" goes by
};

/// One number of an iteration, as logs have it.
struct LoggedNumber {
  int iteration = 0;
  double epoch = 0.0;
  std::string name, unit;  // "loss", "gradient_norm" where it updated, "learning_rate"; validations
  double value = 0.0;      // are "validation …"
};

std::vector<LoggedNumber> numbers_of(const TrainingStep& step);

/// Lines of CSV: iteration,epoch,name,unit,value.
constexpr const char* kTrainingLogHead = "iteration,epoch,name,unit,value\n";
std::string to_csv(const std::vector<LoggedNumber>& numbers);
/// A last line without an end, of a run that was broken off, is left out. Throws Error for others
/// that are none.
std::vector<LoggedNumber> numbers_from_csv(const std::string& lines);

/// The file of a training_log. Throws Error where it is none.
std::vector<LoggedNumber> read_training_log(const std::filesystem::path& file);

template <>
struct PayloadTraits<TrainingStep> {
  static constexpr const char* name = "TrainingStep";
  static std::size_t bytes(const TrainingStep& step);
  static std::vector<ArrayView> arrays(const TrainingStep& step);
};

}  // namespace ladcast
