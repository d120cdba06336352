#include "tests/bench/networks.h"

#include <ATen/ATen.h>

#include "graph/error.h"
#include "nodes/values/model.h"
#include "tests/nodes/ladcast/random_networks.h"
#include "tests/temporary_folder.h"

namespace ladcast::bench {
namespace {

Schedule schedule_of(const Sampler& s) {
  return Schedule::karras(s.steps, s.sigma_min, s.sigma_max, s.rho, s.sigma_data);
}

template <class Net>
void convert_any(Net& network, at::ScalarType dtype) {
  network.describe(
      [dtype](const std::string&, const Sizes&, at::Tensor& slot) { slot = slot.to(dtype); });
  network.prepare();
}

}  // namespace

TokenCounts Network::tokens() const {
  return token_counts(*forecaster, frames, latent_rows(), latent_columns());
}

Forecaster Network::make_forecaster(at::ScalarType dtype) const {
  Forecaster made(*forecaster);
  if (is_random()) {
    test::randomise(made, 1);
    convert(made, dtype);
  } else {
    made = load_forecaster(Model::read(folder).forecaster, at::kCPU, dtype);
  }
  made.pack();
  return made;
}

Autoencoder Network::make_autoencoder(at::ScalarType dtype) const {
  Autoencoder made(autoencoder);
  if (is_random()) {
    test::randomise(made, 2);
    convert(made, dtype);
  } else {
    made = load_autoencoder(Model::read(folder).autoencoder, at::kCPU, dtype);
  }
  made.pack(rows, columns);
  return made;
}

Network read_network(const std::filesystem::path& folder) {
  const Model model = Model::read(folder);
  model.require_files();
  const Grid grid = model.network_grid();
  Network network{model.name,
                  folder,
                  {},
                  read_autoencoder_config(model.autoencoder),
                  static_cast<std::int64_t>(grid.rows()),
                  static_cast<std::int64_t>(grid.columns()),
                  model.frames,
                  schedule_of(model.sampler)};
  if (!model.forecaster.empty()) network.forecaster = read_forecaster_config(model.forecaster);
  return network;
}

Network published_network(const std::string& name) {
  const std::filesystem::path configurations = "tests/data/published";
  if (!std::filesystem::exists(configurations))
    fail("there is no {}: run ladcast-bench in the root of the source tree, or give --model FOLDER",
         configurations.string());
  const TemporaryFolder folder;
  return {name,
          {},
          read_forecaster_config(test::published_network(folder.path(), name)),
          read_autoencoder_config(test::published_network(folder.path(), "DCAE84")),
          120,
          240,
          4,
          schedule_of({})};
}

void convert(Forecaster& forecaster, at::ScalarType dtype) { convert_any(forecaster, dtype); }
void convert(Autoencoder& autoencoder, at::ScalarType dtype) { convert_any(autoencoder, dtype); }

}  // namespace ladcast::bench
