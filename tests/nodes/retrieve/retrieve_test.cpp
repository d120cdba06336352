#include "graph/retrieve.h"

#include <doctest/doctest.h>

#include "tests/nodes/error_message.h"

using namespace ladcast;

namespace {

/// A reader of a file that is not there.
std::string retrieve(const std::string& params, const std::string& run = "",
                     const RetrieveOptions& options = {}) {
  const std::string text =
      "flow = 1\n[run]\n" + (run.empty() ? "inits = [\"2018-01-03T00\"]\n" : run) +
      "[nodes.analysis]\ntype = \"netcdf_in\"\npath = \"not/there.nc\"\n" + params;
  return Retriever::registered()(read_graph(parse_pipeline(text, "p.toml")), options);
}

const std::string kSome =
    "channels = [\"geopotential 500\", \"temperature 500\", \"temperature 850\", "
    "\"2m_temperature\"]\n";

}  // namespace

TEST_CASE("the store is asked for what a reader reads") {
  const std::string text = retrieve(kSome);
  CHECK(contains(text,
                 "# For node 'analysis': 1 time, 2018-01-03T00. Read it with\n"
                 "#   --set nodes.analysis.type=grib_in --set "
                 "'nodes.analysis.path=era5_analysis_*.grib'\n"));
  CHECK(contains(text, R"(client.retrieve(
    "reanalysis-era5-pressure-levels",
    {
        "product_type": ["reanalysis"],
        "variable": ["geopotential"],
        "year": ["2018"],
        "month": ["01"],
        "day": ["03"],
        "time": ["00:00"],
        "pressure_level": ["500"],
        "data_format": "grib",
        "download_format": "unarchived",
    },
    "era5_analysis_pressure_201801.grib",
)
)"));
  CHECK(contains(text, "\"variable\": [\"temperature\"],"));
  CHECK(contains(text, "\"pressure_level\": [\"500\", \"850\"],"));
  CHECK(contains(text, "\"era5_analysis_pressure_201801_2.grib\""));
  CHECK(contains(text, "\"reanalysis-era5-single-levels\""));
  CHECK(!contains(text, "precipitation"));
  CHECK(!contains(text, "\"grid\""));
}

TEST_CASE("variables on the same levels come with one request") {
  const std::string text = retrieve("model = \"ladcast-375m\"\ngrid = \"file\"\n");
  CHECK(contains(text,
                 "[\"geopotential\", \"specific_humidity\", \"temperature\", "
                 "\"u_component_of_wind\", \"v_component_of_wind\", \"vertical_velocity\"]"));
  CHECK(contains(text,
                 "[\"10m_u_component_of_wind\", \"10m_v_component_of_wind\", \"2m_temperature\", "
                 "\"mean_sea_level_pressure\", \"sea_surface_temperature\"]"));
}

TEST_CASE("precipitation of six hours is asked for hour by hour, and its sum explained") {
  const std::string model = "model = \"ladcast-375m\"\ngrid = \"file\"\n";
  const std::string plain = retrieve(model);
  CHECK(contains(plain,
                 "\"day\": [\"02\"],\n        \"time\": [\"19:00\", \"20:00\", \"21:00\", "
                 "\"22:00\", \"23:00\"]"));
  const std::string cure = "nodes.analysis.derive=[\"total_precipitation_6hr from hourly sums\"]";
  CHECK(contains(plain, cure));
  const std::string derived =
      retrieve(model + "derive = [\"total_precipitation_6hr from hourly sums\"]\n");
  CHECK(contains(derived, "\"total_precipitation\""));
  CHECK(!contains(derived, cure));
}

TEST_CASE("channels that are derived are asked for by what they are made from") {
  const std::string text = retrieve(
      "channels = [\"specific_humidity 500\", \"vertical_velocity 50\"]\n"
      "derive = [\"specific_humidity from relative_humidity\", \"vertical_velocity 50 from 0\"]\n");
  CHECK(contains(text, "\"variable\": [\"relative_humidity\", \"temperature\"]"));
}

