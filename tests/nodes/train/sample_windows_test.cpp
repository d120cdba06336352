// Which windows of an archive are learned from.
#include "nodes/train/sample_windows.h"

#include <doctest/doctest.h>

#include <chrono>

#include "graph/harness.h"
#include "nodes/train/samples.h"
#include "tests/nodes/error_message.h"

namespace ladcast {
namespace {

/// First frames of the windows of an epoch, ascending, of the small planet's test archive: 6-hourly
/// latents of 2002-01-11T00 to 2002-01-14T06.
std::vector<std::string> windows(const std::string& more, int iterations = 14) {
  std::vector<std::string> times;
  Harness harness("latent_samples");
  harness.plan("iterations = " + std::to_string(iterations));
  harness.set("path", "\"tests/data/small_planet_latents/latents.zarr\"")
      .set("model", "\"small-planet\"");
  for (std::size_t begin = 0; begin < more.size();) {
    const auto end = std::min(more.find(';', begin), more.size());
    const auto part = more.substr(begin, end - begin);
    harness.set(part.substr(0, part.find('=')), part.substr(part.find('=') + 1));
    begin = end + 1;
  }
  for (const auto& samples : harness.all<Samples>("samples"))
    for (const Time time : samples.times) times.push_back(short_time(time));
  return times;
}

std::vector<std::string> sorted(std::vector<std::string> times) {
  std::sort(times.begin(), times.end());
  return times;
}

TEST_CASE("no frame of a window is after the last time or before the first") {
  const auto times = sorted(windows("batch=1;first=\"2002-01-11T12\";last=\"2002-01-13T06\"", 4));
  CHECK(times == std::vector<std::string>{"2002-01-11T12", "2002-01-11T18", "2002-01-12T00",
                                          "2002-01-12T06"});
}

TEST_CASE("windows begin at multiples of some hours") {
  CHECK(sorted(windows("batch=1;every_hours=24", 3)) ==
        std::vector<std::string>{"2002-01-11T00", "2002-01-12T00", "2002-01-13T00"});
}

TEST_CASE("shards have no window in common and leave none out") {
  const auto all = sorted(windows("batch=1", 10));
  auto parts = windows("batch=1;shard=[1, 2]", 5);
  for (const auto& time : windows("batch=1;shard=[2, 2]", 5)) parts.push_back(time);
  CHECK(sorted(parts) == all);
}

TEST_CASE("repeats are the same windows in a row") {
  const auto times = windows("batch=1;repeats=3", 9);
  REQUIRE(times.size() == 9);
  for (std::size_t i = 0; i < 9; i += 3) {
    CHECK(times[i + 1] == times[i]);
    CHECK(times[i + 2] == times[i]);
  }
  CHECK(times[3] != times[0]);
}

TEST_CASE("spread windows are the same in each iteration, from the first to the last") {
  const std::string spread = "batch=4;choose=\"spread\"";
  const auto times = windows(spread, 2);
  REQUIRE(times.size() == 8);
  CHECK(times[0] == "2002-01-11T00");
  CHECK(times[3] == sorted(windows("batch=1", 10)).back());
  for (std::size_t i = 0; i < 4; ++i) CHECK(times[i] == times[i + 4]);
  CHECK(contains(error_of([] { windows("batch=40;choose=\"spread\"", 1); }), "fewer than the 40"));
}

}  // namespace
}  // namespace ladcast
