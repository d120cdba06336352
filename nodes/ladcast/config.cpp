#include "nodes/ladcast/config.h"

#include <nlohmann/json.hpp>
#include <numbers>
#include <optional>
#include <set>
#include <string_view>

#include "graph/error.h"
#include "graph/nesting.h"
#include "graph/whole_file.h"

namespace ladcast {
namespace {

using nlohmann::json;

// The defaults of the reference's constructors.
constexpr std::string_view kAutoencoderDefaults = R"({
  "in_channels": 3, "out_channels": null, "temb_channels": null, "latent_channels": 32,
  "attention_head_dim": 32, "encoder_block_types": "ResBlock", "decoder_block_types": "ResBlock",
  "encoder_block_out_channels": [128, 256, 512, 512, 1024, 1024],
  "decoder_block_out_channels": [128, 256, 512, 512, 1024, 1024],
  "encoder_layers_per_block": [2, 2, 2, 3, 3, 3], "decoder_layers_per_block": [3, 3, 3, 3, 3, 3],
  "encoder_qkv_multiscales": [[], [], [], [5], [5], [5]],
  "decoder_qkv_multiscales": [[], [], [], [5], [5], [5]],
  "upsample_block_type": "pixel_shuffle", "downsample_block_type": "pixel_unshuffle",
  "decoder_norm_types": "rms_norm", "decoder_act_fns": "silu", "scaling_factor": 1.0,
  "static_channels": 0})";

constexpr std::string_view kForecasterDefaults = R"({
  "in_channels": 16, "out_channels": 16, "num_attention_heads": 24, "attention_head_dim": 128,
  "num_layers": 20, "num_single_layers": 40, "num_refiner_layers": 2, "mlp_ratio": 4.0,
  "patch_size": 1, "patch_size_t": 1, "qk_norm": "rms_norm", "rope_theta": 256.0,
  "rope_axes_dim": [16, 56, 56], "rope_spatial_grid_start_pos": 0,
  "rope_spatial_grid_end_pos": null, "spatial_deg2rad": false,
  "conditioning_tensor_in_channels": null, "conditioning_tensor_intermediate_proj_dim": null,
  "conditioning_tensor_rope_axes_dim": [16, 56, 56], "incl_time_elapsed": false, "nope": false,
  "scale_attn_by_lat": false, "learned_positions": null})";

// The keys of one file with their defaults; every message names the file and the key.
class Keys {
 public:
  Keys(const std::filesystem::path& folder, std::string_view class_name, std::string_view defaults)
      : file_((folder / "config.json").string()), values_(json::parse(defaults)) {
    if (!std::filesystem::exists(file_))
      fail("cannot open {}: a network's folder holds config.json and its weights", file_);
    json given;
    const std::string text = read_whole_file(file_);
    try {
      require_shallow_json(text);
      given = json::parse(text);
    } catch (const std::exception& error) {
      fail("{}: not JSON: {}", file_, error.what());
    }
    if (!given.is_object()) fail("{}: not a JSON object", file_);
    for (const auto& [key, value] : given.items()) {
      if (key == "_class_name" && value != class_name)
        fail("{}: '_class_name' is {}, expected \"{}\": is this the folder of the other network?",
             file_, value.dump(), class_name);
      if (key.starts_with("_")) continue;
      if (values_.contains(key))
        values_[key] = value;
      else
        notes.push_back(fmt::format("{}: unknown key '{}' is ignored", file_, key));
    }
  }

  const json& operator[](const std::string& key) const { return values_.at(key); }

  [[noreturn]] void bad(const std::string& key, std::string_view expected) const {
    fail("{}: '{}' is {}, expected {}", file_, key, values_.at(key).dump(), expected);
  }

  std::int64_t whole(const std::string& key, std::int64_t least = 1) const {
    const auto& value = values_.at(key);
    if (!is_whole(value, least))
      bad(key, fmt::format("a whole number from {} to {}", least, kMost));
    return value.get<std::int64_t>();
  }

  double number(const std::string& key) const {
    const auto& value = values_.at(key);
    if (!value.is_number() || !(value.get<double>() > 0.0)) bad(key, "a number > 0");
    return value.get<double>();
  }

  bool flag(const std::string& key) const {
    if (!values_.at(key).is_boolean()) bad(key, "true or false");
    return values_.at(key).get<bool>();
  }

