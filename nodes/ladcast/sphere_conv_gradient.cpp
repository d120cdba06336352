#include "nodes/ladcast/sphere_conv_gradient.h"

#include <ATen/ATen.h>
#include <torch/csrc/autograd/custom_function.h>

#include "nodes/ladcast/sphere_conv.h"

namespace ladcast {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::tensor_list;

/// Adds the gradient of rows beyond a pole to that of the rows they are copies of.
void add_across_pole(const at::Tensor& rows, const at::Tensor& beyond, std::int64_t pad) {
  const auto width = rows.size(3);
  const auto half = width / 2;
  // Of the padded columns the first half comes from the second half of a row, and the other way.
  auto back = at::zeros_like(rows);
  back.narrow(3, half - pad, half + pad).add_(beyond.narrow(3, 0, half + pad));
  back.narrow(3, 0, half + pad).add_(beyond.narrow(3, half + pad, half + pad));
  rows.add_(back.flip(2));
}

/// The gradient of x from that of sphere_pad(x, pad).
at::Tensor unpad(const at::Tensor& padded, std::int64_t pad) {
  const auto height = padded.size(2) - 2 * pad;
  const auto width = padded.size(3) - 2 * pad;
  const auto middle = padded.narrow(2, pad, height);
  auto gradient = middle.narrow(3, pad, width).contiguous(padded.suggest_memory_format());
  gradient.narrow(3, width - pad, pad).add_(middle.narrow(3, 0, pad));
  gradient.narrow(3, 0, pad).add_(middle.narrow(3, pad + width, pad));
  add_across_pole(gradient.narrow(2, 0, pad), padded.narrow(2, 0, pad), pad);
  add_across_pole(gradient.narrow(2, height - pad, pad), padded.narrow(2, pad + height, pad), pad);
  return gradient;
}

/// The kernels' rows of the padded map from which the first and the last output row come.
at::Tensor edges_of(const at::Tensor& padded, std::int64_t kernel) {
  return at::cat({padded.narrow(2, 0, kernel), padded.narrow(2, padded.size(2) - kernel, kernel)},
                 1);
}

struct SphereConvFunction : torch::autograd::Function<SphereConvFunction> {
  using Bias = std::optional<at::Tensor>;

  static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const at::Tensor& weight,
                            const Bias& given_bias, const at::Tensor& pole_weight,
                            const Bias& given_pole_bias, std::int64_t groups) {
    const auto bias = given_bias.value_or(at::Tensor());
    const auto pole_bias = given_pole_bias.value_or(at::Tensor());
    const auto kernel = weight.size(2);
    const auto height = x.size(2);
    const auto padded = sphere_pad(x, kernel / 2);
    const auto inner = group_conv(padded.narrow(2, 1, padded.size(2) - 2), weight, bias, groups);
    const auto rows =
        group_conv(edges_of(padded, kernel), pole_weight, pole_bias, 2 * groups).chunk(2, 1);
    auto y = at::empty({x.size(0), weight.size(0), height, x.size(3)}, inner.options(),
                       inner.suggest_memory_format());
    y.narrow(2, 0, 1).copy_(rows[0]);
    y.narrow(2, 1, height - 2).copy_(inner);
    y.narrow(2, height - 1, 1).copy_(rows[1]);
    context->save_for_backward({padded, weight, pole_weight});
    context->saved_data["groups"] = groups;
    context->saved_data["bias"] = bias.defined();
    return y;
  }

  static tensor_list backward(AutogradContext* context, const tensor_list& gradients) {
    const auto saved = context->get_saved_variables();
    const at::Tensor &padded = saved[0], &weight = saved[1], &pole_weight = saved[2];
    const auto groups = context->saved_data["groups"].toInt();
    const bool with_bias = context->saved_data["bias"].toBool();
    const at::Tensor& y = gradients[0];
    const auto kernel = weight.size(2);
    const auto height = y.size(2);

    const auto backward = [&](const at::Tensor& of, const at::Tensor& input,
                              const at::Tensor& weights, std::int64_t in_groups) {
      const std::int64_t one[] = {1, 1}, none[] = {0, 0};
      return at::convolution_backward(of, input, weights,
                                      with_bias
                                          ? at::OptionalIntArrayRef(weights.sizes().slice(0, 1))
                                          : at::OptionalIntArrayRef(),
                                      one, none, one, /*transposed=*/false, none, in_groups,
                                      {true, weights.requires_grad(), with_bias});
    };
    const auto [inner, by_weight, by_bias] = backward(
        y.narrow(2, 1, height - 2), padded.narrow(2, 1, padded.size(2) - 2), weight, groups);
    const auto [edges, by_pole_weight, by_pole_bias] =
        backward(at::cat({y.narrow(2, 0, 1), y.narrow(2, height - 1, 1)}, 1),
                 edges_of(padded, kernel), pole_weight, 2 * groups);
    auto by_padded = at::empty(padded.sizes(), inner.options(), padded.suggest_memory_format());
    by_padded.narrow(2, 0, 1).zero_();
    by_padded.narrow(2, padded.size(2) - 1, 1).zero_();
    by_padded.narrow(2, 1, padded.size(2) - 2).copy_(inner);
    const auto parts = edges.chunk(2, 1);
    by_padded.narrow(2, 0, kernel).add_(parts[0]);
    by_padded.narrow(2, padded.size(2) - kernel, kernel).add_(parts[1]);
    return {unpad(by_padded, kernel / 2), by_weight, by_bias, by_pole_weight, by_pole_bias, {}};
  }
};

}  // namespace

at::Tensor differentiable_sphere_conv(const at::Tensor& x, const at::Tensor& weight,
                                      const at::Tensor& bias, const at::Tensor& pole_weight,
                                      const at::Tensor& pole_bias, std::int64_t groups) {
  const auto given = [](const at::Tensor& tensor) {
    return tensor.defined() ? std::optional(tensor) : std::nullopt;
  };
  return SphereConvFunction::apply(x, weight, given(bias), pole_weight, given(pole_bias), groups);
}

}  // namespace ladcast
