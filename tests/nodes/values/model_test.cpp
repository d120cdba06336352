#include "nodes/values/model.h"

#include <doctest/doctest.h>

#include <cstdlib>

#include "tests/nodes/error_message.h"
#include "tests/temporary_folder.h"

using namespace ladcast;
namespace fs = std::filesystem;

namespace {

const std::string kToml = R"(format = 1
name = "tiny"
licence = "MIT"
step_hours = 6
frames = 4
autoencoder = "../shared-autoencoder"
forecaster = "forecaster"

[grid]
latitude  = { first = -90.0, step = 45.0, count = 5 }
longitude = { values = [0.0, 90.0, 180.0, 270.0] }
crop_rows = [0]
latent    = { channels = 3, rows = 1, columns = 2 }

[[channels]]
name   = "temperature"
levels = [500, 850]

[[channels]]
name = "sea_surface_temperature"
fill = -2.0

[static]
channels  = ["land_sea_mask"]
files     = ["static.nc"]
normalise = "own"

[statistics]
fields  = "normal.json"
latents = "latent_normal.json"

[sampler]
solver = "heun"
steps  = 10
sigma  = { min = 0.002, max = 80.0, data = 0.5, rho = 7.0 }

[fetch]
base = "https://example.org/tiny"
)";

std::string replaced(const std::string& from, const std::string& to) {
  std::string text = kToml;
  REQUIRE(contains(text, from));
  return text.replace(text.find(from), from.size(), to);
}

std::string read_error(const std::string& toml) {
  const TemporaryFolder folder;
  const auto file = folder.write("model.toml", toml).string();
  const std::string message = error_of([&] { Model::read(folder.path()); });
  return message.substr(0, file.size()) == file ? message.substr(file.size()) : message;
}

}  // namespace

TEST_CASE("a model folder says which channels, grid, statistics and weights a model has") {
  const TemporaryFolder folder;
  folder.write("tiny/model.toml", kToml);
  const Model model = Model::read(folder.path() / "tiny");
  CHECK(model.name == "tiny");
  CHECK(model.title == "tiny");
  CHECK(model.channels == std::vector<Channel>{{"temperature", 500, "K"},
                                               {"temperature", 850, "K"},
                                               {"sea_surface_temperature", {}, "K"}});
  CHECK_FALSE(model.fills[1]);
  CHECK(model.fills[2] == -2.0F);
  CHECK(model.grid.latitude == std::vector{-90.0, -45.0, 0.0, 45.0, 90.0});
  CHECK(model.network_grid().latitude == std::vector{-45.0, 0.0, 45.0, 90.0});
  CHECK(model.network_grid().longitude == model.grid.longitude);
  CHECK(model.latent.columns == 2);
  CHECK(model.sampler.steps == 10);
  CHECK(model.target_std == 0.5);
  CHECK(model.autoencoder == folder.path() / "shared-autoencoder");
  CHECK(model.statics.files.front() == folder.path() / "tiny/static.nc");
  CHECK(model.climatology.empty());
}

TEST_CASE("statistics of latents come after the autoencoder, and before a forecaster") {
  const TemporaryFolder folder;
  std::string toml = replaced("latents = \"latent_normal.json\"\n", "");
  CHECK(contains(read_error(toml), ":7: a forecaster needs the statistics of its latents"));
  toml.erase(toml.find("forecaster = "), std::string("forecaster = \"forecaster\"\n").size());
  folder.write("model.toml", toml);
  const Model model = Model::read(folder.path());
  CHECK(model.latent_statistics.empty());
  CHECK(model.missing_files().size() == 4);  // two of the network, static.nc, normal.json
}

TEST_CASE("a wrong model.toml is refused with its line") {
  CHECK(read_error(replaced("frames = 4", "frames = \"four\"")) ==
        ":5: 'frames' must be a whole number");
  CHECK(read_error(replaced("frames = 4", "frames = 0")) ==
        ":5: 'frames' is 0, it must be 1 or more");
  CHECK(read_error(replaced("frames = 4", "frame = 4")) == ":1: 'frames' is missing");
  CHECK(read_error(replaced("frames = 4", "frames = 4\nframe = 4")) == ":6: unknown key 'frame'");
  CHECK(read_error(replaced("steps  = 10", "steps  = 10\nchurn  = 1")) ==
        ":35: unknown key 'sampler.churn'");
  CHECK(read_error(replaced("format = 1", "format = 2")) ==
        ":1: format 2 is not known; this program reads 1");
  CHECK(read_error(replaced("crop_rows = [0]", "crop_rows = [5]")) ==
        ":12: 'grid.crop_rows' names row 5, the grid has 5 rows");
  CHECK(read_error(replaced("[500, 850]", "[850, 500]")) ==
        ":17: the levels of 'temperature' must ascend");
  CHECK(read_error(replaced("\"sea_surface_temperature\"", "\"sea_temperature\"")) ==
        ":20: 'sea_temperature' is not a known variable; add units = \"…\"");
  CHECK(
      contains(read_error(replaced("step = 45.0", "step = -45.0")), "'grid.latitude' must ascend"));
  CHECK(contains(read_error(replaced("max = 80.0", "max = 0.001")), "needs 0 < min < max"));
  CHECK(contains(read_error(replaced("count = 5", "count = 2000000000")),
                 "2000000000 is more than 100000"));
  CHECK(contains(read_error(replaced("first = -90.0", "first = nan")),
                 "'grid.latitude.first' is nan, it must be finite"));
  CHECK(contains(read_error(replaced("180.0, 270.0", "180.0, inf")), "holds inf"));
  CHECK(contains(read_error("format = "), ":1: "));
}

