#include <ATen/ATen.h>
#include <doctest/doctest.h>

#include "graph/graph.h"
#include "graph/harness.h"
#include "graph/whole_file.h"
#include "nodes/train/latent_set.h"
#include "nodes/values/fields_payload.h"
#include "nodes/values/latent.h"
#include "tests/nodes/error_message.h"
#include "tests/temporary_folder.h"

using namespace ladcast;
namespace fs = std::filesystem;

namespace {

/// The small planet's model without statistics of latents and without forecaster: what there is
/// when the autoencoder alone is trained.
void write_autoencoder_only(const TemporaryFolder& folder) {
  const fs::path shipped = fs::absolute("pipelines/models/small-planet");
  std::string text = read_whole_file(shipped / "model.toml");
  for (const char* line : {"forecaster  = ", "latents    = ", "[climatology]", "file = "}) {
    const auto at = text.find(line);
    REQUIRE(at != std::string::npos);
    text.insert(at, "# ");
  }
  folder.write("model/model.toml", text);
  for (const char* name : {"autoencoder", "normal.json", "static.nc"})
    fs::create_symlink(shipped / name, folder.path() / "model" / name);
}

void encode(const std::string& model, const fs::path& store) {
  Graph graph = build_graph(parse_pipeline(
      fmt::format("flow = 1\n[run]\ninits = [\"2002-01-11\"]\n[lanes]\nmodel = {{ device = \"cpu\" "
                  "}}\n[nodes.analysis]\ntype = \"netcdf_in\"\nmodel = \"{0}\"\n"
                  "path = \"examples/small_planet/analysis.nc\"\n"
                  "[nodes.scale]\ntype = \"normalise\"\nin = \"analysis\"\nmodel = \"{0}\"\n"
                  "[nodes.encode]\ntype = \"encode\"\nin = \"scale\"\nmodel = \"{0}\"\n"
                  "lane = \"model\"\n[nodes.set]\ntype = \"latent_set_out\"\nin = \"encode\"\n"
                  "model = \"{0}\"\npath = \"{1}\"\n",
                  model, store.string()),
      "test.toml"));
  run_graph(graph);
}

}  // namespace

TEST_CASE("a model without statistics of latents encodes the training set of which they are made") {
  const TemporaryFolder folder;
  write_autoencoder_only(folder);
  encode((folder.path() / "model").string(), folder.path() / "new.zarr");
  encode("small-planet", folder.path() / "known.zarr");
  const Time time = parse_time("2002-01-11");
  const auto made = LatentSet(folder.path() / "new.zarr").read(time);
  const auto scaled_back = LatentSet(folder.path() / "known.zarr").read(time);
  CHECK(made.abs().max().item<double>() > 1);
  CHECK(at::allclose(made, scaled_back, 1e-5, 1e-5));
}

TEST_CASE("an analysis that its reader skipped is not encoded") {
  const Model model = Model::read("pipelines/models/small-planet");
  const Fields absent{
      model.network_grid(), model.channels, parse_time("2000-01-01"), {0}, {}, true, {}};
  Harness harness("encode");
  harness.set("model", "\"small-planet\"").put("fields", absent);
  CHECK(contains(error_of([&] { harness.all<Latent>("latent"); }),
                 "the analysis of 2000-01-01T00 is not there"));
}
