#include <doctest/doctest.h>

#include <atomic>

#include "graph/lane.h"
#include "tests/graph/plain_run.h"
#include "tests/graph/random_pipeline.h"
#include "tests/graph/toy_nodes.h"

using namespace ladcast;

TEST_CASE("gate, inboxes, tickets and payloads on plain threads give the hashes of one thread") {
  for (unsigned seed = 0; seed < 60; ++seed) {
    CAPTURE(seed);
    toy::set_jitter(seed % 2 ? 50 : 0);
    std::map<std::string, std::uint64_t> expected;
    for (const int threads : {1, 2, 8}) {
      Graph graph =
          build_graph(parse_pipeline(toy::RandomPipeline(seed).text(threads), "toy.toml"));
      toy::diary() = {};
      CHECK(toy::run_plainly(graph, threads) == 0);
      if (threads == 1) expected = toy::diary().hashes;
      CHECK(!expected.empty());
      CHECK(toy::diary().hashes == expected);
    }
  }
  toy::set_jitter(0);
}

TEST_CASE("a lane of one thread runs what is posted in order, and calls throw to the caller") {
  std::vector<int> seen;  // by the lane's thread alone
  {
    Lane lane("service", "", 1);
    for (int i = 0; i < 1000; ++i) lane.post([&seen, i] { seen.push_back(i); });
    lane.call([&seen] { seen.push_back(-1); });
    CHECK_THROWS_WITH(lane.call([] { throw std::runtime_error("from the lane"); }),
                      "from the lane");
    lane.post([&seen] { seen.push_back(-2); });
  }
  REQUIRE(seen.size() == 1002);
  CHECK(seen[999] == 999);
  CHECK(seen[1000] == -1);
  CHECK(seen[1001] == -2);
}

TEST_CASE("a lane of several threads takes work from several threads") {
  std::atomic<int> sum{0};
  {
    Lane lane("model", "", 4);
    std::vector<std::thread> posters;
    for (int t = 0; t < 3; ++t)
      posters.emplace_back([&lane, &sum] {
        for (int i = 0; i < 200; ++i) lane.post([&sum] { ++sum; });
        lane.call([&sum] { ++sum; });
      });
    for (auto& poster : posters) poster.join();
  }
  CHECK(sum == 603);
}
