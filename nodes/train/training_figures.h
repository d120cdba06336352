// Drawings of how a training went, or of several beside each other.
#pragma once

#include <string>
#include <vector>

#include "nodes/report/figure.h"
#include "nodes/train/training_step.h"

namespace ladcast {

struct LoggedTraining {
  std::string name;
  std::vector<LoggedNumber> numbers;  // by iteration
};

/// Loss, gradient and rate, and each number of the validation, by iteration.
std::vector<Figure> training_figures(const std::vector<LoggedTraining>& trainings);

/// A row for each training: iterations, loss, lowest and last validation. The first row is the
/// head.
std::vector<std::vector<std::string>> training_table(const std::vector<LoggedTraining>& trainings);

/// When the first number of the validation was lowest, and whether it has risen since.
std::string training_finding(const LoggedTraining& training);

}  // namespace ladcast
