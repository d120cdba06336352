// The autoencoder against the reference: folders dcae and dcae_full_grid.
#include <ATen/ATen.h>
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "nodes/ladcast/dcae.h"
#include "nodes/values/zarr_json.h"
#include "tests/nodes/ladcast/fixtures.h"
#include "tests/nodes/ladcast/hash_fields.h"

namespace ladcast::test {
namespace {

using nlohmann::json;

// Large maps are recorded at every second or third point.
at::Tensor thin_to(const at::Tensor& map, const at::Tensor& recorded) {
  for (std::int64_t stride = 1; stride <= 3; ++stride) {
    const auto thin = map.slice(2, 0, std::nullopt, stride).slice(3, 0, std::nullopt, stride);
    if (thin.sizes() == recorded.sizes()) return thin;
  }
  return map;
}

// Reads "TAG.param.NAME" into the slots of one block.
VisitTensor from_unit(Recording& units, const std::string& tag) {
  return [&units, tag](const std::string& name, const Sizes& shape, at::Tensor& slot) {
    slot = units.input(tag + ".param." + name).clone();
    REQUIRE(slot.sizes() == at::IntArrayRef(shape));
  };
}

TEST_CASE("dcae: latents, fields and all activations are those of the reference") {
  if (!begin_parity("dcae", {"config.json", "diffusion_pytorch_model.safetensors", "io.safetensors",
                             "activations.safetensors"}))
    return;
  const auto folder = parity_folder() / "dcae";
  auto autoencoder = load_autoencoder(folder, at::kCPU, at::kFloat);
  Recording io(folder / "io.safetensors");
  const auto& dynamic = io.input("dynamic");
  autoencoder.pack(dynamic.size(2), dynamic.size(3));
  const auto& statics = io.input("static");
  const auto latent = encode(autoencoder, dynamic, statics);
  io.compare("latent", latent, 2e-5);
  io.compare("latent_fp64", latent.narrow(0, 0, 1), 2e-5);
  const auto& recorded_latent = io.input("latent");
  const auto decoded = decode_all_channels(autoencoder, recorded_latent);
  io.compare("decode_full", decoded, 7e-6);
  io.compare("decode_full_fp64", decoded.narrow(0, 0, 1), 7e-6);
  const auto fields = decode(autoencoder, recorded_latent);
  CHECK(at::equal(fields, decoded.narrow(1, 0, autoencoder.config.dynamic_channels())));

  ModuleTrace::Record record;
  encode(autoencoder, dynamic.narrow(0, 0, 1), statics, ModuleTrace(record));
  decode(autoencoder, recorded_latent.narrow(0, 0, 1), ModuleTrace(record));
  Recording activations(folder / "activations.safetensors");
  for (const auto& [name, recorded] : activations.all()) {
    INFO(name);
    REQUIRE(record.contains(name));
    activations.compare(name, thin_to(record[name], recorded),
                        name.starts_with("decoder.") ? 7e-6 : 2e-5);
  }
}

TEST_CASE("dcae: in float64 the network is the reference's in double precision") {
  if (!begin_parity("dcae",
                    {"config.json", "diffusion_pytorch_model.safetensors", "io.safetensors"}))
    return;
  const auto folder = parity_folder() / "dcae";
  const auto autoencoder = load_autoencoder(folder, at::kCPU, at::kDouble);
  const auto io = read_safetensors(folder / "io.safetensors");
  const auto first = [&](const char* name) { return io.at(name).narrow(0, 0, 1).to(at::kDouble); };
  CHECK(relative_error(encode(autoencoder, first("dynamic"), first("static")),
                       io.at("latent_fp64")) < 1e-12);
  CHECK(relative_error(decode_all_channels(autoencoder, first("latent")),
                       io.at("decode_full_fp64")) < 1e-12);
}

TEST_CASE("dcae: convolutions on the sphere are those of the reference") {
  if (!begin_parity("dcae", {"sphere_conv.safetensors", "sphere_conv.json"})) return;
  const auto folder = parity_folder() / "dcae";
  Recording recording(folder / "sphere_conv.safetensors");
  for (const auto& entry : read_json(folder / "sphere_conv.json")) {
    const auto tag = "case" + std::to_string(entry["case"].get<int>()) + ".";
    SphereConv conv;
    const VisitTensor visit = [&](const std::string& name, const Sizes&, at::Tensor& slot) {
      slot = recording.input(tag + name).clone();
    };
    conv.describe(Scope(visit), entry["in_channels"], entry["out_channels"], entry["kernel"],
                  entry["groups"], entry["bias"]);
    conv.prepare();
    const auto& input = recording.input(tag + "input");
    recording.compare_exact(tag + "padded",
                            sphere_pad(input, entry["kernel"].get<std::int64_t>() / 2));
    recording.compare(tag + "output", conv(input), 2e-6);
    CHECK(relative_error(conv(input.contiguous(at::MemoryFormat::ChannelsLast)),
                         recording.input(tag + "output")) < 2e-6);
  }
}

struct Unit {
  Recording& units;
  std::string tag;

