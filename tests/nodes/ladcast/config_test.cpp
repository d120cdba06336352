#include "nodes/ladcast/config.h"

#include <doctest/doctest.h>

#include <numbers>

#include "tests/nodes/error_message.h"
#include "tests/temporary_folder.h"

namespace ladcast {
namespace {

std::string autoencoder_error(const std::string& text) {
  const TemporaryFolder folder;
  folder.write("config.json", text);
  return error_of([&] { read_autoencoder_config(folder.path()); });
}

// A valid latent model with one more key, or another value of a key.
std::string forecaster_error(const std::string& more) {
  const TemporaryFolder folder;
  folder.write("config.json",
               R"({"conditioning_tensor_in_channels": 4, "rope_spatial_grid_start_pos": [0, 0],
                                  "rope_spatial_grid_end_pos": [1, 1])" +
                   more + "}");
  return error_of([&] { read_forecaster_config(folder.path()); });
}

TEST_CASE("absent keys of an autoencoder take the reference's defaults") {
  const TemporaryFolder folder;
  folder.write("config.json", "{}");
  const auto config = read_autoencoder_config(folder.path());
  CHECK(config.in_channels == 3);
  CHECK(config.out_channels == 3);
  CHECK(config.latent_channels == 32);
  CHECK(config.static_channels == 0);
  CHECK(config.compression() == 32);
  REQUIRE(config.encoder.size() == 6);
  CHECK(config.encoder[5] == StageConfig{1024, 3, false, {}});
  CHECK(config.decoder[0] == StageConfig{128, 3, false, {}});
}

TEST_CASE("absent keys of a latent model take the reference's defaults") {
  const TemporaryFolder folder;
  folder.write("config.json", R"({"conditioning_tensor_in_channels": 84, "spatial_deg2rad": true,
                                  "rope_spatial_grid_start_pos": [-499.5, 5.25], "rope_spatial_grid_end_pos": [508.5, 353.25]})");
  const auto config = read_forecaster_config(folder.path());
  CHECK(config.width() == 24 * 128);
  CHECK(config.dual_layers == 20);
  CHECK(config.single_layers == 40);
  CHECK(config.refiner_layers == 2);
  CHECK(config.mlp_width() == 4 * 24 * 128);
  CHECK(config.rope_axes == std::array<std::int64_t, 3>{16, 56, 56});
  CHECK_FALSE(config.year_embedding);
  CHECK(config.rope_start[0] == doctest::Approx(-499.5 * std::numbers::pi / 180.0).epsilon(1e-15));
}

TEST_CASE("unknown keys become notes") {
  const TemporaryFolder folder;
  folder.write("config.json", R"({"decay": 0.9999, "_diffusers_version": "0.32.1"})");
  const auto config = read_autoencoder_config(folder.path());
  REQUIRE(config.notes.size() == 1);
  CHECK(contains(config.notes[0], "unknown key 'decay' is ignored"));
}

TEST_CASE("bad values of an autoencoder name file and key") {
  CHECK(contains(autoencoder_error("{"), "config.json: not JSON"));
  CHECK(contains(autoencoder_error("[]"), "not a JSON object"));
  CHECK(contains(autoencoder_error(std::string(100'000, '[')), "nested more than 100 deep"));
  CHECK(contains(autoencoder_error(R"({"_class_name": "LaDCastTransformer3DModel"})"),
                 "the other network"));
  for (const auto& [text, key] : std::vector<std::pair<std::string, std::string>>{
           {R"({"in_channels": "3"})", "in_channels"},
           {R"({"in_channels": 0})", "in_channels"},
           {R"({"in_channels": 2.5})", "in_channels"},
           {R"({"static_channels": 3})", "static_channels"},
           {R"({"latent_channels": 7})", "encoder_block_out_channels"},
           {R"({"encoder_layers_per_block": [1, 2]})", "encoder_layers_per_block"},
           {R"({"encoder_layers_per_block": [0, 2, 2, 3, 3, 3]})", "encoder_layers_per_block"},
           {R"({"encoder_block_types": "MagicBlock"})", "encoder_block_types"},
           {R"({"decoder_block_types": ["ResBlock"]})", "decoder_block_types"},
           {R"({"decoder_qkv_multiscales": [[], [], [], [4], [5], [5]]})",
            "decoder_qkv_multiscales"},
           {R"({"decoder_qkv_multiscales": 5})", "decoder_qkv_multiscales"},
           {R"({"decoder_qkv_multiscales": [[], [], [], [4294967299], [5], [5]]})",
            "decoder_qkv_multiscales"},
           {R"({"temb_channels": 64})", "temb_channels"},
           {R"({"upsample_block_type": "interpolate"})", "upsample_block_type"},
           {R"({"decoder_norm_types": "batch_norm"})", "decoder_norm_types"},
           {R"({"decoder_act_fns": ["silu", "silu", "silu", "silu", "silu", "relu"]})",
            "decoder_act_fns"},
           {R"({"scaling_factor": "big"})", "scaling_factor"}}) {
    CAPTURE(text);
    const auto error = autoencoder_error(text);
    CHECK(contains(error, "config.json: '" + key + "' is "));
  }
}

TEST_CASE("bad values of a latent model name file and key") {
  CHECK(forecaster_error("").empty());
  for (const auto& [more, key] : std::vector<std::pair<std::string, std::string>>{
           {R"(, "num_attention_heads": -1)", "num_attention_heads"},
           {R"(, "mlp_ratio": 0)", "mlp_ratio"},
           {R"(, "qk_norm": null)", "qk_norm"},
           {R"(, "nope": true)", "nope"},
           {R"(, "learned_positions": [5, 4])", "learned_positions"},
           {R"(, "scale_attn_by_lat": true)", "scale_attn_by_lat"},
           {R"(, "incl_time_elapsed": 1)", "incl_time_elapsed"},
           {R"(, "rope_axes_dim": [16, 56, 54])", "rope_axes_dim"},
           {R"(, "rope_axes_dim": [15, 57, 56])", "rope_axes_dim"},
           {R"(, "conditioning_tensor_intermediate_proj_dim": 12)",
            "conditioning_tensor_intermediate_proj_dim"},
           {R"(, "rope_spatial_grid_end_pos": null)", "rope_spatial_grid_end_pos"},
           {R"(, "conditioning_tensor_in_channels": null)", "conditioning_tensor_in_channels"}}) {
    CAPTURE(more);
    CHECK(contains(forecaster_error(more), "config.json: '" + key + "' is "));
  }
}

TEST_CASE("a folder without a configuration says so") {
  const TemporaryFolder folder;
  CHECK(contains(error_of([&] { read_forecaster_config(folder.path()); }), "cannot open"));
}

}  // namespace
}  // namespace ladcast
