#include <doctest/doctest.h>

#include <cmath>
#include <numbers>

#include "graph/harness.h"
#include "nodes/values/fields_payload.h"
#include "nodes/values/moments.h"
#include "tests/nodes/error_message.h"
#include "tests/temporary_folder.h"

using namespace ladcast;
namespace fs = std::filesystem;

namespace {

const Grid kGrid{{-60, 0}, {0, 180}};
const std::vector<Channel> kChannels = {{"temperature", 500, "K"}, {"2m_temperature", {}, "K"}};
const char* const kTwoInits = R"(inits = ["2003-12-31T06", "2004-12-31T18"])";

/// [channel][point]
Fields analysis(int item, const std::vector<float>& values) {
  const char* init = item == 0 ? "2003-12-31T06" : "2004-12-31T18";
  return {kGrid, kChannels, parse_time(init), {0}, {0}, false, values};
}

Harness statistics(const fs::path& path, const Fields& first, const Fields& second) {
  Harness harness("field_statistics");
  harness.plan(kTwoInits)
      .set("path", '"' + path.string() + '"')
      .put_all<Fields>("fields", {{{0, 0, 0}, first}, {{1, 0, 0}, second}}, {true, {}, false});
  return harness;
}

std::string refusal(const Fields& first, const Fields& second, const std::string& file = "s.json") {
  const TemporaryFolder folder;
  const std::string message =
      error_of([&] { statistics(folder.path() / file, first, second).run(); });
  CHECK(fs::is_empty(folder.path()));
  return message;
}

}  // namespace

TEST_CASE("statistics are those of all points and times alike, of the population") {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "made" / "normal.json";
  statistics(file, analysis(0, {2, 4, 4, 4, 1, 1, 1, 1}), analysis(1, {5, 5, 7, 9, NAN, 5, 5, NAN}))
      .run();
  const Moments moments = read_field_moments(file, kChannels);
  CHECK(moments.mean[0] == 5);
  CHECK(moments.std[0] == 2);
  CHECK(moments.mean[1] == doctest::Approx(14.0 / 6).epsilon(1e-15));
  CHECK(moments.std[1] == doctest::Approx(std::sqrt(32.0 / 9)).epsilon(1e-15));
}

TEST_CASE("rows may count by the cosine of their latitude") {
  const TemporaryFolder folder;
  auto harness = statistics(folder.path() / "s.json", analysis(0, {0, 0, 3, 3, 0, 1, 2, 3}),
                            analysis(1, {0, 0, 3, 3, 0, 1, 2, 3}));
  harness.set("weights", "\"cos\"").run();
  const Moments moments = read_field_moments(folder.path() / "s.json", kChannels);
  CHECK(moments.mean[0] == doctest::Approx(2));  // the row at 60 S counts half
  CHECK(moments.std[0] == doctest::Approx(std::numbers::sqrt2));
}

TEST_CASE("an analysis that is absent is left out, and all absent are an error") {
  const Fields there = analysis(0, {1, 2, 3, 4, 5, 6, 7, 8});
  Fields absent = analysis(1, {});
  absent.members.clear();
  const TemporaryFolder folder;
  statistics(folder.path() / "s.json", there, absent).run();
  CHECK(read_field_moments(folder.path() / "s.json", kChannels).mean == std::vector{2.5, 6.5});
  CHECK(contains(refusal(absent, absent), "none of the 2 analyses is there"));
}

TEST_CASE("statistics that cannot be used are not written") {
  const Fields good = analysis(0, {1, 2, 3, 4, 5, 6, 7, 8});
  const Fields constant = analysis(0, {1, 2, 3, 4, 5, 5, 5, 5});
  CHECK(contains(refusal(constant, constant), "2m_temperature is 5 everywhere and always"));
  const Fields missing = analysis(0, {NAN, NAN, NAN, NAN, 5, 6, 7, 8});
  CHECK(contains(refusal(missing, missing), "s.json: channels without a deviation"));
  CHECK(contains(refusal(missing, missing), "500 hPa is missing at all points and times"));
  Fields other = analysis(1, good.values);
  other.grid.latitude = {-30, 30};
  CHECK(contains(refusal(good, other), "the analysis of 2004-12-31T18 has another grid"));
  Fields normalised = good;
  normalised.normalised = true;
  CHECK(contains(refusal(normalised, normalised), "take the fields before 'normalise'"));
  CHECK(contains(refusal(good, good, "{init}.json"), "one file holds the statistics of all"));
}
