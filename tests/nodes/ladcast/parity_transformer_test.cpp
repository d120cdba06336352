// The latent model against the reference: folders dit and dit_real_grid.
#include <ATen/ATen.h>
#include <doctest/doctest.h>

#include "nodes/ladcast/transformer.h"
#include "tests/nodes/ladcast/fixtures.h"

namespace ladcast::test {
namespace {

at::Tensor forecast(const Forecaster& forecaster, const at::Tensor& noisy,
                    const at::Tensor& condition, const at::Tensor& c_noise,
                    const std::optional<at::Tensor>& timestamps, const ModuleTrace& trace = {}) {
  const auto context = begin_forecast(forecaster, condition, timestamps, noisy.size(2), trace);
  const auto level = at_noise_level(forecaster, context, c_noise, trace);
  return evaluate(forecaster, context, level, noisy, trace);
}

TEST_CASE("dit: outputs and all activations are those of the reference") {
  if (!begin_parity("dit", {"config.json", "diffusion_pytorch_model.safetensors", "io.safetensors",
                            "activations.safetensors"}))
    return;
  const auto folder = parity_folder() / "dit";
  auto forecaster = load_forecaster(folder, at::kCPU, at::kFloat);
  forecaster.pack();
  Recording io(folder / "io.safetensors");
  const auto& noisy = io.input("noisy");
  const auto& condition = io.input("condition");
  const auto& c_noise = io.input("c_noise");
  const auto& timestamps = io.input("timestamps");
  const auto output = forecast(forecaster, noisy, condition, c_noise, timestamps);
  io.compare("output", output, 3e-6);
  io.compare("output_fp64", output, 3e-6);
  io.compare(
      "output_shared_scalars",
      forecast(forecaster, noisy, condition, c_noise.narrow(0, 0, 1), timestamps.narrow(0, 0, 1)),
      3e-6);
  io.compare("output_no_timestamp", forecast(forecaster, noisy, condition, c_noise, std::nullopt),
             3e-6);
  io.compare("output_2frames",
             forecast(forecaster, noisy, io.input("condition_2frames"), c_noise, timestamps), 3e-6);

  ModuleTrace::Record record;
  forecast(forecaster, noisy, condition, c_noise, timestamps, ModuleTrace(record));
  Recording activations(folder / "activations.safetensors");
  for (const auto& [name, recorded] : activations.all()) {
    INFO(name);
    REQUIRE(record.contains(name));
    const auto& ours = record[name];
    // Token tensors were recorded for the first batch item alone.
    activations.compare(name, ours.dim() == 3 ? ours.narrow(0, 0, recorded.size(0)) : ours, 7e-6);
  }
}

TEST_CASE("dit: a condition shared by the members gives what a copy for each member gives") {
  if (!begin_parity("dit",
                    {"config.json", "diffusion_pytorch_model.safetensors", "io.safetensors"}))
    return;
  const auto folder = parity_folder() / "dit";
  auto forecaster = load_forecaster(folder, at::kCPU, at::kFloat);
  forecaster.pack();
  const auto io = read_safetensors(folder / "io.safetensors");
  const auto one = io.at("condition").narrow(0, 0, 1);
  const auto level = io.at("c_noise").narrow(0, 0, 1);
  const auto time = io.at("timestamps").narrow(0, 0, 1);
  const auto shared = forecast(forecaster, io.at("noisy"), one, level, time);
  const auto copied = forecast(forecaster, io.at("noisy"), at::cat({one, one}), level, time);
  CHECK(relative_error(shared, copied) < 3e-6);
}

TEST_CASE("dit: in float64 the network is the reference's in double precision") {
  if (!begin_parity("dit",
                    {"config.json", "diffusion_pytorch_model.safetensors", "io.safetensors"}))
    return;
  const auto folder = parity_folder() / "dit";
  const auto forecaster = load_forecaster(folder, at::kCPU, at::kDouble);
  const auto io = read_safetensors(folder / "io.safetensors");
  const auto wide = [&](const char* name) { return io.at(name).to(at::kDouble); };
  const auto output =
      forecast(forecaster, wide("noisy"), wide("condition"), wide("c_noise"), io.at("timestamps"));
  // The recorded one has float32 coordinates in its rotary tables.
  CHECK(relative_error(output, io.at("output_fp64")) < 3e-6);
}

TEST_CASE("dit_real_grid: the published grid and head width give the reference's numbers") {
  if (!begin_parity("dit_real_grid",
                    {"config.json", "diffusion_pytorch_model.safetensors", "io.safetensors"}))
    return;
  const auto folder = parity_folder() / "dit_real_grid";
  auto forecaster = load_forecaster(folder, at::kCPU, at::kFloat);
  forecaster.pack();
  Recording io(folder / "io.safetensors");
  ModuleTrace::Record record;
  const auto& noisy = io.input("noisy");
  const auto& condition = io.input("condition");
  const auto& c_noise = io.input("c_noise");
  const auto& timestamps = io.input("timestamps");
  forecast(forecaster, noisy, condition, c_noise, timestamps, ModuleTrace(record));
  io.compare("output", forecast(forecaster, noisy, condition, c_noise, timestamps), 5e-6);
  for (const auto& [name, recorded] : io.all()) {
    const auto thinned = [&](const std::string& prefix, std::int64_t stride, std::int64_t axis) {
      const auto module = name.substr(prefix.size());
      INFO(name);
      REQUIRE(record.contains(module));
      io.compare(name, record[module].slice(axis, 0, std::nullopt, stride), 7e-6);
    };
    if (name.starts_with("every73rd.")) thinned("every73rd.", 73, 1);
    if (name == "temb") thinned("", 1, 0);
    for (const std::string table : {"rope", "cond_rope"}) {
      const auto even = [&](const char* output) {
        return record[table + output].slice(0, 0, std::nullopt, 7).slice(1, 0, std::nullopt, 2);
      };
      if (name == "every7th." + table + ".cos_even") io.compare(name, even(".out0"), 7e-6);
      if (name == "every7th." + table + ".sin_even") io.compare(name, even(".out1"), 7e-6);
    }
  }
}

}  // namespace
}  // namespace ladcast::test
