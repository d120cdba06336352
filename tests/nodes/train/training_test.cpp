// Both trainings in the real engine, with networks small enough for a test.
#include <ATen/ATen.h>
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <fstream>

#include "graph/diagnostics.h"
#include "graph/harness.h"
#include "graph/whole_file.h"
#include "nodes/ladcast/safetensors.h"
#include "nodes/train/training_step.h"
#include "tests/graph/toy_nodes.h"
#include "tests/nodes/error_message.h"
#include "tests/temporary_folder.h"

namespace ladcast {
namespace {

namespace fs = std::filesystem;

const fs::path kPlanet = "pipelines/models/small-planet";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

/// The small planet with narrow networks that have no weights yet.
void write_model(const TemporaryFolder& folder) {
  for (const char* name : {"model.toml", "normal.json", "latent_normal.json", "static.nc"})
    fs::copy_file(kPlanet / name, folder.path() / name);
  auto autoencoder = read_whole_file(kPlanet / "autoencoder/config.json");
  for (const char* part : {"decoder", "encoder"}) {
    const auto key = fmt::format("\"{}_block_out_channels\": [\n    32,\n    64,\n    128\n", part);
    autoencoder =
        replaced(autoencoder, key,
                 fmt::format("\"{}_block_out_channels\": [\n    8,\n    16,\n    64\n", part));
  }
  folder.write("autoencoder/config.json", autoencoder);
  auto forecaster = read_whole_file(kPlanet / "forecaster/config.json");
  forecaster = replaced(forecaster, "\"num_attention_heads\": 4", "\"num_attention_heads\": 1");
  forecaster = replaced(forecaster, "\"num_single_layers\": 4", "\"num_single_layers\": 1");
  folder.write("forecaster/config.json", forecaster);
}

std::string autoencoder_training(const TemporaryFolder& folder, int iterations,
                                 const std::string& more = "") {
  return fmt::format(R"(flow = 1
[run]
iterations = {1}
seed = 3
[engine]
threads = 1
[lanes]
model = {{ device = "cpu" }}
[nodes.samples]
type = "samples"
path = "examples/small_planet/truth.nc"
model = "{0}"
batch = 2
[nodes.augment]
type = "augment"
in = "samples"
[nodes.train]
type = "train_autoencoder"
in = "augment"
model = "{0}"
lane = "model"
learning_rate = 2e-3
warm_up = 2
average_after = 2
save_every = 3
send_every = 4
{2}
[nodes.cases]
type = "samples"
path = "examples/small_planet/truth.nc"
first = "2002-01-28"
model = "{0}"
batch = 2
choose = "spread"
[nodes.validate]
type = "validate"
in.step = "train"
in.cases = "cases"
model = "{0}"
lane = "model"
[nodes.weights]
type = "checkpoint"
in = "validate"
path = "{0}/out/last"
best = "{0}/out/best"
[nodes.log]
type = "training_log"
in = "validate"
path = "{0}/out/training.csv"
[nodes.report]
type = "training_report"
in = "validate"
path = "{0}/out/report.html"
)",
                     folder.path().string(), iterations, more);
}

/// The same of the forecaster: other nodes that read and learn.
std::string forecaster_training(const TemporaryFolder& folder, int iterations,
                                const std::string& more = "") {
  const std::string latents =
      "type = \"latent_samples\"\npath = \"tests/data/small_planet_latents/latents.zarr\"";
  const std::string fields = "type = \"samples\"\npath = \"examples/small_planet/truth.nc\"";
  auto text = autoencoder_training(folder, iterations, more);
  for (int i = 0; i < 2; ++i) text = replaced(text, fields, latents);
  text = replaced(text, "train_autoencoder", "train_forecaster");
  text = replaced(text, "2002-01-28", "2002-01-12");
  return replaced(text, "in.cases = \"cases\"\n", "in.cases = \"cases\"\nmembers = 2\nsteps = 4\n");
}

std::map<std::string, std::string> files_in(const fs::path& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file())
      files[fs::relative(entry.path(), folder).string()] = read_whole_file(entry.path());
  return files;
}

/// The values of one name in a training log.
std::vector<double> logged(const fs::path& file, const std::string& name) {
  std::vector<double> values;
  std::ifstream stream(file);
  for (std::string line; std::getline(stream, line);)
    if (const auto at = line.find("," + name + ","); at != std::string::npos)
      values.push_back(std::stod(line.substr(line.rfind(',') + 1)));
  return values;
}