  template <class Block, class Describe>
  void check(double tolerance, Describe describe) {
    Block block;
    const auto visit = from_unit(units, tag);
    describe(block, Scope(visit));
    const auto x = units.input(tag + ".input").contiguous(at::MemoryFormat::ChannelsLast);
    units.compare(tag + ".output", block(x), tolerance);
  }
};

TEST_CASE("dcae: single blocks are those of the reference") {
  if (!begin_parity("dcae", {"units.safetensors", "units.json"})) return;
  const auto folder = parity_folder() / "dcae";
  Recording units(folder / "units.safetensors");
  const std::map<std::string, double> tolerances = {{"resblock", 3e-6},
                                                    {"attention36", 3e-6},
                                                    {"attention72", 4e-6},
                                                    {"attention_no_multiscale", 2e-6},
                                                    {"attention_quadratic", 4e-6},
                                                    {"glumbconv", 2e-6},
                                                    {"efficientvit", 4e-6},
                                                    {"down0", 3e-6},
                                                    {"down1", 4e-6},
                                                    {"down2", 3e-6},
                                                    {"up0", 3e-6},
                                                    {"up1", 3e-6},
                                                    {"up2", 3e-6}};
  for (const auto& entry : read_json(folder / "units.json")) {
    const std::string tag = entry["tag"];
    const auto known = tolerances.find(tag);
    const double tolerance = known == tolerances.end() ? 2e-6 : known->second;
    const auto in = entry.value("in_channels", entry.value("channels", std::int64_t{0}));
    const auto out = entry.value("out_channels", std::int64_t{0});
    const bool multiscale = units.has(tag + ".param.to_qkv_multiscale.0.proj_in.weight");
    const std::vector<std::int64_t> kernels =
        multiscale ? std::vector<std::int64_t>{5} : std::vector<std::int64_t>{};
    Unit unit{units, tag};
    if (tag.starts_with("resblock")) {
      unit.check<ResBlock>(tolerance, [&](auto& b, const Scope& s) {
        b.describe(s, in);
        b.prepare();
      });
    } else if (tag.starts_with("attention")) {
      unit.check<LinearAttention>(tolerance, [&](auto& b, const Scope& s) {
        b.describe(s, in, 32, kernels);
        b.prepare();
      });
    } else if (tag.starts_with("glumbconv")) {
      unit.check<GluConv>(tolerance, [&](auto& b, const Scope& s) {
        b.describe(s, in);
        b.prepare();
      });
    } else if (tag.starts_with("efficientvit")) {
      unit.check<AttentionBlock>(tolerance, [&](auto& b, const Scope& s) {
        b.describe(s, in, 32, {5});
        b.prepare();
      });
    } else if (tag.starts_with("down")) {
      unit.check<DownBlock>(tolerance, [&](auto& b, const Scope& s) {
        b.describe(s, in, out);
        b.prepare();
      });
    } else if (tag.starts_with("up")) {
      unit.check<UpBlock>(tolerance, [&](auto& b, const Scope& s) {
        b.describe(s, in, out);
        b.prepare();
      });
    } else {
      FAIL("a unit of unknown kind: " << tag);
    }
  }
}

TEST_CASE("dcae_full_grid: the autoencoder on the real grid is the reference's") {
  if (!begin_parity("dcae_full_grid", {"config.json", "diffusion_pytorch_model.safetensors",
                                       "io.safetensors", "case.json"}) ||
      !begin_parity("data", {"static.safetensors"}))
    return;
  const auto folder = parity_folder() / "dcae_full_grid";
  const auto settings = read_json(folder / "case.json");
  auto autoencoder = load_autoencoder(folder, at::kCPU, at::kFloat);
  autoencoder.pack(120, 240);
  const auto statics = read_safetensors(parity_folder() / "data/static.safetensors")
                           .at("static_normalised")
                           .unsqueeze(0);
  const auto x = hash_fields(autoencoder.config.dynamic_channels(), statics.size(2),
                             statics.size(3), settings["hash_k"]);
  Recording io(folder / "io.safetensors");
  const auto& corner = io.input("input_corner");
  io.compare_exact("input_corner", x.narrow(2, 0, corner.size(2)).narrow(3, 0, corner.size(3)));
  io.compare("input_channel_sum", x.to(at::kDouble).sum({0, 2, 3}), 1e-12);
  const auto latent = encode(autoencoder, x, statics);
  io.compare("latent", latent, 6e-6);
  const auto y = decode_all_channels(autoencoder, io.input("latent"));
  const auto thin = y.slice(2, 0, std::nullopt, settings["stride_lat"].get<std::int64_t>())
                        .slice(3, 0, std::nullopt, settings["stride_lon"].get<std::int64_t>());
  io.compare("decode_subset", thin, 6e-6);
  const auto eighth = y.slice(1, 0, std::nullopt, 8);
  io.compare("decode_first_row", eighth.select(2, 0), 6e-6);
  io.compare("decode_last_row", eighth.select(2, -1), 6e-6);
  const auto wide = y.to(at::kDouble);
  io.compare("decode_channel_sum", wide.sum({0, 2, 3}), 6e-6);
  io.compare("decode_channel_abs_sum", wide.abs().sum({0, 2, 3}), 6e-6);
  io.compare("decode_channel_sumsq", wide.square().sum({0, 2, 3}), 6e-6);
}

}  // namespace
}  // namespace ladcast::test
