// What LibTorch needs on the threads of a lane: one thread for each worker (members in parallel beat
// operators in parallel, and bytes do not depend on LibTorch's thread count), no gradients, and the device.

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>

#include "graph/error.h"
#include "graph/lane.h"

namespace ladcast {
namespace {

std::string resolve(const std::string& device) {
  at::set_num_threads(1);
  if (device == "auto") return at::hasCUDA() ? "cuda:0" : "cpu";
  if (device.starts_with("cuda") && !at::hasCUDA())
    fail("the lane asks for {}, but no CUDA device can be used; write device = \"cpu\" or \"auto\"", device);
  return device;
}

std::shared_ptr<void> enter(const std::string&) {
  at::set_num_threads(1);
  return std::make_shared<c10::InferenceMode>();
}

const bool kRegistered = [] {
  set_device_support({resolve, enter});
  return true;
}();

}  // namespace
}  // namespace ladcast
