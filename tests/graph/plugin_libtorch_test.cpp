#include <ATen/ops/full.h>
#include <ATen/ops/sum.h>
#include <doctest/doctest.h>

#include "graph/harness.h"
#include "graph/plugin_file.h"
#include "graph/plugin_loader.h"
#include "graph/version.h"
#include "nodes/values/latent.h"

using namespace ladcast;

TEST_CASE("a plugin that uses LibTorch says so and computes on latents") {
  const std::string file = TEST_PLUGINS "/latent_plugin.so";
  CHECK(std::string(read_plugin(file).libtorch) == version_of("LibTorch"));
  load_plugin(file);
  const Latent latent{at::full({1, 2, 1, 2, 3}, 8.0F), parse_time("2002-01-11"), {0}, {1}};
  const Latent half = Harness("halve_latent").put("latent", latent).get<Latent>("halved");
  CHECK(at::sum(half.values).item<float>() == 48);
}

TEST_CASE("a plugin of another LibTorch is refused with both versions") {
  CHECK_THROWS_WITH_AS(
      load_plugin(TEST_PLUGINS "/wrong_libtorch_plugin.so"),
      doctest::Contains((", LibTorch 1; this ladcast-flow needs ABI 4, " +
                         std::string(kPluginBuild) + ", LibTorch " + version_of("LibTorch"))
                            .c_str()),
      PluginError);
}
