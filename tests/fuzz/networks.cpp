// What a model folder holds: weights, tensors, configurations, statistics, model.toml.
#include <ATen/core/Tensor.h>

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "graph/npy.h"
#include "graph/whole_file.h"
#include "nodes/ladcast/config.h"
#include "nodes/ladcast/pt_file.h"
#include "nodes/ladcast/safetensors.h"
#include "nodes/values/model.h"
#include "nodes/values/moments.h"
#include "nodes/values/npy_latents.h"
#include "nodes/values/variables.h"
#include "tests/fuzz/parsers.h"
#include "tests/nodes/ladcast/zip_writer.h"

namespace ladcast::fuzz {
namespace {

/// Looks at the first and last byte, which may be outside of the file.
void touch(const at::Tensor& tensor) {
  if (tensor.numel() == 0) return;
  const auto* bytes = static_cast<const volatile char*>(tensor.data_ptr());
  static_cast<void>(bytes[0]);
  static_cast<void>(bytes[tensor.nbytes() - 1]);
}

// ---- safetensors ----

std::string safetensors(const std::string& header, const std::string& data) {
  return bytes_of(std::uint64_t{header.size()}) + header + data;
}

std::vector<std::string> valid_safetensors() {
  return {
      safetensors(
          R"({"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},)"
          R"("b":{"dtype":"BF16","shape":[],"data_offsets":[24,26]}})",
          std::string(26, 'x')),
      safetensors(R"({"a":{"dtype":"F64","shape":[1,0,4],"data_offsets":[0,0]}})", ""),
      safetensors(R"({"a":{"dtype":"I64","shape":[1],"data_offsets":[1,9]},)"
                  R"("b":{"dtype":"BOOL","shape":[1],"data_offsets":[0,1]}})",
                  std::string(9, '\1')),
      safetensors("{}", "")};
}

/// Where changes moved the end of the header, its length is mended for half of the inputs.
void read_tensors(const std::string& input) {
  std::string file = input;
  const auto end = file.rfind("}}");
  if (file.size() > 8 && file.size() % 2 == 0 && end != std::string::npos && end > 8)
    file.replace(0, 8, bytes_of(std::uint64_t{end + 2 - 8}));
  for (const auto& [name, tensor] : read_safetensors(scratch_file("a.safetensors", file)))
    touch(tensor);
}

std::vector<std::string> valid_indices() {
  return {
      R"({"metadata": {"total_size": 2}, "weight_map": {"a": "1.safetensors", "b": "1.safetensors"}})",
      R"({"weight_map": {"a": "1.safetensors", "c": "2.safetensors", "b": "1.safetensors"}})"};
}

void read_index(const std::string& input) {
  static const auto shard = [](const char* name, const char* tensors) {
    return scratch_file(name, safetensors(tensors, "\1\2"));
  };
  static const auto first =
      shard("shards/1.safetensors", R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},)"
                                    R"("b":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}})");
  static const auto second =
      shard("shards/2.safetensors", R"({"c":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}})");
  const auto index = scratch_file("shards/diffusion_pytorch_model.safetensors.index.json", input);
  for (const auto& [name, tensor] : read_weights_folder(index.parent_path())) touch(tensor);
}

// ---- .pt files ----

std::vector<std::string> valid_pickles() {
  return {pickle("FloatStorage", 6, "K\x03K\x01"), pickle("FloatStorage", 6, "K\x01K\x02"),
          pickle("DoubleStorage", 3, std::string("K\x00K\x01", 4))};
}

std::string archive_of(const std::string& program) {
  return zip(
      {{"x/data.pkl", program}, {"x/byteorder", "little"}, {"x/data/0", std::string(24, 'x')}});
}

std::vector<std::string> valid_archives() {
  std::vector<std::string> all;
  for (const auto& program : valid_pickles()) all.push_back(archive_of(program));
  return all;
}

void read_archive(const std::string& input) { touch(read_pt(scratch_file("a.pt", input))); }

/// With checksums that are right.
void read_pickle(const std::string& input) { read_archive(archive_of(input)); }

// ---- .npy files ----

