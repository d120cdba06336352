// A node whose body has a data race: ThreadSanitizer must report it, on plain threads ("gate") and
// in the real engine ("body"). Otherwise the tests under ThreadSanitizer prove nothing.

#include <chrono>
#include <string>
#include <thread>

#include "tests/graph/plain_run.h"
#include "tests/graph/toy_nodes.h"

namespace ladcast::toy {
namespace {

int unguarded = 0;

class Racer final : public Node {
  In<Numbers> in{this, "in", "numbers"};
  Out<Numbers> out{this, "out", "the same"};
  void shape(Shape& shape) override { shape.out(out).bytes = 32; }
  void run(Task& task) const override {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    ++unguarded;
    task.send(out, task.get(in));
  }
};
LADCAST_NODE(Racer, "planted_race", "Counts without a lock.");

}  // namespace
}  // namespace ladcast::toy

int main(int argc, char** argv) {
  using namespace ladcast;
  Graph graph = build_graph(parse_pipeline(toy::head(1, 8, 1, 2, "threads = 4") + R"(
[nodes.truth]
type = "toy_truth"
members = true
[nodes.racer]
type = "planted_race"
in = "truth"
[nodes.sink]
type = "toy_trajectory_sink"
in = "racer"
)",
                                           "toy.toml"));
  if (argc > 1 && std::string(argv[1]) == "gate")
    toy::run_plainly(graph, 4);
  else
    run_graph(graph);
}