  std::vector<std::int64_t> wholes(const std::string& key, std::int64_t least = 1) const {
    const auto& value = values_.at(key);
    std::vector<std::int64_t> result;
    if (!value.is_array()) bad(key, "a list of whole numbers");
    for (const auto& entry : value) {
      if (!is_whole(entry, least))
        bad(key, fmt::format("whole numbers from {} to {}", least, kMost));
      result.push_back(entry.get<std::int64_t>());
    }
    return result;
  }

  // A word for all stages, or one for each.
  std::vector<std::string> words(const std::string& key, std::size_t count,
                                 const std::set<std::string>& allowed) const {
    const auto& value = values_.at(key);
    const auto expected = fmt::format("{}, one for all or one for each of {} stages",
                                      fmt::join(allowed, " or "), count);
    const json list = value.is_string() ? json(std::vector<json>(count, value)) : value;
    if (!list.is_array() || list.size() != count) bad(key, expected);
    std::vector<std::string> result;
    for (const auto& entry : list) {
      if (!entry.is_string() || !allowed.contains(entry.get<std::string>())) bad(key, expected);
      result.push_back(entry.get<std::string>());
    }
    return result;
  }

  void only(const std::string& key, const json& supported) const {
    if (values_.at(key) != supported) bad(key, supported.dump() + ", the only form supported");
  }

  std::vector<std::string> notes;

 private:
  static constexpr std::int64_t kMost = 1'000'000;
  static bool is_whole(const json& value, std::int64_t least) {
    return value.is_number_integer() && value.get<std::int64_t>() >= least &&
           value.get<std::int64_t>() <= kMost;
  }

  std::string file_;
  json values_;
};

std::vector<StageConfig> stages(const Keys& keys, const std::string& side) {
  const auto channels = keys.wholes(side + "_block_out_channels");
  const auto layers = keys.wholes(side + "_layers_per_block");
  const auto types =
      keys.words(side + "_block_types", channels.size(), {"ResBlock", "EfficientViTBlock"});
  const auto scales_key = side + "_qkv_multiscales";
  const auto& scales = keys[scales_key];
  const auto each = fmt::format("one entry for each of {} stages", channels.size());
  if (channels.empty() || channels.size() > 16)
    keys.bad(side + "_block_out_channels", "1 to 16 stages");
  if (layers.size() != channels.size()) keys.bad(side + "_layers_per_block", each);
  if (!scales.is_array() || scales.size() != channels.size()) keys.bad(scales_key, each);
  std::vector<StageConfig> result;
  for (std::size_t i = 0; i < channels.size(); ++i) {
    StageConfig stage{channels[i], layers[i], types[i] == "EfficientViTBlock", {}};
    if (!scales[i].is_array()) keys.bad(scales_key, "a list of kernel sizes for each stage");
    for (const auto& kernel : scales[i]) {
      const auto size = kernel.is_number_integer() ? kernel.get<std::int64_t>() : 0;
      if (size < 1 || size % 2 == 0 || size > 99) keys.bad(scales_key, "odd kernel sizes");
      if (stage.attention) stage.kernels.push_back(size);
    }
    result.push_back(std::move(stage));
  }
  return result;
}

// The shortcuts average or repeat whole groups of channels.
void check_shortcuts(const Keys& keys, const std::string& side,
                     const std::vector<StageConfig>& stages, std::int64_t latent_channels,
                     std::int64_t head_dim) {
  const auto key = side + "_block_out_channels";
  if (stages.back().channels % latent_channels != 0)
    keys.bad(key, fmt::format("a last entry divisible by latent_channels = {}", latent_channels));
  for (std::size_t i = 0; i < stages.size(); ++i) {
    const auto here = stages[i].channels;
    if (stages[i].attention && here < head_dim)
      keys.bad(key, fmt::format("at least attention_head_dim = {} channels in attention stages",
                                head_dim));
    if (i + 1 == stages.size()) continue;
    const auto next = stages[i + 1].channels;
    const bool fits =
        side == "encoder" ? next % 4 == 0 && 4 * here % next == 0 : 4 * here % next == 0;
    if (!fits) keys.bad(key, "widths of which each divides 4 times the one before");
  }
}

std::array<std::int64_t, 3> axes(const Keys& keys, const std::string& key, std::int64_t head_dim) {
  const auto values = keys.wholes(key, 0);
  if (values.size() != 3 || values[0] + values[1] + values[2] != head_dim || values[0] % 2 != 0 ||
      values[1] % 2 != 0 || values[2] % 2 != 0)
    keys.bad(key, fmt::format("three even numbers that sum to attention_head_dim = {}", head_dim));
  return {values[0], values[1], values[2]};
}

