// Devices of lanes. The program links LibTorch's CPU part alone; its CUDA part, libtorch_cuda, is
// the module that a lane with a CUDA device loads. It must be loaded before the first question
// about CUDA: LibTorch caches its CUDA hooks at that moment and never looks again.

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <c10/core/InferenceMode.h>
#include <dlfcn.h>
#include <fmt/format.h>
#include <torch/headeronly/version.h>

#include <cstdio>
#include <filesystem>
#include <string>

#include "graph/error.h"
#include "graph/lane.h"
#include "graph/text.h"
#include "nodes/ladcast/cpu_products.h"
#include "nodes/ladcast/cuda_driver.h"

namespace ladcast {
namespace {

bool cuda_in_use = false;  // by any run so far; set before lanes start

constexpr int kOldestCuda = 13000;  // that LibTorch is built for

bool has_driver() { return std::filesystem::exists("/dev/nvidiactl"); }

/// Why no CUDA device can be used; empty if one can.
std::string load_cuda() {
  if (!has_driver())
    return "no NVIDIA driver is loaded (/dev/nvidiactl is not there): install one, or use the "
           "device cpu";
  const auto& driver = cuda_driver();
  if (!driver.obstacle.empty()) return driver.obstacle;
  if (driver.version < kOldestCuda)
    return fmt::format(
        "the NVIDIA driver knows CUDA {}, and LibTorch needs {}: install driver 580 "
        "or newer",
        cuda_version(driver.version), cuda_version(kOldestCuda));
  if (driver.devices.empty())
    return "the NVIDIA driver shows no device; is CUDA_VISIBLE_DEVICES set to none?";
  if (!dlopen("libtorch_cuda.so", RTLD_NOW | RTLD_GLOBAL))
    return fmt::format(
        "LibTorch's CUDA part does not load ({}); './bootstrap --cuda' installs what it needs",
        dlerror());
  if (!at::hasCUDA()) return "LibTorch finds no CUDA device, though the driver shows some";
  if (!at::detail::getCUDAHooks().hasCuDNN()) return "LibTorch was built without cuDNN";
  return "";
}

/// 1 of "cuda:1".
std::size_t index_of(const std::string& device) {
  return std::stoul(device.substr(device.find(':') + 1));
}

std::string resolve(const std::string& device) {
  at::set_num_threads(1);
  if (device == "cpu") return device;
  static const std::string obstacle = load_cuda();
  if (device != "auto") {
    if (!obstacle.empty()) fail("the lane asks for {}: {}", device, obstacle);
    const auto count = cuda_driver().devices.size();
    if (index_of(device) >= count)
      fail("the lane asks for {}, but this machine has {} CUDA device{}", device, count,
           count == 1 ? "" : "s");
    cuda_in_use = true;
    return device;
  }
  if (obstacle.empty()) {
    cuda_in_use = true;
    return "cuda:0";
  }
  if (has_driver()) fmt::print(stderr, "computing on the CPU: {}\n", obstacle);
  return "cpu";
}

std::string describe(const std::string& device) {
  if (device == "cpu")
    return at::get_cpu_capability() + (multiplies_bf16() ? ", fastest with precision = \"bf16\""
                                                         : ", fastest with precision = \"fp32\"");
  const auto& driver = cuda_driver();
  const auto& shown = driver.devices.at(index_of(device));
  const long cudnn = at::detail::getCUDAHooks().versionCuDNN();
  return fmt::format("{}, {}; driver for CUDA {}, LibTorch {}, cuDNN {}.{}.{}", shown.name,
                     format_bytes(shown.bytes), cuda_version(driver.version), TORCH_VERSION,
                     cudnn / 10000, cudnn / 100 % 100, cudnn % 100);
}

std::uint64_t memory(const std::string& device) {
  return device == "cpu" ? machine_memory() : cuda_driver().devices.at(index_of(device)).bytes;
}

/// LibTorch's flags hold for the process. The CPU computes in one way, and they would change it.
void set_mode(bool fast) {
  if (!cuda_in_use) return;
  auto& context = at::globalContext();
  context.setAllowTF32CuDNN(fast);
  context.setAllowTF32CuBLAS(fast);
  context.setBenchmarkCuDNN(fast);
  context.setDeterministicCuDNN(!fast);
}

std::string describe_mode(const std::string& device, bool fast) {
  if (device == "cpu") return "";
  return fast ? "fast mode (float32 products in TF32, cuDNN's fastest algorithms)"
              : "reproducible mode (TF32 off, cuDNN's deterministic algorithms)";
}

/// Members in parallel beat operators in parallel, and with one thread bytes do not depend on
/// LibTorch's thread count.
std::shared_ptr<void> enter(const std::string&) {
  at::set_num_threads(1);
  return std::make_shared<c10::InferenceMode>();
}

const bool kRegistered = [] {
  set_device_support({resolve, describe, memory, set_mode, describe_mode, enter});
  return true;
}();

}  // namespace
}  // namespace ladcast