TEST_CASE("the autoencoder learns, and its weights are in the published layout") {
  const TemporaryFolder folder;
  write_model(folder);
  toy::run(autoencoder_training(folder, 24));
  const auto losses = logged(folder.path() / "out/training.csv", "loss");
  REQUIRE(losses.size() == 24);
  CHECK((losses[21] + losses[22] + losses[23]) / 3 <
        0.97 * (losses[0] + losses[1] + losses[2]) / 3);
  CHECK(logged(folder.path() / "out/training.csv", "validation normalised rmse").size() == 6);
  CHECK(contains(read_whole_file(folder.path() / "out/report.html"), "at iteration 24"));
  CHECK(read_whole_file(folder.path() / "out/last/config.json") ==
        read_whole_file(folder.path() / "autoencoder/config.json"));
  const auto weights = read_weights_folder(folder.path() / "out/best");
  CHECK(weights.at("encoder.conv_in.weight").sizes() == at::IntArrayRef({8, 18, 3, 3}));
  CHECK(weights.at("encoder.conv_in.weight").dtype() == at::kFloat);
}

/// The iterations 1 to 11 with states saved before 4, 7 and 10.
void break_and_resume(const TemporaryFolder& folder, const std::string& text) {
  const auto journal = folder.path() / "journal";
  toy::run_part(text, journal, false, -1);
  const auto expected = files_in(folder.path() / "out");
  REQUIRE(expected.size() == 6);
  for (const int tasks : {3, 17, 41, 55}) {
    INFO(tasks);
    fs::remove_all(folder.path() / "out");
    fs::remove_all(journal);
    CHECK_THROWS(toy::run_part(text, journal, false, tasks));
    toy::run_part(text, journal, true, -1);
    const auto files = files_in(folder.path() / "out");
    CHECK(files.size() == expected.size());
    for (const auto& [name, bytes] : expected) {
      INFO(name);
      CHECK((files.at(name) == bytes));
    }
  }
}

TEST_CASE("a training that was broken off goes on to the same bytes") {
  const TemporaryFolder folder;
  write_model(folder);
  SUBCASE("of the autoencoder") { break_and_resume(folder, autoencoder_training(folder, 11)); }
  SUBCASE("of the forecaster") { break_and_resume(folder, forecaster_training(folder, 11)); }
}

TEST_CASE(
    "the forecaster learns, also in steps that follow each other and with a noisy condition") {
  const TemporaryFolder folder;
  write_model(folder);
  std::string more;
  SUBCASE("plain") {}
  SUBCASE("push-forward") { more = "push_forward = 2\n"; }
  SUBCASE("noise on the condition") { more = "condition_noise = 0.1\n"; }
  toy::run(forecaster_training(folder, 24, more));
  const auto losses = logged(folder.path() / "out/training.csv", "loss");
  REQUIRE(losses.size() == 24);
  const auto mean = [&](std::size_t first) {
    double sum = 0.0;
    for (std::size_t i = first; i < first + 8; ++i) sum += losses[i] / 8;
    return sum;
  };
  CHECK(mean(16) < 0.95 * mean(0));
  CHECK(logged(folder.path() / "out/training.csv", "validation fair crps at 24 h").size() == 6);
}

TEST_CASE("gradients of several iterations make one update") {
  const TemporaryFolder folder;
  write_model(folder);
  toy::run(replaced(autoencoder_training(folder, 6, "accumulate = 2\n"), "save_every = 3",
                    "save_every = 4"));
  const auto norms = logged(folder.path() / "out/training.csv", "gradient_norm");
  REQUIRE(norms.size() == 3);
  // A mean and not a sum: about as large as those of single iterations.
  toy::run(autoencoder_training(folder, 6));
  CHECK(norms[0] < 1.2 * logged(folder.path() / "out/training.csv", "gradient_norm")[0]);
}

TEST_CASE("a training in bfloat16 learns too") {
  const TemporaryFolder folder;
  write_model(folder);
  const auto losses_of = [&](const std::string& text) {
    toy::run(text);
    return logged(folder.path() / "out/training.csv", "loss");
  };
  for (const auto training : {autoencoder_training, forecaster_training}) {
    const auto wide = losses_of(training(folder, 6, ""));
    const auto narrow = losses_of(training(folder, 6, "precision = \"bf16\"\n"));
    for (std::size_t i = 0; i < wide.size(); ++i)
      CHECK(narrow[i] == doctest::Approx(wide[i]).epsilon(0.05));
    CHECK(narrow != wide);
  }
}

