#include "nodes/ladcast/recompute.h"

#include <ATen/ATen.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/custom_function.h>

namespace ladcast {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::tensor_list;

struct KeptBlock : torch::CustomClassHolder {
  explicit KeptBlock(BlockFunction function) : block(std::move(function)) {}
  BlockFunction block;
};

struct Recomputed : torch::autograd::Function<Recomputed> {
  static tensor_list forward(AutogradContext* context, at::TensorList inputs,
                             const c10::intrusive_ptr<KeptBlock>& kept) {
    context->save_for_backward(inputs.vec());
    context->saved_data["block"] = c10::IValue::make_capsule(kept);
    return kept->block(inputs.vec());
  }

  static tensor_list backward(AutogradContext* context, const tensor_list& gradients) {
    Tensors inputs;
    for (const auto& saved : context->get_saved_variables())
      inputs.push_back(saved.detach().requires_grad_(saved.requires_grad()));
    const auto kept =
        c10::static_intrusive_pointer_cast<KeptBlock>(context->saved_data["block"].toCapsule());
    Tensors outputs, wanted;
    {
      const at::AutoGradMode with_gradients(true);
      const auto all = kept->block(inputs);
      for (std::size_t i = 0; i < all.size(); ++i)
        if (gradients[i].defined()) {
          outputs.push_back(all[i]);
          wanted.push_back(gradients[i]);
        }
    }
    torch::autograd::backward(outputs, wanted);
    tensor_list result;
    for (const auto& input : inputs) result.push_back(input.grad());
    result.emplace_back();  // of the block
    return result;
  }
};

}  // namespace

Tensors recomputed(const Tensors& inputs, BlockFunction block) {
  return Recomputed::apply(at::TensorList(inputs),
                           c10::make_intrusive<KeptBlock>(std::move(block)));
}

}  // namespace ladcast
