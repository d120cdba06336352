#include "nodes/ladcast/transformer_blocks.h"

#include <ATen/ATen.h>

#include "nodes/ladcast/cpu_attention.h"

namespace ladcast {
namespace {

constexpr double kAdaEps = 1e-6;   // first norm of dual and single blocks
constexpr double kNormEps = 1e-7;  // second norm of dual blocks, norms of the refiner
constexpr double kHeadEps = 1e-7;  // norms of queries and keys

constexpr std::int64_t kRefinerMlpRatio = 4;  // whatever the configuration says

at::Tensor gated(const at::Tensor& x, const at::Tensor& gate, const at::Tensor& y) {
  return at::addcmul(x, gate, y);
}

Heads joined(const Heads& first, const Heads& second) {
  return {at::cat({first.query, second.query}, 1), at::cat({first.key, second.key}, 1),
          at::cat({first.value, second.value}, 1)};
}

}  // namespace

at::Tensor attend(const Heads& heads) {
  if (has_cpu_attention(heads.query, heads.key, heads.value))
    return cpu_attention(heads.query, heads.key, heads.value);
  return at::scaled_dot_product_attention(heads.query.transpose(1, 2), heads.key.transpose(1, 2),
                                          heads.value.transpose(1, 2))
      .transpose(1, 2)
      .flatten(2);
}

void HeadProjection::describe(const Scope& scope, const ForecasterConfig& config) {
  scope.in("norm_q").tensor("weight", {config.head_dim}, norm_query);
  scope.in("norm_k").tensor("weight", {config.head_dim}, norm_key);
  query.describe(scope.in("to_q"), config.width(), config.width());
  key.describe(scope.in("to_k"), config.width(), config.width());
  value.describe(scope.in("to_v"), config.width(), config.width());
}

void HeadProjection::describe_added(const Scope& scope, const ForecasterConfig& config) {
  scope.in("norm_added_q").tensor("weight", {config.head_dim}, norm_query);
  scope.in("norm_added_k").tensor("weight", {config.head_dim}, norm_key);
  query.describe(scope.in("add_q_proj"), config.width(), config.width());
  key.describe(scope.in("add_k_proj"), config.width(), config.width());
  value.describe(scope.in("add_v_proj"), config.width(), config.width());
}

void HeadProjection::prepare() {
  all_ = fuse({&query, &key, &value});
  const auto width = query.weight.size(0);
  keys_and_values_ = {all_.weight.narrow(0, width, 2 * width),
                      all_.bias.narrow(0, width, 2 * width)};
}

void HeadProjection::pack(bool alone) {
  if (alone) keys_and_values_.pack();
  all_.pack();
  if (!all_.packed.defined()) return;
  for (auto* part : {&query, &key, &value, &keys_and_values_}) drop_values(part->weight);
}

Heads HeadProjection::split(const at::Tensor& projected, std::int64_t parts,
                            const RotaryTable* table) const {
  const auto packed = projected.unflatten(2, {parts, -1, norm_key.size(0)});
  Heads heads;
  if (parts == 3) heads.query = norm_and_rotate(packed.select(2, 0), norm_query, kHeadEps, table);
  heads.key = norm_and_rotate(packed.select(2, parts - 2), norm_key, kHeadEps, table);
  heads.value = packed.select(2, parts - 1);
  return heads;
}

Heads HeadProjection::operator()(const at::Tensor& tokens, const RotaryTable* table) const {
  return split(all_(tokens), 3, table);
}

Heads HeadProjection::keys_and_values(const at::Tensor& tokens, const RotaryTable* table) const {
  return split(keys_and_values_(tokens), 2, table);
}

void FeedForward::describe(const Scope& scope, std::int64_t width, std::int64_t inner) {
  in.describe(scope.in("net.0.proj"), width, inner);
  out.describe(scope.in("net.2"), inner, width);
}

void FeedForward::pack() {
  in.pack();
  out.pack();
}

at::Tensor FeedForward::with_gelu(const at::Tensor& x) const {
  return out(in(x, Activation::gelu));
}
at::Tensor FeedForward::with_silu(const at::Tensor& x) const { return out(at::silu(in(x))); }

std::vector<at::Tensor> modulation_vectors(const Linear& linear, const at::Tensor& silu_embedding,
                                           std::int64_t count) {
  return linear(silu_embedding).unsqueeze(1).chunk(count, 2);
}

void RefinerBlock::AffineNorm::describe(const Scope& scope, std::int64_t width) {
  scope.tensor("weight", {width}, weight);
  scope.tensor("bias", {width}, bias);
}

at::Tensor RefinerBlock::AffineNorm::operator()(const at::Tensor& x) const {
  return at::layer_norm(x, {x.size(-1)}, weight, bias, kNormEps);
}

void RefinerBlock::describe(const Scope& scope, const ForecasterConfig& config) {
  const auto width = config.width();
  norm1.describe(scope.in("norm1"), width);
  attention.describe(scope.in("attn"), config);
  norm2.describe(scope.in("norm2"), width);
  feed_forward.describe(scope.in("ff"), width, kRefinerMlpRatio * width);
  gates.describe(scope.in("norm_out.linear"), width, 2 * width);
}

void RefinerBlock::pack() {
  attention.pack();
  feed_forward.pack();
}

at::Tensor RefinerBlock::operator()(const at::Tensor& tokens, const at::Tensor& silu_embedding,
                                    const RotaryTable& table, const ModuleTrace& trace) const {
  const auto gate = modulation_vectors(gates, silu_embedding, 2);
  const auto attended = attend(attention(norm1(tokens), &table));
  const auto x = gated(tokens, gate[0], attended);
  const auto fed = feed_forward.with_silu(norm2(x));
  trace("attn.out0", attended);
  trace("ff", fed);
  return gated(x, gate[1], fed);
}

void DualBlock::describe(const Scope& scope, const ForecasterConfig& config) {
  const auto width = config.width();
  latent.modulation.describe(scope.in("norm1.linear"), width, 6 * width);
  condition.modulation.describe(scope.in("norm1_context.linear"), width, 6 * width);
  latent.heads.describe(scope.in("attn"), config);
  condition.heads.describe_added(scope.in("attn"), config);
  latent.attention_out.describe(scope.in("attn.to_out.0"), width, width);
  condition.attention_out.describe(scope.in("attn.to_add_out"), width, width);
  latent.feed_forward.describe(scope.in("ff"), width, config.mlp_width());
  condition.feed_forward.describe(scope.in("ff_context"), width, config.mlp_width());
}

void DualBlock::Stream::pack() {
  heads.pack();
  attention_out.pack();
  feed_forward.pack();
}

DualBlock::Modulation DualBlock::modulate(const at::Tensor& silu_embedding) const {
  const auto vectors = [&](const Stream& stream) {
    const auto part = modulation_vectors(stream.modulation, silu_embedding, 6);
    return Vectors{part[0], part[1] + 1, part[2], part[3], part[4] + 1, part[5]};
  };
  return {vectors(latent), vectors(condition)};
}

void DualBlock::operator()(at::Tensor& latent_tokens, at::Tensor& condition_tokens,
                           const Modulation& vectors, const RotaryTable& table,
                           const ModuleTrace& trace) const {
  const auto enter = [&](const at::Tensor& tokens, const Vectors& v, const ModuleTrace& norm) {
    auto normed = modulated_layer_norm(tokens, v.attention_scale, v.attention_shift, kAdaEps);
    if (!norm) return normed;
    norm("out0", normed);
    norm("out1", v.attention_gate.squeeze(1));
    norm("out2", v.mlp_shift.squeeze(1));
    norm("out3", v.mlp_scale.squeeze(1) - 1);
    norm("out4", v.mlp_gate.squeeze(1));
    return normed;
  };
  const auto leave = [&](const Stream& stream, const at::Tensor& tokens, const at::Tensor& attended,
                         const Vectors& v, const ModuleTrace& fed) {
    const auto x = gated(tokens, v.attention_gate, attended);
    const auto y =
        stream.feed_forward.with_gelu(modulated_layer_norm(x, v.mlp_scale, v.mlp_shift, kNormEps));
    fed(y);
    return gated(x, v.mlp_gate, y);
  };
  const auto count = latent_tokens.size(1);
  const auto normed = enter(latent_tokens, vectors.latent, trace.in("norm1"));
  const auto normed_condition =
      enter(condition_tokens, vectors.condition, trace.in("norm1_context"));
  const auto attended =
      attend(joined(latent.heads(normed, &table), condition.heads(normed_condition, nullptr)));
  const auto out = latent.attention_out(attended.narrow(1, 0, count));
  const auto out_condition =
      condition.attention_out(attended.narrow(1, count, condition_tokens.size(1)));
  trace("attn.out0", out);
  trace("attn.out1", out_condition);
  latent_tokens = leave(latent, latent_tokens, out, vectors.latent, trace.in("ff"));
  condition_tokens =
      leave(condition, condition_tokens, out_condition, vectors.condition, trace.in("ff_context"));
  trace("out0", latent_tokens);
  trace("out1", condition_tokens);
}

void SingleBlock::describe(const Scope& scope, const ForecasterConfig& config) {
  const auto width = config.width();
  heads.describe(scope.in("attn"), config);
  modulation.describe(scope.in("norm.linear"), width, 3 * width);
  mlp_in.describe(scope.in("proj_mlp"), width, config.mlp_width());
  out.describe(scope.in("proj_out"), width + config.mlp_width(), width);
}

void SingleBlock::prepare() {
  heads.prepare();
  const auto width = out.weight.size(0);
  from_attention_ = {out.weight.narrow(1, 0, width), out.bias};
  from_mlp_ = {out.weight.narrow(1, width, out.weight.size(1) - width), {}};
}

void SingleBlock::pack(bool last) {
  heads.pack(last);
  mlp_in.pack();
  from_attention_.pack();
  from_mlp_.pack();
  if (from_mlp_.packed.defined()) drop_values(out.weight);
}

SingleBlock::Modulation SingleBlock::modulate(const at::Tensor& silu_embedding) const {
  const auto part = modulation_vectors(modulation, silu_embedding, 3);
  return {part[0], part[1] + 1, part[2]};
}

// out(cat(attended, mlp)) as two products, without the concatenation.
at::Tensor SingleBlock::project(const at::Tensor& tokens, const at::Tensor& normed,
                                const at::Tensor& attended, const Modulation& vectors) const {
  const auto mlp = mlp_in(normed, Activation::gelu);
  return gated(tokens, vectors.gate, from_mlp_.plus(mlp, from_attention_(attended)));
}

at::Tensor SingleBlock::operator()(const at::Tensor& tokens, const Modulation& vectors,
                                   const RotaryTable& table, std::int64_t latent_tokens,
                                   const ModuleTrace& trace) const {
  const auto normed = modulated_layer_norm(tokens, vectors.scale, vectors.shift, kAdaEps);
  const auto attended = attend(heads(normed, &table));
  auto y = project(tokens, normed, attended, vectors);
  if (trace) {
    const auto condition_tokens = tokens.size(1) - latent_tokens;
    trace("norm.out0", normed);
    trace("norm.out1", vectors.gate.squeeze(1));
    trace("attn.out0", attended.narrow(1, 0, latent_tokens));
    trace("attn.out1", attended.narrow(1, latent_tokens, condition_tokens));
    trace("out0", y.narrow(1, 0, latent_tokens));
    trace("out1", y.narrow(1, latent_tokens, condition_tokens));
  }
  return y;
}

at::Tensor SingleBlock::latent_only(const at::Tensor& tokens, const Modulation& vectors,
                                    const RotaryTable& table, std::int64_t latent_tokens) const {
  const auto condition_tokens = tokens.size(1) - latent_tokens;
  const auto part = [&](std::int64_t first, std::int64_t count) {
    return modulated_layer_norm(tokens.narrow(1, first, count), vectors.scale, vectors.shift,
                                kAdaEps);
  };
  const auto rows = [&](std::int64_t first, std::int64_t count) {
    return RotaryTable{table.cosine.narrow(0, first, count), table.sine.narrow(0, first, count)};
  };
  const auto latent_table = rows(0, latent_tokens);
  const auto condition_table = rows(latent_tokens, condition_tokens);
  const auto normed = part(0, latent_tokens);
  const auto own = heads(normed, &latent_table);
  const auto other = heads.keys_and_values(part(latent_tokens, condition_tokens), &condition_table);
  const auto attended =
      attend({own.query, at::cat({own.key, other.key}, 1), at::cat({own.value, other.value}, 1)});
  return project(tokens.narrow(1, 0, latent_tokens), normed, attended, vectors);
}

}  // namespace ladcast
