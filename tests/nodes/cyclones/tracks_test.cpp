#include "nodes/values/tracks.h"

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>

#include "graph/harness.h"
#include "nodes/values/fields_payload.h"
#include "nodes/values/scores.h"
#include "tests/nodes/cyclones/vortex.h"
#include "tests/nodes/error_message.h"
#include "tests/nodes/output/numbered_fields.h"
#include "tests/temporary_folder.h"

using namespace ladcast;
using namespace ladcast::test;

namespace {

constexpr int kLeads = 4;
const char* const kRun =
    "inits = [\"2018-09-30T00:00:00Z\"]\nmembers = 3\nbatch = 2\n"
    "lead = { step_hours = 6, until_hours = 24 }";
const char* const kBestTracks =
    "SID,SEASON,NAME,ISO_TIME,LAT,LON,PRES\n"
    ",Year,,,degrees_north,degrees_east,mb\n"
    "A,2018,ALPHA,2018-09-29 12:00:00,18.0,136.0,1000\n"
    "A,2018,ALPHA,2018-09-30 00:00:00,18.0,134.0,990\n"
    "A,2018,ALPHA,2018-09-30 06:00:00,18.0,133.0,985\n"
    "A,2018,ALPHA,2018-09-30 12:00:00,18.0,132.0,980\n"
    "A,2018,ALPHA,2018-09-30 18:00:00,18.0,131.0,980\n"
    "A,2018,ALPHA,2018-10-01 00:00:00,18.0,130.0,980\n"
    "OLD,2017,BETA,2017-09-30 00:00:00,18.0,134.0,990\n";

/// At lead 6 n it is where the best track has it, `north` degrees times the member further north;
/// another storm is far away.
Fields forecast(const std::vector<int>& members, int lead, double north = 0.5) {
  Fields fields{regular_grid(-60, 60, 0, 358.6, 1.5),
                {{"mean_sea_level_pressure", {}, "Pa"},
                 {"geopotential", 300, "m2 s-2"},
                 {"geopotential", 500, "m2 s-2"},
                 {"10m_u_component_of_wind", {}, "m s-1"},
                 {"10m_v_component_of_wind", {}, "m s-1"}},
                parse_time("2018-09-30"),
                {6 * lead},
                members,
                false,
                {}};
  for (const int member : members) {
    const std::vector<float> flat(fields.grid.points(), 100000.0F);
    State state{fields.grid, flat, flat, flat};
    Vortex{{18.0 + north * member, 134.0 - lead}}.add_to(state);
    Vortex{{-20.0, 60.0 + lead}}.add_to(state);
    const std::vector<float> wind(fields.grid.points(), 12.0F);
    for (const auto& map : {state.msl, state.z300, state.z500, wind, wind})
      fields.values.insert(fields.values.end(), map.begin(), map.end());
  }
  return fields;
}

std::map<Key, Fields> forecasts() {
  std::map<Key, Fields> all;
  for (int lead = 1; lead <= kLeads; ++lead) {
    all[{0, lead, 0}] = forecast({1, 2}, lead);
    all[{0, lead, 1}] = forecast({3}, lead);
  }
  return all;
}

Harness tracks_of(std::map<Key, Fields> fields) {
  Harness harness("tracks");
  harness.plan(kRun).put_all<Fields>("fields", std::move(fields), Axes{true, {1, 1, kLeads}, true});
  return harness;
}

std::string quoted(const std::filesystem::path& path) { return '"' + path.string() + '"'; }

double north_of(const Track& track, std::size_t point) {
  return track.points.at(point).position.latitude - 18.0;
}

std::string text_of(const std::filesystem::path& file) {
  std::ifstream stream(file);
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// A forecast of two storms in four members, leads 6 to 36 h.
class StormForecast final : public Node {
  Out<Fields> out{this, "fields", "two storms"};

  Axes source_axes(const Plan& plan) const override { return {true, plan.each_lead(), true}; }
  void shape(Shape& shape) override {
    const Fields like = forecast({1}, 1);
    describe_fields(shape.out(out), like.channels, like.grid, false, shape.plan().largest_batch(),
                    1);
  }
  void run(Task& task) const override { task.send(out, forecast(task.members(), task.key().lead)); }
};

/// Ends with the node "tracks", whose parameters may follow.
std::string tracking_nodes(const std::filesystem::path& file) {
  static const Registration source(
      NodeType{"storm_forecast", "", [] { return std::make_unique<StormForecast>(); }});
  return fmt::format(
      "[nodes.storms]\ntype = \"storm_forecast\"\n"
      "[nodes.files]\ntype = \"tracks_out\"\nin = \"tracks\"\npath = \"{0}.csv\"\n"
      "geojson = \"{0}.geojson\"\n"
      "[nodes.tracks]\ntype = \"tracks\"\nin = \"storms\"\n",
      file.string());
}

std::string storm_nodes(const std::filesystem::path& file) {
  return tracking_nodes(file) + "min_life = 18\nmin_points = 3\n";
}

Tracks ensemble(const std::vector<int>& members, double north) {
  Tracks tracks{parse_time("2018-09-30"), {6, 12, 18, 24}, members, {}};
  for (const int member : members) {
    Track& track = tracks.tracks.emplace_back(Track{"A", member, {}});
    for (int lead = 1; lead <= kLeads; ++lead)
      track.points.push_back({6 * lead, {18.0 + north * member, 134.0 - lead}, 98100, 12});
  }
  return tracks;
}

}  // namespace

TEST_CASE("storms of the best tracks are followed in each member") {
  const TemporaryFolder folder;
  const auto batches = tracks_of(forecasts())
                           .set("storms", quoted(folder.write("best.csv", kBestTracks)))
                           .all<Tracks>("tracks");
  REQUIRE(batches.size() == 2);
  CHECK(batches[0].members == std::vector<int>{1, 2});
  CHECK(batches[1].members == std::vector<int>{3});
  CHECK(batches[0].lead_hours == std::vector<int>{6, 12, 18, 24});
  REQUIRE(batches[0].tracks.size() == 2);
  REQUIRE(batches[1].tracks.size() == 1);
  for (const auto& batch : batches) {
    for (const Track& track : batch.tracks) {
      CHECK(track.storm == "A");
      REQUIRE(track.points.size() == kLeads);
      for (std::size_t point = 0; point < kLeads; ++point) {
        CHECK(north_of(track, point) == doctest::Approx(0.5 * track.member).epsilon(0.1));
        CHECK(track.points[point].wind == doctest::Approx(std::sqrt(288.0)));
      }
    }
  }
}

TEST_CASE("without best tracks all tropical cyclones are found and numbered") {
  const auto batches =
      tracks_of(forecasts()).set("min_life", "18").set("min_points", "4").all<Tracks>("tracks");
  REQUIRE(batches.size() == 2);
  REQUIRE(batches[0].tracks.size() == 4);
  CHECK(batches[0].tracks[0].storm == "1");
  CHECK(batches[0].tracks[0].points[0].position.latitude == doctest::Approx(-20.0).epsilon(0.02));
  CHECK(batches[0].tracks[1].storm == "2");
  CHECK(batches[0].tracks[3].member == 2);
}

TEST_CASE("a forecast that is too short for any cyclone is refused") {
  const auto message = [](const char* key, const char* value, const char* other) {
    return error_of(
        [&] { tracks_of(forecasts()).set(key, value).set(other, "0").all<Tracks>("tracks"); });
  };
  CHECK(contains(message("min_life", "54", "min_points"), "there are 18 h and 4 positions"));
  CHECK(contains(message("min_life", "19", "min_points"), "write min_life = 18 or less"));
  CHECK(message("min_life", "18", "min_points").empty());
  CHECK(contains(message("min_points", "5", "min_life"), "write min_points = 4 or less"));
}

TEST_CASE("the analysis gives lead 0") {
  const TemporaryFolder folder;
  const auto batches = tracks_of(forecasts())
                           .put<Fields>("analysis", forecast({0}, 0))
                           .set("storms", quoted(folder.write("best.csv", kBestTracks)))
                           .all<Tracks>("tracks");
  CHECK(batches[0].lead_hours.front() == 0);
  const Track& track = batches[0].tracks[1];
  REQUIRE(track.points.size() == kLeads + 1);
  CHECK(track.points[0].lead_hours == 0);
  CHECK(north_of(track, 0) == doctest::Approx(0.0).epsilon(0.02));
}

TEST_CASE("the reference's tracker starts from the rounded position and stays where it loses") {
  const TemporaryFolder folder;
  auto fields = forecasts();
  for (int lead = 3; lead <= kLeads; ++lead)
    fields[{0, lead, 1}].values.assign(fields[{0, lead, 1}].values.size(),
                                       std::numeric_limits<float>::quiet_NaN());
  const auto batches = tracks_of(fields)
                           .set("storms", quoted(folder.write("best.csv", kBestTracks)))
                           .set("which", "\"Alpha\"")
                           .set("method", "\"ladcast\"")
                           .all<Tracks>("tracks");
  const Track& track = batches[1].tracks.at(0);
  CHECK(track.member == 3);
  REQUIRE(track.points.size() == kLeads + 1);
  CHECK(track.points[0].position == LatLon{18.0, 133.5});
  CHECK(track.points[2].position == LatLon{19.5, 132.0});
  CHECK(track.points[4].position == track.points[2].position);
}

TEST_CASE("initial times without a storm, and storms that no member has, are told") {
  const TemporaryFolder folder;
  const auto best = folder.write("best.csv", kBestTracks);
  const auto said = [&](const std::string& settings) {
    Graph graph = numbered::graph_of(fmt::format(R"(flow = 1
[run]
inits = ["2018-09-30T00", "2018-10-01T00", "2018-10-04T00"]
members = 2
lead = {{ step_hours = 6, until_hours = 12 }}
{}storms = "{}"
{}
)",
                                                 tracking_nodes(folder.path() / "told"),
                                                 best.string(), settings));
    std::string text;
    RunOptions options;
    options.print = [&](const std::string& line) { text += line; };
    run_graph(graph, options);
    return text;
  };
  const std::string all = said("");
  CHECK(contains(all, "no storm is observed at 2018-10-04T00, and not followed from there\n"));
  CHECK_FALSE(contains(all, "in none of"));
  const std::string one = said("which = \"ALPHA\"\nmsl_rise = 15000");
  CHECK(contains(one, "storm A (ALPHA) is not observed at 2018-10-04T00, and not followed"));
  CHECK(contains(one, "storm A from 2018-09-30T00 was found in none of 2 members"));
  CHECK(contains(one, "no cyclone was found in any member"));
  CHECK(text_of(folder.path() / "told.csv") ==
        "init,storm,member,step,lead_hours,time,lat,lon,msl,wind\n");
}