TEST_CASE("all missing files of a model are listed at once, with where to get them") {
  const TemporaryFolder folder;
  folder.write("tiny/model.toml", kToml);
  folder.write("tiny/normal.json", "{}");
  folder.write("tiny/forecaster/config.json", "{}");
  folder.write("tiny/forecaster/diffusion_pytorch_model.safetensors.index.json",
               R"({"weight_map": {"a": "part-1.safetensors", "b": "part-2.safetensors"}})");
  folder.write("tiny/forecaster/part-1.safetensors", "");
  const Model model = Model::read(folder.path() / "tiny");
  const std::string root = folder.path().string();
  CHECK(error_of([&] { model.require_files(); }) ==
        "the model 'tiny' lacks 5 files; put them at:\n  " + root +
            "/shared-autoencoder/config.json\n  " + root +
            "/shared-autoencoder/diffusion_pytorch_model.safetensors\n  " + root +
            "/tiny/forecaster/part-2.safetensors\n  " + root + "/tiny/static.nc\n  " + root +
            "/tiny/latent_normal.json\nThey are published at https://example.org/tiny");

  std::string toml = kToml;
  toml.replace(toml.find("../shared-autoencoder"), 21, std::string(5000, 'a'));
  folder.write("tiny/model.toml", toml);  // a path that no file system has
  CHECK(Model::read(folder.path() / "tiny").missing_files().size() == 5);
}

TEST_CASE(
    "a model is found as a folder, then by name in LADCAST_MODELS, then in the search folders") {
  const TemporaryFolder folder;
  folder.write("own/tiny/model.toml", kToml);
  folder.write("shipped/tiny/model.toml", kToml);
  folder.write("shipped/other/model.toml", kToml);
  const std::vector<fs::path> search = {folder.path() / "shipped"};
  const fs::path own = folder.path() / "own";
  setenv("HOME", folder.path().c_str(), 1);
  setenv("LADCAST_MODELS", ("/nowhere:" + own.string()).c_str(), 1);
  CHECK(find_model((own / "tiny").string(), search) == own / "tiny");
  CHECK(find_model("tiny", search) == own / "tiny");
  CHECK(find_model("other", search) == search[0] / "other");
  const std::string root = folder.path().string();
  const std::string message = error_of([&] { find_model("tinny", search); });
  CHECK(contains(message, "there is no model 'tinny' (models that are there: other, tiny;"));
  CHECK(contains(message, "in " + fs::current_path().string() + ", and in /nowhere, " + root +
                              "/.cache/ladcast-flow/models, " + root + "/own, " + root +
                              "/shipped)"));
  unsetenv("LADCAST_MODELS");
  CHECK(find_model("tiny", search) == search[0] / "tiny");
}

TEST_CASE("the models that ship have the channels of LaDCast and of the small planet") {
  const std::vector<std::string> names = {"ladcast-375m", "ladcast-1.6b", "ladcast-dcae"};
  for (const auto& name : names) {
    const Model model = Model::read("pipelines/models/" + name);
    CHECK(model.name == name);
    CHECK(model.channels.size() == 84);
    CHECK(to_string(model.channels[13]) == "specific_humidity 50 hPa");
    CHECK(model.channels[82].name == "sea_surface_temperature");
    CHECK(model.fills[82] == -2.0F);
    CHECK(model.statics.channels.size() == 5);
    CHECK(model.network_grid().rows() == 120);
    CHECK(model.autoencoder.lexically_normal().generic_string().starts_with(
        "pipelines/models/ladcast-dcae"));
    CHECK(contains(error_of([&] { model.require_files(); }), "huggingface.co/tonyzyl/ladcast"));
  }
  const Model planet = Model::read("pipelines/models/small-planet");
  CHECK(planet.channels.size() == 16);
  CHECK(planet.missing_files().empty());
}