TEST_CASE("the best weights are those of the lowest score, the last those of the end") {
  const TemporaryFolder folder;
  std::map<Key, TrainingStep> steps;
  const std::vector<double> scores{3.0, 1.0, 2.0};
  for (int i = 0; i < 3; ++i) {
    auto network = std::make_shared<TrainedNetwork>();
    network->config = "{}";
    network->weights["weight"] = at::full({2}, static_cast<float>(i + 1));
    TrainingStep step{.iteration = i + 1, .network = network, .validation = {}};
    step.validation = {{"score", "", scores[static_cast<std::size_t>(i)]}};
    steps[Key{i, 0, 0}] = step;
  }
  Harness("checkpoint")
      .plan("iterations = 3")
      .set("path", "\"" + (folder.path() / "last").string() + "\"")
      .set("best", "\"" + (folder.path() / "best").string() + "\"")
      .put_all("step", steps, Axes{})
      .run();
  const auto value = [&](const char* name) {
    return read_weights_folder(folder.path() / name).at("weight")[0].item<float>();
  };
  CHECK(value("best") == 2.0F);
  CHECK(value("last") == 3.0F);
}

TEST_CASE("blocks that are computed again in the backward pass learn the same") {
  const TemporaryFolder folder;
  write_model(folder);
  const auto learned = [&](const std::string& more, auto training) {
    toy::run(training(folder, 3, more));
    return read_weights_folder(folder.path() / "out/last");
  };
  for (const auto training : {autoencoder_training, forecaster_training}) {
    const auto kept = learned("average_decay = 0.0\n", training);
    const auto again = learned("average_decay = 0.0\nrecompute = true\n", training);
    double difference = 0.0, size = 0.0;
    for (const auto& [name, tensor] : kept) {
      difference += (again.at(name) - tensor).square().sum().template item<double>();
      size += tensor.square().sum().template item<double>();
    }
    CHECK(std::sqrt(difference / size) < 1e-4);
  }
}

TEST_CASE("the decoder alone may learn") {
  const TemporaryFolder folder;
  write_model(folder);
  toy::run(autoencoder_training(folder, 4));
  const auto first = read_weights_folder(folder.path() / "out/last");
  fs::copy_file(folder.path() / "out/last/diffusion_pytorch_model.safetensors",
                folder.path() / "autoencoder/diffusion_pytorch_model.safetensors");
  toy::run(autoencoder_training(folder, 4, "start = \"model\"\nlearned = \"decoder\"\n"));
  for (const auto& [name, tensor] : read_weights_folder(folder.path() / "out/last")) {
    INFO(name);
    CHECK(at::equal(tensor, first.at(name)) == name.starts_with("encoder."));
  }
}

TEST_CASE("a report draws other trainings beside its own") {
  const TemporaryFolder folder;
  write_model(folder);
  const auto beside = [&](const std::string& file) {
    return autoencoder_training(folder, 4) + fmt::format("beside = [\"{}\"]\n", file);
  };
  const auto log = folder.write("wide network/training.csv",
                                "iteration,epoch,name,unit,value\n1,0.1,loss,,0.75\n");
  toy::run(beside(log.string()));
  CHECK(contains(read_whole_file(folder.path() / "out/report.html"), "wide network,1,loss,,0.75"));
  CHECK(contains(error_of([&] { toy::run(beside("README.md")); }), "not the log of a training"));
  CHECK(contains(error_of([&] { toy::run(beside("none.csv")); }), "none.csv"));
}

TEST_CASE("what cannot be learned from is refused") {
  const TemporaryFolder folder;
  write_model(folder);
  const auto refused = [&](const std::string& from, const std::string& to) {
    return error_of([&] { toy::run(replaced(autoencoder_training(folder, 4), from, to)); });
  };
  CHECK(contains(refused("iterations = 4", "inits = [\"2002-01-11T00\"]"), "iterations"));
  CHECK(contains(refused("first = \"2002-01-28\"", "first = \"2003-01-28\""), "has no window"));
  CHECK(contains(refused("first = \"2002-01-28\"", "first = \"then\""), "first"));
  CHECK(contains(refused("learning_rate = 2e-3", "learning_rate = 1e30\nclip = 1e30"),
                 "learning_rate"));
  CHECK(contains(refused("save_every = 3", "save_every = 3\naccumulate = 2"), "multiple of"));
}

}  // namespace
}  // namespace ladcast