TEST_CASE("what does not go together is told with a cure") {
  const TemporaryFolder folder;
  const auto best = quoted(folder.write("best.csv", kBestTracks));
  using Settings = std::map<std::string, std::string>;
  const auto error = [](const std::map<Key, Fields>& fields, const Settings& settings) {
    return error_of([&] {
      Harness harness = tracks_of(fields);
      for (const auto& [name, value] : settings) harness.set(name, value);
      harness.all<Tracks>("tracks");
    });
  };
  const auto good = forecasts();
  CHECK(
      contains(error(good, {{"method", "\"ladcast\""}}), "give a file of best tracks as 'storms'"));
  CHECK(contains(error(good, {{"which", "\"A\""}}), "give it as 'storms'"));
  CHECK(contains(error(good, {{"range", "100000"}}), "100000 is not allowed, take 0.1 to 30"));
  CHECK(contains(error(good, {{"storms", best}, {"inner_widths", "[7, 400]"}}),
                 "a box of 400 degrees is none to search"));
  CHECK(contains(error(good, {{"storms", best}, {"which", "\"BETA\""}}),
                 "OLD (BETA) is observed from 2017-09-30T00 to 2017-09-30T00, at none of the"));
  CHECK(contains(error(good, {{"storms", best}, {"which", "\"GAMMA\""}}),
                 "best.csv: no storm is called 'GAMMA'"));
  auto bare = forecasts();
  for (auto& [key, fields] : bare) {
    fields.channels.resize(1);
    fields.values.resize(fields.maps() * fields.grid.points());
  }
  const std::string lacks = error(bare, {});
  CHECK(contains(lacks, "write warm_core = false"));
  CHECK(contains(lacks, "write min_wind = 0"));
  auto normal = forecasts();
  for (auto& [key, fields] : normal) fields.normalised = true;
  CHECK(contains(error(normal, {}), "take the fields after 'denormalise'"));
}

