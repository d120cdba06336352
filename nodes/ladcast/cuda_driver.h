// What the NVIDIA driver says of itself and its devices, asked without LibTorch's CUDA part: where
// that does not load, the driver's answer tells why.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace ladcast {

struct CudaDevice {
  std::string name;         // "NVIDIA H100 80GB HBM3"
  std::uint64_t bytes = 0;  // of memory, in all
};

struct CudaDriver {
  std::string obstacle;             // why the driver does not answer; empty where it does
  int version = 0;                  // of CUDA, the newest that it knows: 13000 is 13.0
  std::vector<CudaDevice> devices;  // those visible to this process
};

/// Asked once. Thread-safe.
const CudaDriver& cuda_driver();

/// "13.0" of 13000.
std::string cuda_version(int version);

}  // namespace ladcast
