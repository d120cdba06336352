# LibTorch as plain include folders and libraries.
#
# The TorchConfig.cmake of a CUDA wheel demands a CUDA toolkit even for a CPU program; this module
# does not. LADCAST_LIBTORCH (CMake or environment) names the folder that holds include/ and lib/.
# Targets: LibTorch::cpu, and LibTorch::cuda where libtorch_cuda is there.

if(NOT LADCAST_LIBTORCH AND DEFINED ENV{LADCAST_LIBTORCH})
  set(LADCAST_LIBTORCH "$ENV{LADCAST_LIBTORCH}")
endif()
set(LADCAST_LIBTORCH "${LADCAST_LIBTORCH}" CACHE PATH "Folder of LibTorch: holds include/ and lib/")

find_path(LibTorch_INCLUDE ATen/core/Tensor.h
          HINTS "${LADCAST_LIBTORCH}/include" NO_DEFAULT_PATH)
find_library(LibTorch_CPU torch_cpu HINTS "${LADCAST_LIBTORCH}/lib" NO_DEFAULT_PATH)
find_library(LibTorch_C10 c10 HINTS "${LADCAST_LIBTORCH}/lib" NO_DEFAULT_PATH)
find_library(LibTorch_CUDA torch_cuda HINTS "${LADCAST_LIBTORCH}/lib" NO_DEFAULT_PATH)
find_library(LibTorch_C10_CUDA c10_cuda HINTS "${LADCAST_LIBTORCH}/lib" NO_DEFAULT_PATH)

if(LibTorch_INCLUDE)
  file(READ "${LibTorch_INCLUDE}/torch/headeronly/version.h" text)
  string(REGEX MATCH "TORCH_VERSION[^A-Z]+\"([0-9.]+)\"" ignored "${text}")
  set(LibTorch_VERSION "${CMAKE_MATCH_1}")
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(LibTorch
  REQUIRED_VARS LibTorch_CPU LibTorch_C10 LibTorch_INCLUDE
  VERSION_VAR LibTorch_VERSION
  REASON_FAILURE_MESSAGE "set LADCAST_LIBTORCH to a LibTorch 2.11 folder, or use ./bootstrap, which gets one")

if(LibTorch_FOUND AND NOT TARGET LibTorch::cpu)
  add_library(LibTorch::cpu INTERFACE IMPORTED)
  # -idirafter: the wheel carries its own fmt, which must not shadow the system's.
  target_compile_options(LibTorch::cpu INTERFACE
    "SHELL:-idirafter ${LibTorch_INCLUDE}"
    "SHELL:-idirafter ${LibTorch_INCLUDE}/torch/csrc/api/include")
  target_link_libraries(LibTorch::cpu INTERFACE "${LibTorch_CPU}" "${LibTorch_C10}")
endif()
if(LibTorch_FOUND AND LibTorch_CUDA AND NOT TARGET LibTorch::cuda)
  add_library(LibTorch::cuda INTERFACE IMPORTED)
  target_link_libraries(LibTorch::cuda INTERFACE LibTorch::cpu "${LibTorch_CUDA}" "${LibTorch_C10_CUDA}")
endif()