TEST_CASE(
    "the text of both files does not depend on threads, nor on where the run was broken off") {
  const TemporaryFolder folder;
  const auto text_with = [&](const std::string& name, const std::string& engine) {
    return numbered::pipeline("") + engine + storm_nodes(folder.path() / name);
  };
  const auto files = [&](const std::string& name) {
    return text_of(folder.path() / (name + ".csv")) + text_of(folder.path() / (name + ".geojson"));
  };
  numbered::run(text_with("whole", "[engine]\nthreads = 1\n"));
  const std::string whole = files("whole");
  REQUIRE(std::count(whole.begin(), whole.end(), '\n') > 4 * 6);
  numbered::run(text_with("threads", "[engine]\nthreads = 4\n"));
  CHECK(files("threads") == whole);
  int broken = 0;
  for (int stop = 1; stop < 40; stop += 3) {
    const auto journal = folder.path() / fmt::format("journal{}", stop);
    const std::string text = text_with(fmt::format("broken{}", stop), "");
    if (numbered::run_part(text, journal, false, stop)) continue;
    ++broken;
    CHECK(numbered::run_part(text, journal, true, -1));
    CHECK(files(fmt::format("broken{}", stop)) == whole);
  }
  CHECK(broken > 3);
}

TEST_CASE("tracks_out writes CSV and GeoJSON of all batches") {
  const TemporaryFolder folder;
  const auto csv = folder.path() / "new/tracks.csv";
  const auto geojson = folder.path() / "tracks.geojson";
  Harness("tracks_out")
      .plan(kRun)
      .set("path", quoted(csv))
      .set("geojson", quoted(geojson))
      .put_all<Tracks>("tracks",
                       {{{0, 0, 0}, ensemble({1, 2}, 0.5)}, {{0, 0, 1}, ensemble({3}, 0.5)}},
                       Axes{true, {}, true})
      .run();
  const std::string text = text_of(csv);
  CHECK(contains(text, "init,storm,member,step,lead_hours,time,lat,lon,msl,wind\n2018-09-30T00:"));
  CHECK(contains(text, ",A,3,4,24,2018-10-01T00:00:00Z,19.500,130.000,98100.0,12.00\n"));
  CHECK(std::count(text.begin(), text.end(), '\n') == 1 + 3 * kLeads);
  CHECK(contains(text_of(geojson), "\"FeatureCollection\""));
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 2);
}

