#include "nodes/ladcast/cuda_driver.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include <array>

namespace ladcast {
namespace {

// CUDA Driver API 13, sections 6.2 (initialisation), 6.3 (version) and 6.4 (devices): this part of
// the ABI is the same in all versions. A result of 0 is success.
class Library {
 public:
  Library() : handle_(dlopen("libcuda.so.1", RTLD_NOW | RTLD_LOCAL)) {
    if (!handle_) why_ = dlerror();
  }

  explicit operator bool() const { return handle_ != nullptr; }
  const std::string& why() const { return why_; }

  /// Calls a function of the driver. One that is not there fails as any other.
  template <class... Arguments>
  int call(const char* name, Arguments... arguments) const {
    constexpr int kNotFound = 500;  // CUDA_ERROR_NOT_FOUND
    const auto function = reinterpret_cast<int (*)(Arguments...)>(dlsym(handle_, name));
    return function ? function(arguments...) : kNotFound;
  }

 private:
  void* handle_;
  std::string why_;
};

CudaDriver ask() {
  CudaDriver driver;
  const Library library;
  if (!library) {
    driver.obstacle = fmt::format("the NVIDIA driver's library does not load ({})", library.why());
    return driver;
  }
  library.call("cuDriverGetVersion", &driver.version);
  constexpr int kNoDevice = 100;  // CUDA_ERROR_NO_DEVICE
  if (const int error = library.call("cuInit", 0U); error != 0 && error != kNoDevice) {
    driver.obstacle =
        fmt::format("the NVIDIA driver does not start (CUDA error {}); does nvidia-smi?", error);
    return driver;
  }
  int count = 0;
  library.call("cuDeviceGetCount", &count);
  for (int i = 0; i < count; ++i) {
    int device = 0;
    std::array<char, 256> name{};
    std::size_t bytes = 0;
    library.call("cuDeviceGet", &device, i);
    library.call("cuDeviceGetName", name.data(), static_cast<int>(name.size()), device);
    library.call("cuDeviceTotalMem_v2", &bytes, device);
    driver.devices.push_back({name.data(), bytes});
  }
  return driver;
}

}  // namespace

const CudaDriver& cuda_driver() {
  static const CudaDriver driver = ask();
  return driver;
}

std::string cuda_version(int version) {
  return fmt::format("{}.{}", version / 1000, version % 1000 / 10);
}

}  // namespace ladcast
