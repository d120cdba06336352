#include <doctest/doctest.h>

#include <cmath>
#include <fstream>
#include <map>
#include <sstream>

#include "graph/command_line.h"
#include "graph/whole_file.h"
#include "nodes/ingest/cf_fields.h"
#include "nodes/ingest/netcdf_file.h"
#include "tests/temporary_folder.h"

using namespace ladcast;

namespace {

/// Runs pipelines/ens15d.toml with more tables: 2 members, 12 h, 2 solver steps.
class Rearranged {
 public:
  explicit Rearranged(const std::string& more, const std::vector<std::string>& sets = {}) {
    const auto file =
        folder_.write("pipeline.toml", read_whole_file("pipelines/ens15d.toml") + more);
    std::vector<std::string> words = {"run", file.string(), "--progress", "none"};
    for (const std::string set : {"run.members=2", "run.batch=1", "run.lead.until_hours=12",
                                  "nodes.denoise.steps=2", "nodes.table.table=[]"})
      words.insert(words.end(), {"--set", set});
    words.insert(words.end(), {"--set", "out=" + folder_.path().string()});
    for (const auto& set : sets) words.insert(words.end(), {"--set", set});
    std::ostringstream out, err;
    const int code = command_line(words, {out, err, 0});
    INFO(err.str());
    REQUIRE(code == 0);
  }

  std::filesystem::path file(const std::string& name) const { return folder_.path() / name; }

  /// Means over initial times and the globe of a CSV file: value by "forecast variable level score
  /// lead".
  std::map<std::string, double> means(const std::string& name) const {
    std::map<std::string, double> values;
    std::ifstream stream(file(name));
    for (std::string line; std::getline(stream, line);) {
      std::vector<std::string> cells;
      std::istringstream parts(line);
      for (std::string cell; std::getline(parts, cell, ',');) cells.push_back(cell);
      if (cells.size() == 12 && cells[0].empty() && cells[3] == "global" && !cells[9].empty())
        values[cells[2] + " " + cells[4] + " " + cells[5] + " " + cells[6] + " " + cells[1]] =
            std::stod(cells[9]);
    }
    return values;
  }

 private:
  TemporaryFolder folder_;
};

}  // namespace

TEST_CASE("a second branch writes a subset of the variables beside the whole") {
  const Rearranged run(R"(
[nodes.surface]
type      = "select"
in        = "unscale"
variables = ["2m_temperature", "mean_sea_level_pressure"]

[nodes.surface_file]
type = "netcdf_out"
in   = "surface"
path = "${out}/{init}_surface.nc"
)");
  const Channel warmth{"2m_temperature", {}, "K"};
  const Channel height{"geopotential", 500, "m2 s-2"};
  const CfFields all(open_netcdf(run.file("20020111T00.nc")));
  const CfFields surface(open_netcdf(run.file("20020111T00_surface.nc")));
  const auto read = [&](const CfFields& file, const Channel& channel) {
    return file.read({{channel}, parse_time("2002-01-11"), 12, all.grid_of(warmth), {1, 2}}).values;
  };
  CHECK(read(all, warmth) == read(surface, warmth));
  CHECK(!read(all, height).empty());
  CHECK_THROWS(read(surface, height));
}

TEST_CASE("normalised fields are scored against the normalised truth") {
  const Rearranged run(R"(
[nodes.truth_scaled]
type  = "normalise"
in    = "truth"
model = "${model}"

[nodes.scores_scaled]
type        = "scores"
in.forecast = "decode"
in.truth    = "truth_scaled"

[nodes.table_scaled]
type  = "csv_out"
in    = "scores_scaled"
path  = "${out}/scaled.csv"
table = []
)");
  const auto physical = run.means("scores.csv");
  const auto scaled = run.means("scaled.csv");
  CHECK(scaled.size() > 50);
  for (const char* name : {"2m_temperature ", "geopotential 500", "u_component_of_wind 850"}) {
    CAPTURE(name);
    const auto ratio = [&](const char* score, const char* lead) {
      const std::string key = std::string("model ") + name + " " + score + " " + lead;
      return physical.at(key) / scaled.at(key);
    };
    // One deviation of the channel turns all of its scores into physical units.
    const double deviation = ratio("rmse", "6");
    CHECK(deviation > 0);
    CHECK(ratio("rmse", "12") == doctest::Approx(deviation).epsilon(1e-4));
    CHECK(ratio("crps_fair", "12") == doctest::Approx(deviation).epsilon(1e-3));
  }
}

TEST_CASE("two models run side by side into one table") {
  const Rearranged run(R"(
[nodes.encode_b]
type  = "encode"
in    = "scale"
model = "${model}"
lane  = "model"

[nodes.rollout_b]
type    = "rollout"
in.seed = "encode_b"
in.next = "denoise_b"
model   = "${model}"

[nodes.denoise_b]
type  = "denoise"
in    = "rollout_b"
model = "${model}"
steps = 3
lane  = "model"

[nodes.decode_b]
type  = "decode"
in    = "denoise_b"
model = "${model}"
lane  = "model"

[nodes.unscale_b]
type      = "denormalise"
in.fields = "decode_b"
in.like   = "analysis"
model     = "${model}"

[nodes.scores_b]
type        = "scores"
in.forecast = "unscale_b"
in.truth    = "truth"
name        = "three steps"
)",
                       {"nodes.table.in=[\"scores\", \"scores_b\"]"});
  const auto means = run.means("scores.csv");
  const std::string score = "2m_temperature  rmse 12";
  CHECK(means.at("model " + score) > 0);
  CHECK(means.at("three steps " + score) > 0);
  CHECK(means.at("model " + score) != means.at("three steps " + score));
  CHECK(means.at("persistence " + score) > 0);
}

TEST_CASE("another stored forecast is scored beside the run's own, in one table") {
  const Rearranged run(R"(
[nodes.stored]
type  = "netcdf_in"
path  = "${truth}"
model = "${model}"
at    = "lead"

[nodes.scores_stored]
type        = "scores"
in.forecast = "stored"
in.truth    = "truth_on_grid"
name        = "stored"
)",
                       {"nodes.table.in=[\"scores\", \"scores_stored\"]"});
  const auto means = run.means("scores.csv");
  for (const char* lead : {"6", "12"}) {
    const std::string score = std::string("geopotential 500 rmse ") + lead;
    CHECK(means.at("stored " + score) == 0);  // it is the truth itself
    CHECK(means.at("model " + score) > 0);
  }
}