TEST_CASE("track_scores compares an ensemble and another forecast over the cases of both") {
  const TemporaryFolder folder;
  Tracks reference = ensemble({0}, 0.0);
  reference.tracks[0].points.resize(2);  // lost after 12 h
  const auto scores =
      Harness("track_scores")
          .plan(kRun)
          .set("storms", quoted(folder.write("best.csv", kBestTracks)))
          .set("places", R"(["Here 19 131.5", "Far away -30.5 20"])")
          .put_all<Tracks>("tracks",
                           {{{0, 0, 0}, ensemble({1, 2}, 0.5)}, {{0, 0, 1}, ensemble({3}, 0.5)}},
                           Axes{true, {}, true})
          .put<Tracks>("against", reference)
          .get<Scores>("scores");
  std::map<std::string, double> values;
  for (const ScoreRow& row : scores.rows) {
    values[fmt::format("{} {} {} {}", row.forecast, row.region, row.score, row.lead_hours)] =
        row.value;
    CHECK(row.init == parse_time("2018-09-30"));
  }
  const double half_degree = 6371.0 * std::acos(-1.0) / 360.0;
  CHECK(values.at("model A track_error 6") == doctest::Approx(2 * half_degree));
  CHECK(values.at("model A centre_error 12") == doctest::Approx(2 * half_degree));
  CHECK(values.at("model A track_spread 12") == doctest::Approx(half_degree * 2 / 3));
  CHECK(values.at("model A hits 24") == 3);
  CHECK(values.at("model A mae 12") == doctest::Approx(100.0));
  CHECK(std::isnan(values.at("model A track_error 18")));  // the other has lost it
  CHECK(values.at("reference A track_error 12") == doctest::Approx(0.0));
  CHECK(values.at("reference A misses 24") == 1);
  CHECK(values.at("model Here strike_probability 24") == doctest::Approx(1.0));
  CHECK(values.at("model Far away strike_probability 24") == 0.0);
}

TEST_CASE("strike_probability maps the share of members that pass within 120 km") {
  const auto map =
      Harness("strike_probability")
          .plan(kRun)
          .set("step", "1.0")
          .put_all<Tracks>("tracks",
                           {{{0, 0, 0}, ensemble({1, 2}, 2.0)}, {{0, 0, 1}, ensemble({3}, 2.0)}},
                           Axes{true, {}, true})
          .get<Fields>("probability");
  CHECK(map.grid.rows() == 181);
  CHECK(map.grid.columns() == 360);
  const auto at = [&](int latitude, int longitude) {
    return map.values[static_cast<std::size_t>((latitude + 90) * 360 + longitude)];
  };
  CHECK(at(22, 131) == doctest::Approx(1.0 / 3));
  CHECK(at(21, 131) == doctest::Approx(2.0 / 3));  // a degree from two of them
  CHECK(at(18, 131) == 0.0F);
  CHECK(at(22, 127) == 0.0F);
  CHECK(contains(error_of([] {
                   Harness("strike_probability")
                       .set("step", "0.7")
                       .put<Tracks>("tracks", ensemble({0}, 0.0))
                       .get<Fields>("probability");
                 }),
                 "no whole number of steps goes around the globe"));
}

TEST_CASE("track_scores tells what is no place") {
  const TemporaryFolder folder;
  const auto best = quoted(folder.write("best.csv", kBestTracks));
  for (const char* place : {"Miami", "25 80", "Miami 25", "Miami 91 20", "Miami 25,8 -80"})
    CHECK(contains(error_of([&] {
                     Harness("track_scores")
                         .set("storms", best)
                         .set("places", fmt::format("[\"{}\"]", place))
                         .put<Tracks>("tracks", ensemble({0}, 0.0))
                         .get<Scores>("scores");
                   }),
                   fmt::format("'{}' is no place; write \"NAME LATITUDE LONGITUDE\"", place)));
}
