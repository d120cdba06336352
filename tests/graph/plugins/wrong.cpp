// Built for something else: WRONG_abi, WRONG_build or WRONG_libtorch.
#include <cstdlib>

#include "tests/graph/plugins/idle.h"

namespace ladcast {
namespace {

[[gnu::constructor]] void run_at_load() { std::abort(); }

consteval Plugin altered() {
  Plugin plugin = make_plugin("wrong", "1.0", "", &node_entries);
#if defined(WRONG_abi)
  plugin.abi = 99;
#elif defined(WRONG_build)
  plugin.build[0] = 'x';
#else
  plugin.libtorch[0] = '1';
#endif
  return plugin;
}

LADCAST_NODE(Idle, "wrong", "Never seen.");

}  // namespace
}  // namespace ladcast

extern "C" {
[[gnu::visibility("default")]] extern const ladcast::Plugin ladcast_plugin;
constinit const ladcast::Plugin ladcast_plugin = ladcast::altered();
}
