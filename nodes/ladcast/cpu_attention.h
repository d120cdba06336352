// Attention on the CPU in bfloat16, where LibTorch's own reaches a third of the rate of products.
#pragma once

#include <ATen/core/Tensor.h>

namespace ladcast {

/// Whether cpu_attention() applies: bfloat16 on a CPU that multiplies it, an even head_dim, no
/// gradient wanted.
bool has_cpu_attention(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value);

/// softmax(Q K^T / sqrt(head_dim)) V for [B, N, heads, head_dim], the last axis contiguous: Q of
/// the queries' N, K and V of the keys'. Returns [B, N, heads * head_dim]. Two bfloat16 products
/// with float32 sums, and between them the softmax in float32, for a block of queries and all keys.
at::Tensor cpu_attention(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value);

}  // namespace ladcast
