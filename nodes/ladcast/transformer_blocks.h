// The blocks of the latent model: token refiner, dual-stream and single-stream blocks
// (after HunyuanVideo, arXiv 2412.03603). Tokens are [B, N, D]; modulation vectors [1 or B, 1, D].
//
// The vectors depend on the noise level and the condition, not on the latent, so each block has two
// functions: modulate(), once for each noise level, and the call itself.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "nodes/ladcast/config.h"
#include "nodes/ladcast/layers.h"
#include "nodes/ladcast/module_trace.h"
#include "nodes/ladcast/rotary.h"
#include "nodes/ladcast/weights.h"

namespace ladcast {

/// Queries, keys and values, each [B, N, heads, head_dim]; queries and keys normed and turned.
struct Heads {
  at::Tensor query, key, value;
};

/// softmax(Q K^T / sqrt(head_dim)) V: [B, N, heads * head_dim].
at::Tensor attend(const Heads& heads);

/// The projections of one stream of tokens to heads, with the norms of queries and keys.
struct HeadProjection {
  Linear query, key, value;
  at::Tensor norm_query, norm_key;  // [head_dim]

  void describe(const Scope& scope, const ForecasterConfig& config);  // names of the main stream
  void describe_added(const Scope& scope,
                      const ForecasterConfig& config);  // names of the condition's
  void prepare();
  /// `alone`: also the weights of keys_and_values().
  void pack(bool alone = false);

  Heads operator()(const at::Tensor& tokens, const RotaryTable* table) const;
  /// Without queries.
  Heads keys_and_values(const at::Tensor& tokens, const RotaryTable* table) const;

 private:
  Heads split(const at::Tensor& projected, std::int64_t parts, const RotaryTable* table) const;
  Linear all_;              // query, key, value
  Linear keys_and_values_;  // a part of it
};

/// D -> mlp width -> D.
struct FeedForward {
  Linear in, out;

  void describe(const Scope& scope, std::int64_t width, std::int64_t inner);
  void pack();
  at::Tensor with_gelu(const at::Tensor& x) const;  // tanh form
  at::Tensor with_silu(const at::Tensor& x) const;
};

/// The vectors of one AdaLN layer: Linear(silu(time embedding)) cut into `count` parts.
std::vector<at::Tensor> modulation_vectors(const Linear& linear, const at::Tensor& silu_embedding,
                                           std::int64_t count);

struct RefinerBlock {
  struct AffineNorm {
    at::Tensor weight, bias;
    void describe(const Scope& scope, std::int64_t width);
    at::Tensor operator()(const at::Tensor& x) const;
  };
  AffineNorm norm1, norm2;
  HeadProjection attention;
  FeedForward feed_forward;
  Linear gates;

  void describe(const Scope& scope, const ForecasterConfig& config);
  void pack();
  at::Tensor operator()(const at::Tensor& tokens, const at::Tensor& silu_embedding,
                        const RotaryTable& table, const ModuleTrace& trace) const;
};

/// Latent and condition tokens with weights of their own and one attention over both. Only the
/// latent's queries and keys are turned.
struct DualBlock {
  struct Stream {
    Linear modulation, attention_out;
    HeadProjection heads;
    FeedForward feed_forward;

    void pack();
  };
  struct Vectors {
    at::Tensor attention_shift, attention_scale, attention_gate;  // scales are 1 + the network's
    at::Tensor mlp_shift, mlp_scale, mlp_gate;
  };
  struct Modulation {
    Vectors latent, condition;
  };
  Stream latent, condition;

  void describe(const Scope& scope, const ForecasterConfig& config);
  Modulation modulate(const at::Tensor& silu_embedding) const;
  void operator()(at::Tensor& latent_tokens, at::Tensor& condition_tokens,
                  const Modulation& vectors, const RotaryTable& table,
                  const ModuleTrace& trace) const;
};

/// Latent tokens and, after them, condition tokens as one sequence.
struct SingleBlock {
  struct Modulation {
    at::Tensor shift, scale, gate;  // scale is 1 + the network's
  };
  Linear modulation, mlp_in, out;  // out reads attention and MLP side by side
  HeadProjection heads;

  void describe(const Scope& scope, const ForecasterConfig& config);
  void prepare();
  /// `last`: for latent_only().
  void pack(bool last);
  Modulation modulate(const at::Tensor& silu_embedding) const;
  at::Tensor operator()(const at::Tensor& tokens, const Modulation& vectors,
                        const RotaryTable& table, std::int64_t latent_tokens,
                        const ModuleTrace& trace) const;
  /// The latent tokens alone: nothing is computed that only the condition's tokens would need.
  at::Tensor latent_only(const at::Tensor& tokens, const Modulation& vectors,
                         const RotaryTable& table, std::int64_t latent_tokens) const;

 private:
  at::Tensor project(const at::Tensor& tokens, const at::Tensor& normed, const at::Tensor& attended,
                     const Modulation& vectors) const;

  Linear from_attention_, from_mlp_;  // the two parts of `out`
};

}  // namespace ladcast
