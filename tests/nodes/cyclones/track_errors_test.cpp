#include "nodes/cyclones/track_errors.h"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdio>
#include <fstream>
#include <limits>
#include <optional>
#include <sstream>

#include "nodes/cyclones/great_circle.h"
#include "tests/nodes/data_folder.h"

using namespace ladcast;
using std::chrono::hours;

namespace {

const Time kInit = parse_time("2019-08-28T00");
constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

// Eastward along the equator, two degrees in 6 h, observed up to `last` hours.
Storm eastward(const std::string& id, double longitude, int last) {
  Storm storm{id, id, 2019, {}};
  for (int lead = 0; lead <= last; lead += 6)
    storm.observations.push_back({kInit + hours{lead}, {0, longitude + lead / 3.0}, 99000, 30});
  return storm;
}

Track track(const std::string& storm, int member, std::vector<TrackPoint> points) {
  return {storm, member, std::move(points)};
}

TrackPoint at(int lead, double latitude, double longitude, double msl = 99500) {
  return {lead, {latitude, longitude}, msl, 20};
}

std::optional<ScoreRow> row_of(const std::vector<ScoreRow>& rows, const std::string& score,
                               int lead, const std::string& region) {
  for (const auto& row : rows)
    if (row.score == score && row.lead_hours == lead && row.region == region) return row;
  return {};
}

double value_of(const std::vector<ScoreRow>& rows, const std::string& score, int lead,
                const std::string& region) {
  const auto row = row_of(rows, score, lead, region);
  REQUIRE(row);
  return row->value;
}

std::vector<ScoreRow> rows_of(const std::vector<Storm>& storms, const Tracks& tracks) {
  const auto matched = match(storms, tracks, 300);
  return TrackErrors(matched, tracks, sample_of(matched, tracks.init)).rows("model");
}

}  // namespace

TEST_CASE("errors of members, of their mean and their spread, ahead and to the right") {
  const std::vector<Storm> storms{eastward("A", 358, 12)};
  // At 12 h it is at 2 E: member 1 a degree ahead, member 2 a degree to the right (south).
  const Tracks tracks{kInit,
                      {6, 12},
                      {1, 2, 3},
                      {track("A", 1, {at(12, 0, 3, 99200)}), track("A", 2, {at(12, -1, 2, 99400)}),
                       track("A", 3, {})}};
  const auto rows = rows_of(storms, tracks);
  const double degree = kKmOfDegree;
  const auto value = [&](const char* score) { return value_of(rows, score, 12, "A"); };
  CHECK(value("track_error") == doctest::Approx(degree));
  CHECK(value("along_track") == doctest::Approx(degree / 2));
  CHECK(value("cross_track") == doctest::Approx(degree / 2));
  CHECK(value("centre_error") == doctest::Approx(degree * std::sqrt(0.5)).epsilon(1e-4));
  CHECK(value("track_spread") == doctest::Approx(degree * std::sqrt(0.5)).epsilon(1e-4));
  CHECK(value("hits") == 2);
  CHECK(value("misses") == 1);
  CHECK(value("false_alarms") == 0);
  CHECK(value("bias") == doctest::Approx(300.0));
  CHECK(value("mae") == doctest::Approx(300.0));
  CHECK(row_of(rows, "track_error", 12, "A")->count == 2);
  CHECK(row_of(rows, "track_error", 12, "A")->weight == doctest::Approx(2.0 / 3));
  CHECK(row_of(rows, "centre_error", 12, "A")->count == 1);
  // At 6 h no member has found it: no error, three misses.
  CHECK(std::isnan(value_of(rows, "track_error", 6, "A")));
  CHECK(row_of(rows, "track_error", 6, "A")->count == 0);
  CHECK(value_of(rows, "misses", 6, "A") == 3);
  CHECK(!row_of(rows, "hits", 6, "all storms"));  // there is one only
}

