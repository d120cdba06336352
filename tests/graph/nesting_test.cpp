#include "graph/nesting.h"

#include <doctest/doctest.h>

#include <string>

#include "graph/error.h"
#include "graph/pipeline.h"

using namespace ladcast;

namespace {

std::string repeated(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

}  // namespace

TEST_CASE("JSON may be nested 100 deep, and brackets in texts do not count") {
  CHECK_NOTHROW(require_shallow_json(repeated("[", 100) + repeated("]", 100)));
  CHECK_NOTHROW(require_shallow_json(repeated("[[]],", 1000)));
  CHECK_NOTHROW(require_shallow_json("\"" + repeated("[\\\"", 1000) + "\""));
  CHECK_THROWS_AS(require_shallow_json(repeated("[", 101)), Error);
  CHECK_THROWS_AS(require_shallow_json(repeated("{\"a\":", 100'000)), Error);
}

TEST_CASE("a key of TOML may have 100 dots, and those of numbers do not count") {
  CHECK_NOTHROW(require_shallow_toml("[" + repeated("1.5, ", 1000) + "]"));
  CHECK_NOTHROW(require_shallow_toml(repeated("a.b = 1\n", 1000)));
  CHECK_THROWS_AS(require_shallow_toml("a" + repeated(".a", 101) + " = 1"), Error);
  CHECK_THROWS_AS(parse_pipeline("[a" + repeated(".a", 50'000) + "]\n", "p.toml"), PipelineError);
  CHECK_THROWS_AS(parse_pipeline("", "p.toml", {"a" + repeated(".a", 50'000) + "=1"}),
                  PipelineError);
}
