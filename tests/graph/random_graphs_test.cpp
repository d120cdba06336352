#include <doctest/doctest.h>

#include "graph/estimate.h"
#include "tests/graph/random_pipeline.h"
#include "tests/graph/toy_nodes.h"

using namespace ladcast;

TEST_CASE("random graphs give equal hashes at 1, 2 and 8 threads, within their memory bound") {
  const char* count = std::getenv("LADCAST_RANDOM_GRAPHS");
  const unsigned graphs = count ? static_cast<unsigned>(std::stoul(count)) : 150;
  for (unsigned seed = 0; seed < graphs; ++seed) {
    const toy::RandomPipeline pipeline(seed);
    CAPTURE(seed);
    CAPTURE(pipeline.text(1));
    const auto bound = estimate(build_graph(parse_pipeline(pipeline.text(8), "toy.toml")));
    toy::set_jitter(0);
    toy::run(pipeline.text(1));
    const auto expected = toy::diary().hashes;
    CHECK(!expected.empty());
    for (const int threads : {2, 8}) {
      toy::set_jitter(seed % 2 ? 50 : 0);
      const RunReport report = toy::run(pipeline.text(threads));
      CHECK(toy::diary().hashes == expected);
      CHECK(report.left_payloads == 0);
      CHECK(report.peak_payloads <= static_cast<std::size_t>(bound.payloads));
    }
  }
  toy::set_jitter(0);
}
