#include "nodes/values/latent.h"

#include <ATen/ops/full.h>
#include <ATen/ops/sum.h>
#include <doctest/doctest.h>

#include "graph/harness.h"

using namespace ladcast;

TEST_CASE("a plugin built against an install prefix computes on latents") {
  const Latent latent{at::full({1, 2, 1, 2, 3}, 8.0F), parse_time("2002-01-11"), {0}, {1}};
  const Latent half = Harness("halve_latent").put("latent", latent).get<Latent>("halved");
  CHECK(at::sum(half.values).item<float>() == 48);
}