std::vector<std::string> valid_npy() {
  const std::string numbers(96, '\x3f');
  std::string doubles = npy_header({2, 1, 2, 1, 3}) + numbers;
  doubles.replace(doubles.find("<f4"), 3, "<f8");
  return {npy_header({2, 1, 2, 1, 3}) + numbers, doubles, npy_header({}) + numbers.substr(0, 4),
          npy_header({24}) + numbers};
}

void read_npy(const std::string& input) {
  const auto path = scratch_file("a.npy", input);
  const NpyFile file = NpyFile::open(path);
  std::vector<float> some(3);
  if (file.shape().size() == 5) NpyLatents::open(path, {1, 1, 3}).read(1, 0, some);
  file.read(0, std::span(some).first(1));
}

// ---- JSON and TOML ----

std::vector<std::string> valid_configs() {
  const std::string model = "pipelines/models/small-planet/";
  return {read_whole_file(model + "autoencoder/config.json"),
          read_whole_file(model + "forecaster/config.json"),
          read_whole_file("tests/data/published/config_375M.json"),
          read_whole_file("tests/data/published/config_DCAE84.json")};
}

void read_config(const std::string& input) {
  const auto folder = scratch_file("network/config.json", input).parent_path();
  if (input.find("num_attention_heads") != std::string::npos) {
    const auto config = read_forecaster_config(folder);
    static_cast<void>(config.width());
  } else {
    const auto config = read_autoencoder_config(folder);
    static_cast<void>(config.dynamic_channels() + config.compression());
  }
}

std::vector<std::string> valid_statistics() {
  return {
      R"({"mean": [0.5, -1e-3, 3, 4], "std": [1, 2.5, 1e3, 0.1]})",
      R"({"2m_temperature": {"mean": 278.1, "std": 21.9}, "temperature": {"mean": {"500": 252.6, )"
      R"("850": 270}, "std": {"500": 13.1, "850": 15}}})"};
}

void read_statistics(const std::string& input) {
  static const std::vector<Channel> channels = {parse_channel("2m_temperature"),
                                                parse_channel("temperature 500")};
  const auto file = scratch_file("normal.json", input);
  if (input.find('[') != std::string::npos)
    read_latent_moments(file, 4);
  else
    read_field_moments(file, channels);
}

std::vector<std::string> valid_models() {
  return {read_whole_file("pipelines/models/small-planet/model.toml"),
          read_whole_file("pipelines/models/ladcast-375m/model.toml")};
}

void read_model(const std::string& input) {
  const Model model = Model::read(scratch_file("model/model.toml", input).parent_path());
  static_cast<void>(model.network_grid());
  static_cast<void>(model.files());
}

}  // namespace

void add_networks(std::vector<Parser>& all) {
  const std::vector<std::string> header = {"\"dtype\":\"F16\"", "\"shape\":[0,", "data_offsets",
                                           "weight_map",        "[0,0]",         "safetensors"};
  all.push_back({"safetensors", valid_safetensors, read_tensors, header});
  all.push_back({"weights_index", valid_indices, read_index, header});
  all.push_back({"pt",
                 valid_pickles,
                 read_pickle,
                 {"K", "M", "J", "\x85", "\x86", "\x87", "q", "r", "t", ")", std::string("K\0", 2),
                  "J\xff\xff\xff\x7f", "M\xff\xff"}});
  all.push_back({"zip", valid_archives, read_archive, {"PK\1\2", "PK\3\4", "PK\5\6"}});
  all.push_back({"npy", valid_npy, read_npy, {"'shape': (", "<f8", "<i4", "True", "descr"}});
  all.push_back({"config", valid_configs, read_config, {"EfficientViTBlock", "[5]", "[[]]"}});
  all.push_back({"statistics", valid_statistics, read_statistics, {"mean", "std", "500"}});
  all.push_back({"model",
                 valid_models,
                 read_model,
                 {"count", "values", "levels", "fill", "first", "step", "[grid]", "[[channels]]",
                  "crop_rows", "nan", "inf"}});
}

}  // namespace ladcast::fuzz
