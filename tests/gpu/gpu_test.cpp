// The networks on a GPU: against the reference's recordings in each precision, against the CPU over
// 15 days of the small planet, twice with equal bytes, and at full size with random weights. What
// is measured is printed as rows of the tables in RESULTS.md.
//
// $LADCAST_DEVICE names the device, cuda:0 unless it is set. With cpu all but the full sizes runs
// on a machine without a GPU, which tests this program.
#include <ATen/ATen.h>
#include <ATen/Context.h>
#include <ATen/DeviceAccelerator.h>
#include <c10/core/InferenceMode.h>
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "graph/lane.h"
#include "graph/text.h"
#include "nodes/ladcast/dcae.h"
#include "nodes/ladcast/edm.h"
#include "nodes/ladcast/network_memory.h"
#include "nodes/ladcast/noise.h"
#include "nodes/ladcast/statistics.h"
#include "tests/nodes/ladcast/fixtures.h"
#include "tests/nodes/ladcast/random_networks.h"
#include "tests/temporary_folder.h"

namespace ladcast::test {
namespace {

/// The device, with all that it needs loaded.
at::Device device() {
  const char* asked = std::getenv("LADCAST_DEVICE");
  static const std::string name = device_support().resolve(asked ? asked : "cuda:0");
  return at::Device(name);
}

template <class... Values>
void row(fmt::format_string<Values...> text, Values&&... values) {
  fmt::print("| {} |\n", fmt::format(text, std::forward<Values>(values)...));
  std::fflush(stdout);
}

/// A way to compute, and the largest relative L2 error that it may make in one call of a network.
struct Precision {
  const char* name;
  at::ScalarType type;
  bool fast;        // TF32
  double forecast;  // of an evaluation
  double decode;
};
// fp32: the recordings' README, as largest difference; bf16 and fp16: performance.md 4.1. A product
// in TF32 has the mantissa of fp16.
const std::vector<Precision> kPrecisions = {{"fp32", at::kFloat, false, 3e-6, 7e-6},
                                            {"fp32, TF32", at::kFloat, true, 2e-3, 2e-3},
                                            {"bf16", at::kBFloat16, false, 2e-2, 2e-2},
                                            {"fp16", at::kHalf, false, 4e-3, 2e-3}};

void enter(const Precision& precision) {
  device();  // LibTorch's flags are set once it is loaded
  device_support().set_mode(precision.fast);
}

double relative_l2(const at::Tensor& actual, const at::Tensor& expected) {
  const auto a = actual.to(at::kCPU, at::kDouble), b = expected.to(at::kCPU, at::kDouble);
  return (a - b).norm().item<double>() / b.norm().item<double>();
}

/// fp32 proper is held to the largest difference, as the recordings are.
void compare(const std::string& what, const Precision& precision, const at::Tensor& actual,
             const at::Tensor& expected, double tolerance) {
  const double largest = relative_error(actual.to(at::kCPU), expected);
  const double l2 = relative_l2(actual, expected);
  CAPTURE(what);
  CAPTURE(precision.name);
  const bool exact = precision.type == at::kFloat && !precision.fast;
  CHECK((exact ? largest : l2) <= tolerance);
  row("{} | {} | {:.1e} | {:.1e} | {:.0e}", what, precision.name, largest, l2, tolerance);
}

at::Tensor evaluation(const Forecaster& forecaster, const at::Tensor& noisy,
                      const at::Tensor& condition, const at::Tensor& c_noise,
                      const at::Tensor& timestamps) {
  const auto type = forecaster.out.weight.scalar_type();
  const auto context =
      begin_forecast(forecaster, condition.to(device(), type), timestamps, noisy.size(2));
  const auto level = at_noise_level(forecaster, context, c_noise.to(device()));
  return evaluate(forecaster, context, level, noisy.to(device(), type)).to(at::kFloat);
}

TEST_CASE("parity of one evaluation and of the autoencoder, by precision") {
  const c10::InferenceMode inference;
  row("what | precision | largest difference | relative L2 | tolerance");
  row("--- | --- | --- | --- | ---");
  for (const auto& precision : kPrecisions) {
    enter(precision);
    for (const char* name : {"dit", "dit_real_grid"}) {
      if (!begin_parity(name,
                        {"config.json", "diffusion_pytorch_model.safetensors", "io.safetensors"}))
        continue;
      const auto folder = parity_folder() / name;
      const auto io = read_safetensors(folder / "io.safetensors");
      const auto forecaster = load_forecaster(folder, device(), precision.type);
      compare(std::string(name) + " evaluation", precision,
              evaluation(forecaster, io.at("noisy"), io.at("condition"), io.at("c_noise"),
                         io.at("timestamps")),
              io.at("output"), precision.forecast);
    }
    if (!begin_parity("dcae",
                      {"config.json", "diffusion_pytorch_model.safetensors", "io.safetensors"}))
      continue;
    const auto folder = parity_folder() / "dcae";
    const auto io = read_safetensors(folder / "io.safetensors");
    const auto autoencoder = load_autoencoder(folder, device(), precision.type);
    const auto there = [&](const char* tensor) {
      return io.at(tensor).to(device(), precision.type);
    };
    compare("dcae encode", precision,
            encode(autoencoder, there("dynamic"), there("static")).to(at::kFloat), io.at("latent"),
            precision.decode);
    compare("dcae decode", precision,
            decode_all_channels(autoencoder, there("latent")).to(at::kFloat), io.at("decode_full"),
            precision.decode);
  }
  enter(kPrecisions.front());
}

/// The small planet's forecast as normalised fields, one tensor [B, C, rows, columns] for each 6 h.
class Planet {
 public:
  Planet(at::Device device, at::ScalarType type)
      : device_(device),
        type_(type),
        model_(Model::read(small_planet().folder)),
        autoencoder_(load_autoencoder(model_.autoencoder, device, type)),
        forecaster_(load_forecaster(model_.forecaster, device, type)),
        moments_(latent_moments(model_)),
        schedule_(Schedule::karras(20, 0.002, 80.0, 7.0, 0.5)),
        recorded_(read_safetensors(small_planet().recorded)) {}