TEST_CASE("the model's grid is asked for where the archive can interpolate to it") {
  CHECK(contains(retrieve("model = \"ladcast-375m\"\n"), "\"grid\": [1.5, 1.5],"));
  const std::string own = retrieve("model = \"small-planet\"\n");
  CHECK(!contains(own, "\"grid\":"));
  CHECK(contains(own, "on which ERA5 cannot be had"));
}

TEST_CASE("valid times of leads are asked for on request") {
  const std::string run =
      "inits = [\"2018-01-31T00\"]\nmembers = 2\nlead = { step_hours = 6, until_hours = 24 }\n";
  const std::string truth =
      kSome + "[nodes.truth]\ntype = \"netcdf_in\"\nat = \"lead\"\n" + "path = \"t.nc\"\n" + kSome;
  CHECK(contains(retrieve(truth, run), "# Not for truth (at = \"lead\"), to which --leads"));
  const std::string both = retrieve(truth, run, {"cds", true});
  CHECK(contains(both, "# For nodes 'analysis', 'truth': 5 times, 2018-01-31T00 to 2018-02-01T00"));
  CHECK(contains(both, "\"time\": [\"00:00\", \"06:00\", \"12:00\", \"18:00\"]"));
  CHECK(contains(both, "\"era5_analysis_surface_201802.grib\""));
}

TEST_CASE("a reader of leads needs nothing in a plan without leads") {
  const std::string text =
      retrieve(kSome + "[nodes.truth]\ntype = \"netcdf_in\"\nat = \"lead\"\npath = \"t.nc\"\n" +
                   "channels = [\"temperature 250\"]\n",
               "inits = [\"2018-01-03T00\"]\n", {"cds", true});
  CHECK(contains(text, "# For node 'analysis': 1 time"));
  CHECK(!contains(text, "truth"));
}

TEST_CASE("MARS is asked for analyses, and for precipitation of the short forecasts") {
  const std::string text = retrieve(
      "channels = [\"geopotential 500\", \"2m_temperature\", \"total_precipitation_6hr\"]\n",
      "inits = [\"2018-01-03T00\", \"2018-01-03T06\"]\n", {"mars"});
  CHECK(contains(text, R"(retrieve,
  class    = ea,
  expver   = 1,
  stream   = oper,
  type     = an,
  levtype  = pl,
  levelist = 500,
  param    = 129.128,
  date     = 2018-01-03,
  time     = 00/06,
  grid     = 0.25/0.25,
  target   = "era5_analysis_pressure_201801.grib"
)"));
  CHECK(contains(text, R"(  type     = fc,
  levtype  = sfc,
  param    = 228.128,
  date     = 2018-01-02,
  time     = 18,
  step     = 1/2/3/4/5/6/7/8/9/10/11/12,
)"));
}

TEST_CASE("what ERA5 lacks is an error that names the node") {
  const auto message = [](const auto&... arguments) {
    return error_of([&] { retrieve(arguments...); });
  };
  CHECK(message(std::string("channels = [\"geopotential 510\"]\n")) ==
        "node 'analysis': ERA5 has no geopotential at 510 hPa");
  CHECK(message(std::string("channels = [\"geopotential_height 500\"]\n")) ==
        "node 'analysis': ERA5 has no geopotential_height 500 hPa");
  CHECK(message(kSome, std::string("inits = [\"2018-01-03T00:30\"]\n")) ==
        "node 'analysis': ERA5 is hourly, and has no 2018-01-03T00:30");
  CHECK(message(kSome, std::string("inits = [\"1939-01-03T00\"]\n")) ==
        "node 'analysis': ERA5 begins in 1940, and has no 1939-01-03T00");
  CHECK(message(kSome + "at = \"lead\"\n") ==
        "no node of p.toml reads the fields of initial times");
}
