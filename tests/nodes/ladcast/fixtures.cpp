#include "tests/nodes/ladcast/fixtures.h"

#include <ATen/ATen.h>
#include <doctest/doctest.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <limits>

namespace ladcast::test {
namespace {

constexpr double kInfinite = std::numeric_limits<double>::infinity();

// Tests run with the source tree as working folder.
std::filesystem::path first_of(const char* variable, std::initializer_list<const char*> places,
                               const char* probe) {
  if (const char* given = std::getenv(variable); given != nullptr) return given;
  for (const char* place : places)
    if (std::filesystem::exists(std::filesystem::path(place) / probe)) return place;
  return *places.begin();
}

// Missing values must be missing in both; all other values must be finite.
bool comparable(const at::Tensor& actual, const at::Tensor& expected) {
  if (actual.sizes() != expected.sizes()) return false;
  const auto missing = at::isnan(expected);
  return at::equal(at::isnan(actual), missing) &&
         at::logical_or(at::isfinite(actual), missing).all().item<bool>();
}

double largest(const at::Tensor& x) {
  return x.numel() == 0 ? 0.0 : x.abs().nan_to_num(0.0).max().item<double>();
}

}  // namespace

std::filesystem::path parity_folder() {
  return first_of("LADCAST_PARITY", {"../shared/parity", "tests/data/parity"}, "dcae/config.json");
}

SmallPlanet small_planet() {
  const auto folder = first_of("LADCAST_SMALL_PLANET",
                               {"../shared/models/small-planet", "pipelines/models/small-planet"},
                               "forecaster/diffusion_pytorch_model.safetensors");
  const auto beside = folder / "reference.safetensors";
  return {folder, std::filesystem::exists(beside)
                      ? beside
                      : "tests/data/small_planet_reference.safetensors"};
}

std::filesystem::path statics_folder() {
  return first_of("LADCAST_STATIC", {"../shared/data/ladcast_static", "tests/data/ladcast_static"},
                  "240x121_land_sea_mask.pt");
}

bool begin_parity(const std::string& folder, std::initializer_list<const char*> files) {
  bool complete = true;
  for (const char* file : files) {
    const auto path = parity_folder() / folder / file;
    if (std::filesystem::exists(path)) continue;
    std::printf("  ABSENT: %s, its comparisons are not made\n", path.c_str());
    complete = false;
  }
  return complete;
}

double absolute_error(const at::Tensor& actual, const at::Tensor& expected) {
  if (!comparable(actual, expected)) return kInfinite;
  return largest(actual.to(at::kDouble) - expected.to(at::kDouble));
}

double relative_error(const at::Tensor& actual, const at::Tensor& expected) {
  const double scale = largest(expected.to(at::kDouble));
  const double error = absolute_error(actual, expected);
  return scale > 0.0 ? error / scale : error;
}

Recording::Recording(const std::filesystem::path& file)
    : file_(file), tensors_(read_safetensors(file)) {}

Recording::~Recording() {
  for (const auto& [name, tensor] : tensors_) {
    CAPTURE(file_.string());
    CAPTURE(name);
    if (std::uncaught_exceptions() == 0)
      CHECK_MESSAGE(used_.contains(name), "a recorded tensor was not compared");
  }
  std::printf("  %s: %zu tensors, %zu compared, worst error / tolerance %.2f\n%s", file_.c_str(),
              tensors_.size(), compared_, worst_, summary_.c_str());
}

const at::Tensor& Recording::take(const std::string& name) {
  const auto found = tensors_.find(name);
  if (found == tensors_.end()) throw std::runtime_error(file_.string() + " has no tensor " + name);
  used_.insert(name);
  return found->second;
}

const at::Tensor& Recording::input(const std::string& name) { return take(name); }

void Recording::note(const std::string& name, double error, double tolerance) {
  CAPTURE(file_.string());
  CAPTURE(name);
  CHECK(error <= tolerance);
  ++compared_;
  worst_ = std::max(worst_, tolerance > 0.0 ? error / tolerance : (error > 0.0 ? kInfinite : 0.0));
  char line[300];
  std::snprintf(line, sizeof line, "    %-66s max %.1e  (tolerance %.0e)\n", name.c_str(), error,
                tolerance);
  summary_ += line;
}

void Recording::compare(const std::string& name, const at::Tensor& actual, double tolerance) {
  note(name, relative_error(actual, take(name)), tolerance);
}

void Recording::compare_absolute(const std::string& name, const at::Tensor& actual,
                                 double tolerance) {
  note(name, absolute_error(actual, take(name)), tolerance);
}

void Recording::compare_exact(const std::string& name, const at::Tensor& actual) {
  note(name, absolute_error(actual, take(name)), 0.0);
}

}  // namespace ladcast::test