TEST_CASE("a position after the storm's end is a false alarm, so is a track of no storm") {
  const std::vector<Storm> storms{eastward("A", 10, 6), eastward("B", 100, 6)};
  const Tracks tracks{kInit,
                      {6, 12},
                      {0},
                      {track("A", 0, {at(6, 0, 12), at(12, 0, 14)}), track("B", 0, {}),
                       track("7", 0, {at(6, 40, 200), at(12, 40, 200)})}};
  const auto rows = rows_of(storms, tracks);
  CHECK(value_of(rows, "false_alarms", 6, "A") == 0);
  CHECK(value_of(rows, "false_alarms", 12, "A") == 1);
  CHECK(value_of(rows, "false_alarms", 6, "all storms") == 1);
  CHECK(value_of(rows, "false_alarms", 12, "all storms") == 2);
  CHECK(value_of(rows, "hits", 6, "all storms") == 1);
  CHECK(value_of(rows, "misses", 6, "all storms") == 1);
  CHECK(value_of(rows, "misses", 12, "all storms") == 0);
  CHECK(value_of(rows, "track_error", 6, "all storms") == doctest::Approx(0.0));
}

TEST_CASE("numbered tracks belong to the storm that is nearest at their first common time") {
  const std::vector<Storm> storms{eastward("A", 10, 12), eastward("B", 14, 12)};
  const Tracks tracks{
      kInit,
      {6, 12},
      {1, 2},
      {track("1", 1, {at(6, 1, 16), at(12, 1, 18)}), track("2", 1, {at(6, 0, 12.5), at(12, 0, 14)}),
       track("1", 2, {at(12, 0, 30)})}};
  const auto matched = match(storms, tracks, 300);
  REQUIRE(matched.storms.size() == 2);
  CHECK(matched.storms[0].tracks[0] == &tracks.tracks[1]);
  CHECK(matched.storms[1].tracks[0] == &tracks.tracks[0]);
  CHECK(matched.storms[0].tracks[1] == nullptr);
  CHECK(matched.others == std::vector<const Track*>{&tracks.tracks[2]});
}

TEST_CASE("a storm of another time is left out") {
  Storm later = eastward("A", 10, 6);
  for (auto& observation : later.observations) observation.time += hours{24};
  const Tracks tracks{kInit, {6, 12}, {1}, {}};
  CHECK(match({later}, tracks, 300).storms.empty());
}

TEST_CASE("the homogeneous sample has the cases that both forecasts have") {
  const std::vector<Storm> storms{eastward("A", 10, 12)};
  const Tracks ours{kInit, {6, 12}, {1, 2}, {track("A", 1, {at(6, 0, 12), at(12, 0, 15)})}};
  const Tracks other{kInit, {6, 12}, {0}, {track("A", 0, {at(12, 0, 14)})}};
  const auto matched = match(storms, ours, 300);
  const auto sample = sample_of(match(storms, other, 300), kInit);
  CHECK(sample == std::set<TrackCase>{{"A", 12}});
  CHECK(sample_of(matched, kInit).size() == 2);
  const auto rows = TrackErrors(matched, ours, sample).rows("model");
  CHECK(row_of(rows, "track_error", 6, "A")->count == 0);
  CHECK(row_of(rows, "track_error", 12, "A")->count == 1);
  CHECK(value_of(rows, "hits", 6, "A") == 1);
}

TEST_CASE("a storm that stays has no ahead and no right, a pressure that is unknown no bias") {
  Storm storm{"A", "A", 2019, {}};
  for (const int lead : {0, 6, 12})
    storm.observations.push_back({kInit + hours{lead}, {20, 140}, kUnknown, kUnknown});
  const Tracks tracks{kInit, {6}, {1}, {track("A", 1, {at(6, 21, 140)})}};
  const auto rows = rows_of({storm}, tracks);
  CHECK(value_of(rows, "track_error", 6, "A") == doctest::Approx(kKmOfDegree));
  CHECK(std::isnan(value_of(rows, "along_track", 6, "A")));
  CHECK(std::isnan(value_of(rows, "bias", 6, "A")));
  CHECK(row_of(rows, "bias", 6, "A")->count == 0);
}

TEST_CASE("strike probability counts members that pass near, also between two positions") {
  const Tracks tracks{kInit,
                      {6, 12},
                      {1, 2, 3, 4},
                      {track("A", 1, {at(6, 0, 178), at(12, 0, 184)}),
                       track("B", 1, {at(6, 0, 178), at(12, 0, 184)}),
                       track("A", 2, {at(12, 0.5, 181)}), track("A", 3, {at(6, 20, 181)})}};
  const std::vector<LatLon> places{{1, 181}, {-1.2, 181}, {20, 180}, {60, 0}};
  CHECK(strike_probability(tracks, places, 120) == std::vector<float>{0.5F, 0.0F, 0.25F, 0.0F});
}

