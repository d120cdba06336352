#include <doctest/doctest.h>
#include <netcdf.h>

#include <cmath>

#include "graph/harness.h"
#include "graph/whole_file.h"
#include "nodes/ingest/netcdf_file.h"
#include "nodes/verify/daily_climatology.h"
#include "tests/nodes/error_message.h"
#include "tests/nodes/output/numbered_fields.h"
#include "tests/temporary_folder.h"

using namespace ladcast;
namespace fs = std::filesystem;

namespace {

const Axes kEachInit{true, {}, false};
const char* const kThreeInits = R"(inits = ["2003-12-31T06", "2004-12-30T06", "2004-12-31T18"])";

/// One map of each channel, all of whose points have the value but the first, which is missing.
Fields analysis(const char* init, float value) {
  Fields fields{numbered::grid(), numbered::channels(), parse_time(init), {0}, {0}, false, {}};
  fields.allocate(value);
  for (std::size_t c = 0; c < fields.channels.size(); ++c) fields.map(0, 0, c)[0] = NAN;
  return fields;
}

Fields absent(const char* init) {
  return {numbered::grid(), numbered::channels(), parse_time(init), {0}, {}, false, {}};
}

std::map<Key, Fields> three_analyses() {
  return {{{0, 0, 0}, analysis("2003-12-31T06", 3)},
          {{1, 0, 0}, analysis("2004-12-30T06", 9)},
          {{2, 0, 0}, analysis("2004-12-31T18", 40)}};
}

Harness climatology(const fs::path& path, std::map<Key, Fields> analyses) {
  Harness harness("climatology_out");
  harness.plan(kThreeInits)
      .set("path", '"' + path.string() + '"')
      .put_all<Fields>("fields", std::move(analyses), kEachInit);
  return harness;
}

/// A year of daily analyses of the numbered forecast, each with the values of its lead 24 * day.
class Analyses final : public Node {
  Out<Fields> out{this, "fields", "numbered"};

  Axes source_axes(const Plan&) const override { return kEachInit; }
  void shape(Shape& shape) override {
    describe_fields(shape.out(out), numbered::channels(), numbered::grid(), false, 1, 1);
  }
  void run(Task& task) const override {
    Fields fields = numbered::fields({0}, 24 * task.key().item, task.init());
    fields.lead_hours = {0};
    if (task.key().item % 10 == 3) {
      fields.members.clear();
      fields.values.clear();
    }
    task.send(out, std::move(fields));
  }
};

std::string half_a_year(const fs::path& path, int threads) {
  static const Registration source(
      NodeType{"numbered_analyses", "", [] { return std::make_unique<Analyses>(); }});
  return fmt::format(
      "flow = 1\n[engine]\nthreads = {}\n[run]\n"
      "inits = {{ first = \"2003-11-01\", last = \"2004-01-20\", every_hours = 24 }}\n"
      "[nodes.analyses]\ntype = \"numbered_analyses\"\n"
      "[nodes.climate]\ntype = \"climatology_out\"\nin = \"analyses\"\ndeviation = true\n"
      "path = \"{}\"\n",
      threads, path.string());
}

}  // namespace

TEST_CASE("climatology_out writes means and deviations that climatology reads") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "made" / "climatology.nc";
  auto harness = climatology(path, three_analyses());
  harness.set("window_days", "3").set("deviation", "true").run();

  const DailyClimatology mean(path, numbered::channels(), numbered::grid());
  const auto values = [&](const char* valid) { return mean.at(parse_time(valid), 0); };
  for (const std::size_t channel : {0U, 1U, 2U}) {
    CHECK(values("2010-12-31T06").map(0, 0, channel)[7] == 6);  // day 365: 3 and 9
    CHECK(values("2012-12-31T06").map(0, 0, channel)[7] == 3);  // day 366: that of 2003
    CHECK(values("2012-12-31T18").map(0, 0, channel)[7] == 40);
    CHECK(std::isnan(values("2010-12-31T18").map(0, 0, channel)[7]));
    CHECK(std::isnan(values("2010-12-31T06").map(0, 0, channel)[0]));
  }
  const CfFields file(open_netcdf(path));
  const auto& raw = file.file();
  CHECK(raw.find("2m_temperature")->dimensions.size() == 4);
  CHECK(raw.values(*raw.find("geopotential_std"), std::vector<std::size_t>{0, 364, 1, 4, 4},
                   std::vector<std::size_t>{1, 1, 1, 1, 1}) == std::vector{3.0});
  const auto counts = raw.values(*raw.find("count"));
  REQUIRE(counts.size() == 2 * 366);
  CHECK(counts[364] == 2);  // 06 UTC
  CHECK(counts[365] == 1);
  CHECK(counts[366 + 364] == 0);  // 18 UTC
  CHECK(counts[366 + 365] == 1);
  CHECK(raw.text({NC_GLOBAL, "", {}}, "window_days") == "3");
}

