#include "nodes/train/training_step.h"

#include <ATen/core/Tensor.h>
#include <fmt/format.h>

#include <cmath>
#include <sstream>

#include "graph/error.h"
#include "graph/whole_file.h"

namespace ladcast {

std::vector<LoggedNumber> numbers_of(const TrainingStep& step) {
  std::vector<LoggedNumber> numbers;
  const auto add = [&](const std::string& name, const std::string& unit, double value) {
    numbers.push_back({step.iteration, step.epoch, name, unit, value});
  };
  add("loss", "", step.loss);
  if (std::isfinite(step.gradient_norm)) add("gradient_norm", "", step.gradient_norm);
  add("learning_rate", "", step.learning_rate);
  for (const Metric& metric : step.validation)
    add("validation " + metric.name, metric.unit, metric.value);
  return numbers;
}

std::string to_csv(const std::vector<LoggedNumber>& numbers) {
  std::string lines;
  for (const auto& [iteration, epoch, name, unit, value] : numbers)
    lines += fmt::format("{},{:.6g},{},{},{:.10g}\n", iteration, epoch, name, unit, value);
  return lines;
}

std::vector<LoggedNumber> numbers_from_csv(const std::string& lines) {
  std::vector<LoggedNumber> numbers;
  std::istringstream stream(lines);
  for (std::string line; std::getline(stream, line) && !stream.eof();) {
    std::istringstream parts(line);
    std::string iteration, epoch, value;
    LoggedNumber number;
    try {
      for (auto* part : {&iteration, &epoch, &number.name, &number.unit})
        std::getline(parts, *part, ',');
      std::getline(parts, value);
      number.iteration = std::stoi(iteration);
      number.epoch = std::stod(epoch);
      number.value = std::stod(value);  // "nan" too
    } catch (const std::exception&) {
      fail("'{}' is no line of a training log: iteration,epoch,name,unit,value", line);
    }
    numbers.push_back(std::move(number));
  }
  return numbers;
}

std::size_t PayloadTraits<TrainingStep>::bytes(const TrainingStep& step) {
  std::size_t total = sizeof(TrainingStep);
  if (step.network)
    for (const auto& [name, tensor] : step.network->weights) total += tensor.nbytes();
  return total;
}

std::vector<ArrayView> PayloadTraits<TrainingStep>::arrays(const TrainingStep& step) {
  const auto numbers = std::make_shared<std::vector<float>>();
  for (const double value : {step.loss, step.gradient_norm, step.learning_rate})
    numbers->push_back(static_cast<float>(value));
  for (const Metric& metric : step.validation) numbers->push_back(static_cast<float>(metric.value));
  return {{"loss, gradient norm, learning rate, validation", {numbers->size()}, *numbers, numbers}};
}

std::vector<LoggedNumber> read_training_log(const std::filesystem::path& file) {
  const std::string text = read_whole_file(file);
  if (!text.starts_with(kTrainingLogHead))
    fail("{}: not the log of a training; its first line is not {}", file.string(),
         std::string_view(kTrainingLogHead, std::string_view(kTrainingLogHead).size() - 1));
  std::vector<LoggedNumber> numbers;
  try {
    numbers = numbers_from_csv(text.substr(std::string_view(kTrainingLogHead).size()));
  } catch (const Error& error) {
    throw error.in(file.string());
  }
  if (numbers.empty()) fail("{}: a log without numbers", file.string());
  return numbers;
}

}  // namespace ladcast
