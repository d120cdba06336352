#include "nodes/ladcast/cpu_products.h"

#include <ATen/ATen.h>
#include <ATen/core/List.h>
#include <ATen/core/dispatch/Dispatcher.h>

#include <array>

namespace ladcast {
namespace {

// LibTorch has these operators without a C++ function of their own.
using Pack = at::Tensor(const at::Tensor&, std::optional<std::int64_t>);
using Product = at::Tensor(const at::Tensor&, const at::Tensor&, const std::optional<at::Tensor>&,
                           c10::string_view, c10::List<std::optional<at::Scalar>>,
                           std::optional<c10::string_view>);
using PackKernel = at::Tensor(const at::Tensor&, at::IntArrayRef, at::IntArrayRef, at::IntArrayRef,
                              std::int64_t, at::OptionalIntArrayRef);
using Convolution = at::Tensor(const at::Tensor&, const at::Tensor&,
                               const std::optional<at::Tensor>&, at::IntArrayRef, at::IntArrayRef,
                               at::IntArrayRef, std::int64_t, c10::string_view,
                               c10::List<std::optional<at::Scalar>>,
                               std::optional<c10::string_view>);
using Sum = at::Tensor(const at::Tensor&, const at::Tensor&, const at::Tensor&,
                       const std::optional<at::Tensor>&, c10::string_view);

template <class Signature>
c10::TypedOperatorHandle<Signature> operation(const char* name, const char* overload = "") {
  return c10::Dispatcher::singleton().findSchemaOrThrow(name, overload).typed<Signature>();
}

std::optional<at::Tensor> given(const at::Tensor& x) {
  return x.defined() ? std::optional(x) : std::nullopt;
}

bool packs(const at::Tensor& weight) {
  const auto type = weight.scalar_type();
  return weight.is_cpu() && at::hasMKLDNN() &&
         (type == at::kFloat || (type == at::kBFloat16 && multiplies_bf16()));
}

constexpr std::array<std::int64_t, 2> kOne{1, 1}, kNone{0, 0};

}  // namespace

bool multiplies_bf16() {
#if defined(__x86_64__)
  static const bool can = __builtin_cpu_supports("avx512bf16");
  return can;
#else
  return false;
#endif
}

at::Tensor pack_weight(const at::Tensor& weight) {
  if (!packs(weight)) return {};
  static const auto pack = operation<Pack>("mkldnn::_reorder_linear_weight");
  return pack.call(weight.contiguous(), std::nullopt);
}

at::Tensor pack_kernel(const at::Tensor& kernel, std::int64_t rows, std::int64_t columns) {
  if (!packs(kernel)) return {};
  static const auto pack = operation<PackKernel>("mkldnn::_reorder_convolution_weight");
  const std::array<std::int64_t, 4> maps{1, kernel.size(1), rows, columns};
  return pack.call(kernel.contiguous(), kNone, kOne, kOne, 1, at::OptionalIntArrayRef(maps));
}

at::Tensor cpu_linear(const at::Tensor& x, const at::Tensor& packed, const at::Tensor& bias,
                      Activation activation) {
  static const auto product = operation<Product>("mkldnn::_linear_pointwise");
  const bool gelu = activation == Activation::gelu;
  return product.call(x, packed, given(bias), gelu ? "gelu" : "none",
                      c10::List<std::optional<at::Scalar>>(),
                      gelu ? std::optional<c10::string_view>("tanh") : std::nullopt);
}

at::Tensor cpu_linear_plus(const at::Tensor& x, const at::Tensor& packed, const at::Tensor& added) {
  static const auto sum = operation<Sum>("mkldnn::_linear_pointwise", "binary");
  return sum.call(x, added, packed, std::nullopt, "add");
}

at::Tensor cpu_convolution(const at::Tensor& x, const at::Tensor& packed, const at::Tensor& bias) {
  static const auto convolution = operation<Convolution>("mkldnn::_convolution_pointwise");
  return convolution.call(x, packed, given(bias), kNone, kOne, kOne, 1, "none",
                          c10::List<std::optional<at::Scalar>>(), std::nullopt);
}

}  // namespace ladcast
