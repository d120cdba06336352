// Devices of lanes. The program links LibTorch's CPU part alone; its CUDA part, libtorch_cuda, is
// the module that a lane with a CUDA device loads. It must be loaded before the first question
// about CUDA: LibTorch caches its CUDA hooks at that moment and never looks again.

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>
#include <dlfcn.h>
#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <string>

#include "graph/error.h"
#include "graph/lane.h"

namespace ladcast {
namespace {

bool has_driver() { return std::filesystem::exists("/dev/nvidiactl"); }

/// Why no CUDA device can be used; empty if one can.
std::string load_cuda() {
  if (!has_driver()) return "no NVIDIA driver is loaded";
  if (!dlopen("libtorch_cuda.so", RTLD_NOW | RTLD_GLOBAL))
    return fmt::format(
        "LibTorch's CUDA part does not load ({}); './bootstrap --cuda' installs what it needs",
        dlerror());
  if (!at::hasCUDA()) return "LibTorch finds no CUDA device; the driver may be too old for CUDA 13";
  return "";
}

std::string resolve(const std::string& device) {
  at::set_num_threads(1);
  if (device == "cpu") return device;
  static const std::string obstacle = load_cuda();
  if (device != "auto") {
    if (!obstacle.empty()) fail("the lane asks for {}: {}", device, obstacle);
    const int index = std::stoi(device.substr(device.find(':') + 1));
    const int count = static_cast<int>(at::detail::getCUDAHooks().deviceCount());
    if (index >= count)
      fail("the lane asks for {}, but this machine has {} CUDA device{}", device, count,
           count == 1 ? "" : "s");
    return device;
  }
  if (obstacle.empty()) return "cuda:0";
  if (has_driver()) fmt::print(stderr, "computing on the CPU: {}\n", obstacle);
  return "cpu";
}

/// Members in parallel beat operators in parallel, and with one thread bytes do not depend on
/// LibTorch's thread count. On a GPU the networks compute in float32 proper, with algorithms that
/// do not vary.
std::shared_ptr<void> enter(const std::string& device) {
  at::set_num_threads(1);
  if (device != "cpu") {
    at::globalContext().setAllowTF32CuDNN(false);
    at::globalContext().setBenchmarkCuDNN(false);
  }
  return std::make_shared<c10::InferenceMode>();
}

const bool kRegistered = [] {
  set_device_support({resolve, enter});
  return true;
}();

}  // namespace
}  // namespace ladcast