TEST_CASE("batches of members are put together") {
  const Tracks first{kInit, {6}, {1, 2}, {track("A", 1, {at(6, 0, 1)})}};
  const Tracks second{kInit, {6}, {3}, {track("A", 3, {})}};
  const Tracks all = together({&first, &second});
  CHECK(all.members == std::vector<int>{1, 2, 3});
  CHECK(all.tracks.size() == 2);
}

namespace {

struct Columns {
  Storm storm;
  Tracks tracks;
  double error = 0.0;  // of the columns themselves, by the law of cosines
  double msl_bias = 0.0;
  std::size_t count = 0;
};

// A model's and IBTrACS' columns side by side.
std::optional<Columns> columns_of(const std::string& name) {
  const auto path = data_file("earth2studio/reference_track_" + name + ".csv");
  if (!path) return {};
  Columns columns{{name, name, 0, {}}, {{}, {}, {0}, {track(name, 0, {})}}};
  std::ifstream file(*path);
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::vector<std::string> cells;
    std::istringstream text(line);
    for (std::string cell; std::getline(text, cell, ',');) cells.push_back(cell);
    const auto number = [&](std::size_t i) {
      return cells[i].empty() ? kUnknown : std::stod(cells[i]);
    };
    const std::chrono::year_month_day day{
        std::chrono::year{std::stoi(cells[1])},
        std::chrono::month{static_cast<unsigned>(std::stoi(cells[2]))},
        std::chrono::day{static_cast<unsigned>(std::stoi(cells[3]))}};
    const Time time = std::chrono::sys_days{day} + hours{std::stoi(cells[4])};
    if (columns.storm.observations.empty()) columns.tracks.init = time - hours{6};
    const int lead = static_cast<int>((time - columns.tracks.init) / hours{1});
    columns.tracks.lead_hours.push_back(lead);
    columns.storm.observations.push_back({time, {number(10), number(9)}, number(11), kUnknown});
    if (cells[5].empty()) continue;
    columns.tracks.tracks[0].points.push_back(at(lead, number(6), number(5), number(7)));
    const double a = number(6) * kRadians;
    const double b = number(10) * kRadians;
    columns.error += 6371.0 * std::acos(std::sin(a) * std::sin(b) +
                                        std::cos(a) * std::cos(b) *
                                            std::cos((number(5) - number(9)) * kRadians));
    columns.msl_bias += number(7) - number(11);
    ++columns.count;
  }
  return columns;
}

void check_columns(const std::string& name, std::size_t positions, std::size_t gaps) {
  const auto columns = columns_of(name);
  if (!columns) return;
  const auto rows = rows_of({columns->storm}, columns->tracks);
  double error = 0;
  double along = 0;
  double cross = 0;
  double squares = 0;
  double bias = 0;
  std::size_t count = 0;
  double misses = 0;
  for (const auto& row : rows) {
    if (row.score == "misses") misses += row.value;
    if (row.count == 0) continue;
    if (row.score == "track_error") error += row.value;
    if (row.score == "track_error") ++count;
    if (row.score == "along_track") along += row.value;
    if (row.score == "cross_track") cross += row.value;
    if (row.score == "bias") bias += row.value;
    if (row.score == "along_track" || row.score == "cross_track") squares += row.value * row.value;
    if (row.score == "track_error") squares -= row.value * row.value;
  }
  const auto n = static_cast<double>(count);
  std::printf(
      "  %s: %zu positions, %.0f gaps; error %.1f km, along %+.1f, cross %+.1f, msl %+.0f Pa\n",
      name.c_str(), count, misses, error / n, along / n, cross / n, bias / n);
  CHECK(count == positions);
  CHECK(count == columns->count);
  CHECK(misses == static_cast<double>(gaps));
  CHECK(error == doctest::Approx(columns->error).epsilon(1e-6));
  CHECK(bias == doctest::Approx(columns->msl_bias));
  CHECK(squares == doctest::Approx(0.0).epsilon(1e-6));
}

}  // namespace

TEST_CASE("errors of a published model's tracks of Hato and Helene") {
  check_columns("hato_2017_west_pacific", 17, 0);
  check_columns("helene_2024_north_atlantic", 19, 2);
}
