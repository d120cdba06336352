// Recorded numbers of the reference implementation: where they are, and how results are compared.
#pragma once

#include <ATen/core/Tensor.h>

#include <filesystem>
#include <initializer_list>
#include <map>
#include <set>
#include <string>

#include "nodes/ladcast/safetensors.h"

namespace ladcast::test {

/// $LADCAST_PARITY, else ../shared/parity beside the source tree where it is, else
/// tests/data/parity.
std::filesystem::path parity_folder();

struct SmallPlanet {
  std::filesystem::path folder;    // of the model
  std::filesystem::path recorded;  // the reference's results with its weights
};

/// $LADCAST_SMALL_PLANET, else ../shared/models/small-planet where it is, else
/// pipelines/models/small-planet; results are reference.safetensors in the folder, else
/// tests/data/small_planet_reference.safetensors.
SmallPlanet small_planet();

/// The published statistics and static fields: $LADCAST_STATIC, else ../shared/data/ladcast_static.
std::filesystem::path statics_folder();

/// True if all `files` are in that folder of parity_folder(); otherwise prints which are absent.
bool begin_parity(const std::string& folder, std::initializer_list<const char*> files);

/// Largest difference over the largest magnitude of `expected`; infinite if shapes differ or a
/// value is not finite.
double relative_error(const at::Tensor& actual, const at::Tensor& expected);

/// Largest difference; infinite as above.
double absolute_error(const at::Tensor& actual, const at::Tensor& expected);

/// The tensors of one recorded file. Each must be used, as an input or as an expectation: what
/// remains is reported as a failure when the object dies. Prints one line for each comparison.
class Recording {
 public:
  explicit Recording(const std::filesystem::path& file);
  ~Recording();
  Recording(const Recording&) = delete;
  Recording& operator=(const Recording&) = delete;

  bool has(const std::string& name) const { return tensors_.contains(name); }
  const std::map<std::string, at::Tensor>& all() const { return tensors_; }

  const at::Tensor& input(const std::string& name);

  /// Checks that the largest difference, relative to the largest magnitude, is within `tolerance`.
  void compare(const std::string& name, const at::Tensor& actual, double tolerance);
  /// Checks the largest difference itself.
  void compare_absolute(const std::string& name, const at::Tensor& actual, double tolerance);
  /// Checks equality.
  void compare_exact(const std::string& name, const at::Tensor& actual);

 private:
  const at::Tensor& take(const std::string& name);
  void note(const std::string& name, double error, double tolerance);

  std::filesystem::path file_;
  NamedTensors tensors_;
  std::set<std::string> used_;
  std::size_t compared_ = 0;
  double worst_ = 0.0;  // error over tolerance
  std::string summary_;
};

}  // namespace ladcast::test
