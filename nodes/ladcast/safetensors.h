// Reads and writes safetensors files (https://github.com/huggingface/safetensors, format section).
#pragma once

#include <ATen/core/Tensor.h>

#include <filesystem>
#include <map>
#include <string>

namespace ladcast {

using NamedTensors = std::map<std::string, at::Tensor>;

/// All tensors of one file: row-major CPU tensors of the stored dtype (BF16 F16 F32 F64 I8 U8 I16
/// I32 I64 BOOL). They look into the mapped file and keep it alive; do not write to them. Throws
/// Error, naming the file, if the header is cut off, too long or not JSON, if a name appears twice,
/// if a dtype is unknown, if a size does not fit its shape, if byte ranges overlap, leave holes or
/// end beyond the file, or if the file is longer than they say.
NamedTensors read_safetensors(const std::filesystem::path& file);

/// The weights of a published network: `diffusion_pytorch_model.safetensors` in `folder`, or the
/// shards that `diffusion_pytorch_model.safetensors.index.json` lists. Throws Error, also if a
/// shard lacks a tensor that the index promises or two shards hold the same one.
NamedTensors read_weights_folder(const std::filesystem::path& folder);

/// Writes tensors to a temporary file beside `file`, flushes it to the disk and renames it. Equal
/// tensors give equal bytes. Throws Error; then `file` is as it was before.
void write_safetensors(const std::filesystem::path& file, const NamedTensors& tensors);

/// The bytes of such a file, and back. Throws Error where the bytes are none.
std::string to_bytes(const NamedTensors& tensors);
NamedTensors tensors_from(std::string bytes);

}  // namespace ladcast