std::array<double, 2> position(const Keys& keys, const std::string& key, bool degrees) {
  const auto& value = keys[key];
  if (!value.is_array() || value.size() != 2 || !value[0].is_number() || !value[1].is_number())
    keys.bad(key, "two numbers, latitude and longitude");
  const double unit = degrees ? std::numbers::pi / 180.0 : 1.0;
  return {value[0].get<double>() * unit, value[1].get<double>() * unit};
}

std::array<std::int64_t, 3> learned_positions(const Keys& keys) {
  if (keys["learned_positions"].is_null()) return {0, 0, 0};
  const auto counts = keys.wholes("learned_positions");
  if (counts.size() != 3)
    keys.bad("learned_positions", "null or [frames, rows, columns] of tokens");
  return {counts[0], counts[1], counts[2]};
}

}  // namespace

AutoencoderConfig read_autoencoder_config(const std::filesystem::path& folder) {
  const Keys keys(folder, "AutoencoderDC", kAutoencoderDefaults);
  AutoencoderConfig config{};
  config.in_channels = keys.whole("in_channels");
  config.out_channels =
      keys["out_channels"].is_null() ? config.in_channels : keys.whole("out_channels");
  config.static_channels = keys.whole("static_channels", 0);
  if (config.static_channels >= config.in_channels || config.static_channels >= config.out_channels)
    keys.bad("static_channels", "fewer than in_channels and out_channels");
  config.latent_channels = keys.whole("latent_channels");
  config.attention_head_dim = keys.whole("attention_head_dim");
  config.encoder = stages(keys, "encoder");
  config.decoder = stages(keys, "decoder");
  if (config.decoder.size() != config.encoder.size())
    keys.bad("decoder_block_out_channels",
             fmt::format("{} stages, as the encoder has", config.encoder.size()));
  check_shortcuts(keys, "encoder", config.encoder, config.latent_channels,
                  config.attention_head_dim);
  check_shortcuts(keys, "decoder", config.decoder, config.latent_channels,
                  config.attention_head_dim);
  keys.only("temb_channels", nullptr);
  keys.only("upsample_block_type", "pixel_shuffle");
  keys.only("downsample_block_type", "pixel_unshuffle");
  keys.words("decoder_norm_types", config.decoder.size(), {"rms_norm"});
  keys.words("decoder_act_fns", config.decoder.size(), {"silu"});
  keys.number("scaling_factor");  // the reference stores it and never applies it
  config.notes = keys.notes;
  return config;
}

ForecasterConfig read_forecaster_config(const std::filesystem::path& folder) {
  const Keys keys(folder, "LaDCastTransformer3DModel", kForecasterDefaults);
  ForecasterConfig config{};
  config.in_channels = keys.whole("in_channels");
  config.out_channels =
      keys["out_channels"].is_null() ? config.in_channels : keys.whole("out_channels");
  config.condition_channels = keys.whole("conditioning_tensor_in_channels");
  config.heads = keys.whole("num_attention_heads");
  config.head_dim = keys.whole("attention_head_dim");
  config.dual_layers = keys.whole("num_layers", 0);
  config.single_layers = keys.whole("num_single_layers", 0);
  config.refiner_layers = keys.whole("num_refiner_layers", 0);
  config.mlp_ratio = keys.number("mlp_ratio");
  config.patch = keys.whole("patch_size");
  config.patch_time = keys.whole("patch_size_t");
  config.rope_theta = keys.number("rope_theta");
  config.year_embedding = keys.flag("incl_time_elapsed");
  keys.only("qk_norm", "rms_norm");
  keys.only("scale_attn_by_lat", false);
  keys.only("nope", false);
  const auto& width = keys["conditioning_tensor_intermediate_proj_dim"];
  if (!width.is_null() && width != config.width())
    keys.bad("conditioning_tensor_intermediate_proj_dim",
             fmt::format("null or the width of the network, {}", config.width()));
  config.rope_axes = axes(keys, "rope_axes_dim", config.head_dim);
  config.condition_rope_axes = axes(keys, "conditioning_tensor_rope_axes_dim", config.head_dim);
  const bool degrees = keys.flag("spatial_deg2rad");
  config.rope_start = position(keys, "rope_spatial_grid_start_pos", degrees);
  config.rope_end = position(keys, "rope_spatial_grid_end_pos", degrees);
  config.learned_positions = learned_positions(keys);
  config.notes = keys.notes;
  return config;
}

}  // namespace ladcast