TEST_CASE("a climatology tells of what analyses it is, and warns a run that is valid among them") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "climatology.nc";
  climatology(path, three_analyses()).run();
  const auto analyses = DailyClimatology(path, numbered::channels(), numbered::grid()).analyses();
  REQUIRE(analyses);
  CHECK(analyses->first == parse_time("2003-12-31T06"));
  CHECK(analyses->second == parse_time("2004-12-31T18"));

  const auto said_in = [&](const char* year) {
    Graph graph = numbered::graph_of(fmt::format(R"(flow = 1
[run]
inits = ["{}-12-31T12"]
lead = {{ step_hours = 6, until_hours = 6 }}
[nodes.climate]
type = "climatology"
path = "{}"
channels = ["2m_temperature"]
[nodes.shown]
type = "netcdf_out"
in = "climate"
path = "{}/{{init}}.nc"
)",
                                                 year, path.string(), folder.path().string()));
    std::string said;
    RunOptions options;
    options.print = [&](const std::string& text) { said += text; };
    run_graph(graph, options);
    return said;
  };
  CHECK(contains(said_in("2004"), "1 of the 1 valid times of this run are among them"));
  CHECK(said_in("2010").empty());
}

TEST_CASE("analyses that are absent and values that are missing are counted and named") {
  const TemporaryFolder folder;
  Graph graph = numbered::graph_of(half_a_year(folder.path() / "climatology.nc", 2));
  std::string said;
  RunOptions options;
  options.print = [&](const std::string& text) { said += text; };
  run_graph(graph, options);
  CHECK(contains(said, "climatology of 73 analyses, 2003-11-01T00 to 2004-01-20T00"));
  CHECK(contains(said, "8 were absent: 2003-11-04T00, 2003-11-14T00, "));

  auto analyses = three_analyses();
  for (auto& [key, fields] : analyses) fields = absent("2003-12-31T06");
  CHECK(
      contains(error_of([&] { climatology(folder.path() / "none.nc", std::move(analyses)).run(); }),
               "none of the 3 analyses is there"));
  CHECK_FALSE(fs::exists(folder.path() / "none.nc"));
}

TEST_CASE("a climatology has the same bytes at any number of threads") {
  const TemporaryFolder folder;
  std::string first;
  for (const int threads : {1, 2, 8}) {
    const auto path = folder.path() / "climatology.nc";
    numbered::run(half_a_year(path, threads));
    const std::string bytes = read_whole_file(path);
    if (first.empty()) first = bytes;
    CHECK(bytes == first);
  }
}

TEST_CASE("a climatology that was broken off leaves nothing, and goes on to equal bytes") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "climatology.nc";
  const std::string text = half_a_year(path, 2);
  numbered::run(text);
  const std::string whole = read_whole_file(path);
  for (const int stop : {0, 3, 70, 150}) {
    CAPTURE(stop);
    fs::remove(path);
    const auto journal = folder.path() / fmt::format("journal{}", stop);
    REQUIRE_FALSE(numbered::run_part(text, journal, false, stop));
    CHECK_FALSE(fs::exists(path));
    // What a killed process would have left.
    folder.write("climatology.nc.part", "half a file");
    REQUIRE(numbered::run_part(text, journal, true, -1));
    CHECK(read_whole_file(path) == whole);
    CHECK_FALSE(fs::exists(folder.path() / "climatology.nc.part"));
  }
}

TEST_CASE("plan states the memory of the sums and the size of the file") {
  Graph graph = numbered::graph_of(half_a_year("out/climatology.nc", 2));
  const auto& sink = *graph.nodes.back().stage;
  const std::size_t maps = 82 * 3;  // days 305 to 366 and 1 to 20, three channels
  CHECK(sink.memory().resident == maps * 18 * 36 * (8 + 8 + 2));
  CHECK(sink.claims().at(0).bytes == 366ULL * 3 * 2 * 18 * 36 * 4);
}

TEST_CASE("what is no analysis, and a setting that makes no sense, are refused") {
  const TemporaryFolder folder;
  const auto path = (folder.path() / "climatology.nc").string();
  const auto refused = [&](const char* key, const std::string& value) {
    auto harness = climatology(folder.path() / "climatology.nc", three_analyses());
    return error_of([&] { harness.set(key, value).run(); });
  };
  CHECK(contains(refused("window_days", "60"), "a window of 60 days has no day in the middle"));
  const auto node = [&](const std::string& name) {
    return "[nodes.climate]\ntype = \"climatology_out\"\nin = \"forecast\"\npath = \"" + name +
           "\"\n";
  };
  CHECK(contains(error_of([&] { numbered::run(numbered::pipeline(node(path))); }),
                 "a climatology is made of analyses, not of forecasts"));
  CHECK(contains(error_of([&] { numbered::run(numbered::pipeline(node("out/{init}.nc"))); }),
                 "one file holds the whole climatology"));

  auto moved = three_analyses();
  moved.at({1, 0, 0}).grid.longitude[0] = 1;
  CHECK(contains(error_of([&] { climatology(path, std::move(moved)).run(); }),
                 "the analysis of 2004-12-30T06 has another grid"));
  CHECK_FALSE(fs::exists(path));
  Harness harness("climatology_out");
  harness.plan(R"(inits = ["2003-12-31T06:30"])")
      .set("path", '"' + path + '"')
      .put_all<Fields>("fields", {{{0, 0, 0}, analysis("2003-12-31T06:30", 1)}}, kEachInit);
  CHECK(contains(error_of([&] { harness.run(); }), "2003-12-31T06:30 is not on the hour"));
}