  std::vector<at::Tensor> forecast(int days) const {
    const c10::InferenceMode inference;
    auto condition = recorded_.at("latent_normalised").unsqueeze(0).unsqueeze(2);
    std::vector<at::Tensor> fields;
    for (int day = 0; day < days; ++day) {
      const auto frames = sample(forecaster_, schedule_, condition.to(device_),
                                 recorded_.at("noise").to(device_), 2002011100 + 100 * day, {});
      for (std::int64_t frame = 0; frame < frames.size(2); ++frame) {
        const auto z =
            denormalise_latent(frames.select(2, frame), moments_, model_.target_std, 1).to(type_);
        fields.push_back(decode(autoencoder_, z).to(at::kCPU, at::kFloat));
      }
      condition = frames.narrow(2, frames.size(2) - 1, 1);
    }
    return fields;
  }

 private:
  at::Device device_;
  at::ScalarType type_;
  Model model_;
  Autoencoder autoencoder_;
  Forecaster forecaster_;
  Moments moments_;
  Schedule schedule_;
  NamedTensors recorded_;
};

/// Largest difference of any point, in deviations of its channel.
double difference(const at::Tensor& a, const at::Tensor& b) {
  return (a - b).abs().max().item<double>();
}

TEST_CASE("the small planet on the device and on the CPU, by lead") {
  constexpr int kDays = 15;
  enter(kPrecisions.front());
  const auto expected = Planet(at::kCPU, at::kFloat).forecast(kDays);
  row("small planet, 2 members, against the CPU in fp32 | 6 h | day 1 | day 3 | day 10 | day 15");
  row("--- | --- | --- | --- | --- | ---");
  for (const auto& precision : kPrecisions) {
    enter(precision);
    const auto fields = Planet(device(), precision.type).forecast(kDays);
    const auto at_day = [&](int day) {
      const auto frame = static_cast<std::size_t>(day) * 4 - 1;
      return difference(fields[frame], expected[frame]);
    };
    if (std::string(precision.name) == "fp32") CHECK(at_day(1) <= 1e-4);
    row("{} | {:.1e} | {:.1e} | {:.1e} | {:.1e} | {:.1e}", precision.name,
        difference(fields[0], expected[0]), at_day(1), at_day(3), at_day(10), at_day(15));
  }
  enter(kPrecisions.front());
}

TEST_CASE("two runs of the reproducible mode give equal bytes") {
  enter(kPrecisions.front());
  for (const auto type : {at::kFloat, at::kBFloat16}) {
    const Planet planet(device(), type);
    const auto first = planet.forecast(3), second = planet.forecast(3);
    for (std::size_t i = 0; i < first.size(); ++i) CHECK(at::equal(first[i], second[i]));
  }
}

// ---- full size ----

template <class Network>
void move_to_device(Network& network, at::ScalarType type) {
  network.describe(
      [&](const std::string&, const Sizes&, at::Tensor& slot) { slot = slot.to(device(), type); });
  network.prepare();
}

void wait() {
  if (!device().is_cpu()) at::accelerator::synchronizeDevice(device().index());
}

std::uint64_t peak_bytes() {
  return static_cast<std::uint64_t>(
      at::accelerator::getDeviceStats(device().index()).allocated_bytes[0].peak);
}

/// Seconds of one call after one to warm up, and the device's peak memory in it.
void measure(const std::string& what, const char* precision, std::size_t estimated,
             const std::function<void()>& work) {
  work();
  wait();
  at::accelerator::resetPeakStats(device().index());
  const auto start = std::chrono::steady_clock::now();
  work();
  wait();
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  row("{} | {} | {:.2f} | {} | {}", what, precision, seconds.count(), format_bytes(estimated),
      format_bytes(peak_bytes()));
}

/// What one network of the published model asks for, as plan says.
std::size_t sum(const Memory& memory) { return memory.resident + memory.scratch; }

TEST_CASE("full size: a step of 24 hours and its decoding, with random weights") {
  if (device().is_cpu()) {
    std::printf("  SKIPPED: full sizes are for a GPU\n");
    return;
  }
  const c10::InferenceMode inference;
  enter(kPrecisions.front());
  row("full size, random weights | precision | s | memory estimated | memory measured");
  row("--- | --- | --- | --- | ---");
  const TemporaryFolder folder;
  const auto schedule = Schedule::karras(20, 0.002, 80.0, 7.0, 0.5);
  for (const char* name : {"375M", "1.6B"})
    for (const auto type : {at::kBFloat16, at::kFloat}) {
      if (type == at::kFloat && std::string(name) == "1.6B") continue;  // minutes
      Model model;
      model.forecaster = folder.path() / name;
      if (!std::filesystem::exists(model.forecaster)) published_network(folder.path(), name);
      model.latent = {84, 15, 30};
      model.frames = 4;
      Forecaster forecaster(read_forecaster_config(model.forecaster));
      randomise(forecaster, 1);
      move_to_device(forecaster, type);
      const auto condition = at::randn({1, 84, 1, 15, 30}).mul_(0.5).to(device());
      for (const int members : {10, 50}) {
        const auto noise = at::randn({members, 84, 4, 15, 30}).to(device());
        measure(fmt::format("{}, 24 h of {} members", name, members),
                type == at::kFloat ? "fp32" : "bf16", sum(forecaster_memory(model, members)),
                [&] { sample(forecaster, schedule, condition, noise, 2018010100, {}); });
      }
    }
  const auto place = published_network(folder.path(), "DCAE84");
  for (const auto type : {at::kHalf, at::kFloat}) {
    Autoencoder autoencoder(read_autoencoder_config(place));
    randomise(autoencoder, 2);
    move_to_device(autoencoder, type);
    const auto latent = at::randn({10, 84, 15, 30}).to(device(), type);
    Grid grid;
    grid.latitude.resize(120);
    grid.longitude.resize(240);
    measure("decode of 10 frames", type == at::kFloat ? "fp32" : "fp16",
            sum(autoencoder_memory(place, grid, 10)), [&] { decode(autoencoder, latent); });
  }
}

}  // namespace
}  // namespace ladcast::test
