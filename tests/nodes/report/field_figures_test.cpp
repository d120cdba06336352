#include "nodes/report/field_figures.h"

#include <doctest/doctest.h>

#include <cmath>

#include "tests/nodes/report/score_points.h"

using namespace ladcast;

namespace {

EnsembleMaps small_ensemble() {
  EnsembleMaps maps;
  for (int row = 0; row < 8; ++row) maps.grid.latitude.push_back(-78.75 + 22.5 * row);
  for (int column = 0; column < 16; ++column) maps.grid.longitude.push_back(22.5 * column);
  maps.channel = {"2m_temperature", {}, "K"};
  maps.init = parse_time("2002-01-11");
  maps.lead_hours = 120;
  for (int member = 1; member <= 3; ++member) {
    maps.numbers.push_back(member);
    maps.members.emplace_back();
    for (const double latitude : maps.grid.latitude)
      for (const double longitude : maps.grid.longitude)
        maps.members.back().push_back(static_cast<float>(300 - latitude * latitude / 100 +
                                                         member * std::sin(longitude / 57.3)));
  }
  return maps;
}

}  // namespace

TEST_CASE("mean and spread leave missing members out") {
  const float nan = std::nanf("");
  const MapMoments moments = moments_of({{1, 1, nan}, {2, nan, nan}, {6, nan, nan}});
  CHECK(moments.mean[0] == 3);
  CHECK(moments.spread[0] == doctest::Approx(std::sqrt(7.0)));
  CHECK(moments.mean[1] == 1);
  CHECK(std::isnan(moments.spread[1]));
  CHECK(std::isnan(moments.mean[2]));
}

TEST_CASE("a probability counts the members that are there") {
  const float nan = std::nanf("");
  const auto above =
      probability_of(parse_event("2m_temperature > 2"), {{1, 3, nan}, {3, nan, nan}});
  CHECK(above[0] == 0.5F);
  CHECK(above[1] == 1.0F);
  CHECK(std::isnan(above[2]));
  const auto below = probability_of(parse_event("2m_temperature < 2"), {{1, 2, 3}});
  CHECK(below == std::vector<float>{1, 0, 0});
}

TEST_CASE("a sheet has the error of the mean only where there is a truth") {
  EnsembleMaps maps = small_ensemble();
  const Figure without = ensemble_sheet(maps, {parse_event("2m_temperature > 299")});
  CHECK(without.id == "map-2m-temperature-120h");
  CHECK(without.title == "2 m temperature, day 5");
  CHECK(without.body.find("Error of the mean") == std::string::npos);
  CHECK(without.body.find("Probability of more than 299 K") != std::string::npos);
  CHECK(count(without.body, "<image") == 2);
  maps.truth = maps.members[0];
  const Figure with = ensemble_sheet(maps, {});
  CHECK(with.body.find("Error of the mean") != std::string::npos);
  CHECK(count(with.body, "<image") == 3);
  CHECK(with.body.find("contour curve s1") != std::string::npos);
}

TEST_CASE("of precipitation the mean and the truth are shown, for lines would be too many") {
  EnsembleMaps maps = small_ensemble();
  maps.channel = {"total_precipitation_6hr", {}, "m"};
  for (auto& member : maps.members) {
    std::fill(member.begin(), member.end(), 0.0F);
    for (std::size_t i = 0; i < 10; ++i) member[i] = 0.004F;
  }
  const Figure without = ensemble_sheet(maps, {});
  CHECK(count(without.body, "class=\"contour") == 0);
  CHECK(without.body.find(">Spread<") != std::string::npos);
  maps.truth = maps.members[0];
  CHECK(ensemble_sheet(maps, {}).body.find(">Truth<") != std::string::npos);
}

TEST_CASE("each member has a stamp beside the mean and the truth") {
  EnsembleMaps maps = small_ensemble();
  maps.truth = maps.members[0];
  const Figure stamps = postage_stamps(maps);
  CHECK(count(stamps.body, "<image") == 5);
  CHECK(stamps.body.find("member 3") != std::string::npos);
}

TEST_CASE("a map without any value is drawn empty") {
  EnsembleMaps maps = small_ensemble();
  for (auto& member : maps.members) std::fill(member.begin(), member.end(), std::nanf(""));
  CHECK(ensemble_sheet(maps, {}).body.find("nan") == std::string::npos);
  CHECK(postage_stamps(maps).body.find("nan") == std::string::npos);
}

TEST_CASE("maps are taken from batches, by name and level") {
  Fields batch;
  batch.grid = {{0, 1}, {0, 1}};
  batch.channels = {{"temperature", 850, "K"}, {"2m_temperature", {}, "K"}};
  batch.lead_hours = {24};
  batch.members = {1, 2};
  batch.allocate();
  for (std::size_t i = 0; i < batch.values.size(); ++i) batch.values[i] = static_cast<float>(i);
  std::vector<EnsembleMaps> maps;
  const std::vector<Channel> wanted = {{"2m_temperature", {}, ""}, {"geopotential", 500, ""}};
  append_maps(maps, batch, wanted);
  batch.members = {3};
  append_maps(maps, batch, wanted);
  REQUIRE(maps.size() == 1);
  CHECK(maps[0].channel.units == "K");
  CHECK(maps[0].numbers == std::vector<int>{1, 2, 3});
  CHECK(maps[0].members[1] == std::vector<float>{12, 13, 14, 15});
  add_truth(maps[0], batch);
  CHECK(maps[0].truth == std::vector<float>{4, 5, 6, 7});
  batch.members.clear();  // a time that was not there
  maps[0].truth.clear();
  add_truth(maps[0], batch);
  CHECK(maps[0].truth.empty());
}

TEST_CASE("without any value there is no scale and no probability, but the words 'no data'") {
  EnsembleMaps maps = small_ensemble();
  for (auto& member : maps.members) std::fill(member.begin(), member.end(), std::nanf(""));
  const Figure figure = ensemble_sheet(maps, {});
  CHECK(figure.caption.ends_with("0 of 3 members: no data."));
  CHECK(figure.body.find("no data") != std::string::npos);
  CHECK(figure.body.find("Probability") == std::string::npos);
  CHECK(figure.body.find("each member") == std::string::npos);
}

TEST_CASE("members without values are not counted, and one alone has no spread") {
  EnsembleMaps maps = small_ensemble();
  CHECK(ensemble_sheet(maps, {}).caption.ends_with(", 3 members."));
  std::fill(maps.members[2].begin(), maps.members[2].end(), std::nanf(""));
  CHECK(ensemble_sheet(maps, {}).caption.ends_with(", 2 of 3 members."));
  CHECK(postage_stamps(maps).body.find("member 3: no data") != std::string::npos);
  std::fill(maps.members[1].begin(), maps.members[1].end(), std::nanf(""));
  const Figure alone = ensemble_sheet(maps, {});
  CHECK(alone.caption.ends_with(", 1 of 3 members."));
  CHECK(alone.body.find(">Mean<") != std::string::npos);
  CHECK(alone.body.find("spread") == std::string::npos);
  CHECK(alone.body.find("contour plain") == std::string::npos);  // dark as a dark page
}
