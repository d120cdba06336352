// A shared library that has nothing to do with us.
#include <cstdlib>

namespace {
[[gnu::constructor]] void run_at_load() { std::abort(); }
}  // namespace
