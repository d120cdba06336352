#include "nodes/verify/climatology_terms.h"

#include <doctest/doctest.h>

#include <cmath>
#include <numbers>

#include "tests/nodes/error_message.h"
#include "tests/nodes/ingest/netcdf_writer.h"
#include "tests/temporary_folder.h"

using namespace ladcast;

namespace {

const std::vector<Channel> kChannels = {{"2m_temperature", {}, "K"}};
const Grid kGrid{{0}, {0}};

/// One point whose terms are 280, 281, 282, 283 K for the hours, then 10, 20, 1, 2, 0.1 and 0.2 K.
ClimatologyTerms one_point(const TemporaryFolder& folder) {
  const auto path = folder.path() / "climatology.nc";
  NetcdfWriter file(path);
  file.dimension("term", 10);
  file.dimension("lat", 1);
  file.dimension("lon", 1);
  file.variable("lat", NC_DOUBLE, {"lat"}, {0});
  file.variable("lon", NC_DOUBLE, {"lon"}, {0});
  file.variable("2m_temperature", NC_DOUBLE, {"term", "lat", "lon"},
                {280, 281, 282, 283, 10, 20, 1, 2, 0.1, 0.2}, {{"units", "K"}});
  file.close();
  return ClimatologyTerms::read(path, kChannels, kGrid);
}

}  // namespace

TEST_CASE("the fraction of the year follows the calendar") {
  CHECK(year_fraction(parse_time("2001-01-01")) == 0);
  CHECK(year_fraction(parse_time("2001-07-02T12")) == 0.5);
  CHECK(year_fraction(parse_time("2000-07-02")) == 0.5);  // 366 days
  CHECK(year_fraction(parse_time("2001-12-31T18")) == 1 - 6.0 / (365 * 24));
}

TEST_CASE("a climatology is the term of its hour and three harmonics of the year") {
  const TemporaryFolder folder;
  const ClimatologyTerms climatology = one_point(folder);
  const auto value = [&](const char* init, int lead_hours) {
    return climatology.at(parse_time(init), lead_hours).values.at(0);
  };
  CHECK(value("2001-01-01", 0) == doctest::Approx(280 + 10 + 1 + 0.1));
  CHECK(value("2001-07-02", 12) == doctest::Approx(282 - 10 + 1 - 0.1));
  const double p = 2 * std::numbers::pi * 31.25 / 365;
  CHECK(value("2001-01-31", 30) ==
        doctest::Approx(281 + 10 * std::cos(p) + 20 * std::sin(p) + std::cos(2 * p) +
                        2 * std::sin(2 * p) + 0.1 * std::cos(3 * p) + 0.2 * std::sin(3 * p)));
  CHECK(contains(error_of([&] { value("2001-01-01", 3); }), "not 2001-01-01T03:00:00Z"));
}

TEST_CASE("a climatology of another form is refused") {
  const TemporaryFolder folder;
  one_point(folder);
  const std::vector<Channel> more = {kChannels[0], {"sea_surface_temperature", {}, "K"}};
  CHECK(contains(
      error_of([&] { ClimatologyTerms::read(folder.path() / "climatology.nc", more, kGrid); }),
      "cannot read 1 of 2 channels"));
}
