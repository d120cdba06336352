#include <doctest/doctest.h>
#include <netcdf.h>

#include <cmath>

#include "graph/harness.h"
#include "graph/whole_file.h"
#include "nodes/ingest/netcdf_file.h"
#include "nodes/values/scores.h"
#include "tests/nodes/error_message.h"
#include "tests/nodes/output/numbered_fields.h"
#include "tests/temporary_folder.h"

using namespace ladcast;
namespace fs = std::filesystem;

namespace {

/// Statistics of three initial times, two channels and two regions, of which the second comes with
/// the second initial time; lead 6 h has no truth at the first. `bins` differ by forecast.
class ScoresOfThreeInits final : public Node {
  Out<Scores> out{this, "scores", "for the test"};
  Param<std::string> forecast{this, "forecast", "their name", {.fallback = "model", .choices = {}}};
  Param<std::string> weights{this, "weights", "a convention", {.fallback = "area", .choices = {}}};
  Param<int> ranks{this, "ranks", "of the histogram", ParamOptions<int>{.fallback = 3}};

  Axes source_axes(const Plan& plan) const override { return {true, plan.each_lead(), false}; }

  void run(Task& task) const override {
    const int item = task.key().item;
    Scores scores;
    if (item > 0 || task.lead_hours() > 6) {
      for (const char* const region : {"global", "60/-10/35/30"})
        if (item > 0 || std::string(region) == "global") append(scores.rows, task, region);
      scores.conventions = {{"latitude_weights", *weights},
                            {"members of " + *forecast, std::to_string(*ranks - 1)},
                            {"limits of 60/-10/35/30", "a box"}};
    }
    task.send(out, std::move(scores));
  }

  void append(std::vector<ScoreRow>& rows, const Task& task, const char* region) const {
    const double base = 1 + 2 * task.key().item + task.lead_hours();
    ScoreRow row{task.init(), task.lead_hours(), *forecast, region, {}, {}, {}, {}, {}, 0.5, 7};
    const auto add = [&](const char* score, double value, const char* event = "",
                         std::optional<double> bin = {}) {
      row.score = score;
      row.value = value;
      row.event = event;
      row.bin = bin;
      rows.push_back(row);
    };
    for (const Channel& channel :
         {Channel{"geopotential", 500, "m2 s-2"}, Channel{"2m_temperature", {}, "K"}}) {
      row.channel = channel;
      add("mse", base * (channel.level ? 100 : 1));
      add("variance", NAN);
      add("bias", -base);
      for (int rank = 0; rank < *ranks; ++rank) add("rank_histogram", rank, "", rank);
    }
    for (const double p : {0.0, 0.5, 1.0}) {
      add("forecast_share", 0.25, "> 300", p);
      add("observed_share", 0.25 * p, "> 300", p);
    }
    add("strikes", base, "within 9 km");
  }
};

std::string source(const std::string& name, const std::string& settings = "") {
  static const Registration type(
      NodeType{"scores_of_three_inits", "", [] { return std::make_unique<ScoresOfThreeInits>(); }});
  return fmt::format("[nodes.{}]\ntype = \"scores_of_three_inits\"\n{}\n", name, settings);
}

std::string pipeline(const fs::path& path, const std::string& more = "",
                     const std::string& sources = source("a"), const std::string& in = "[\"a\"]") {
  return fmt::format(
      "flow = 1\n[run]\ninits = [\"2002-01-11T00\", \"2002-01-12T00\", \"2002-01-14T12\"]\n"
      "lead = {{ step_hours = 6, until_hours = 12 }}\n"
      "{}[nodes.file]\ntype = \"netcdf_scores_out\"\nin.scores = {}\npath = \"{}\"\n{}\n",
      sources, in, path.string(), more);
}

/// A file as its reader sees it.
struct Read {
  explicit Read(const fs::path& path) : file(path), handle(NetcdfHandle::open(path)) {}

  bool has(const char* name) const { return file.find(name) != nullptr; }
  std::vector<double> values(const char* name) const {
    REQUIRE_MESSAGE(has(name), name);
    return file.values(*file.find(name));
  }
  std::string axes(const char* name) const {
    REQUIRE_MESSAGE(has(name), name);
    std::string text;
    for (const auto& [axis, length] : file.find(name)->dimensions)
      text += fmt::format("{} {}, ", axis, length);
    return text;
  }
  std::string attribute(const char* name, const char* attribute) const {
    return file.text(*file.find(name), attribute);
  }
  std::string attribute(const char* name) const { return file.text({NC_GLOBAL, "", {}}, name); }
  std::vector<std::string> texts(const char* name) const {
    const CfVariable* const variable = file.find(name);
    REQUIRE_MESSAGE(variable, name);
    std::vector<char*> pointers(variable->dimensions.at(0).length);
    check_netcdf(nc_get_var_string(handle.id(), variable->id, pointers.data()), "read", "file");
    std::vector<std::string> texts(pointers.begin(), pointers.end());
    nc_free_string(pointers.size(), pointers.data());
    return texts;
  }

  NetcdfFile file;
  NetcdfHandle handle;
};

bool same(const std::vector<double>& a, const std::vector<double>& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (!(a[i] == b[i] || (std::isnan(a[i]) && std::isnan(b[i])))) return false;
  return true;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("netcdf_scores_out writes a variable for each score, with what its axes are") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "made" / "scores.nc";
  numbered::run(pipeline(path));
  const Read file(path);

  CHECK(file.axes("rmse") == "forecast 1, region 2, channel 2, lead 2, ");
  CHECK(file.texts("forecast") == Texts{"model"});
  CHECK(file.texts("region") == Texts{"global", "60/-10/35/30"});
  CHECK(file.texts("channel") == Texts{"geopotential 500", "2m_temperature"});
  CHECK(file.texts("channel_variable") == Texts{"geopotential", "2m_temperature"});
  CHECK(same(file.values("channel_level"), {500, NAN}));
  CHECK(file.texts("channel_units") == Texts{"m2 s-2", "K"});
  CHECK(file.values("lead") == std::vector<double>{6, 12});
  CHECK(file.attribute("lead", "units") == "hours");
  CHECK(file.attribute("rmse", "long_name") == "root mean square error of the ensemble mean");
  CHECK(file.attribute("rmse", "formula") == "sqrt(mse)");
  CHECK(file.attribute("rmse", "units_by_channel") == "channel_units");
  CHECK(file.attribute("rmse", "coordinates") ==
        "channel_variable channel_level channel_units members limits");
  CHECK(file.attribute("rank_histogram", "units") == "1");

  // mse = 1 + 2 item + lead, times 100 for geopotential; at 6 h items 1 and 2.
  const std::vector<double> mse = {1000, 1500, 10, 15, 1000, 1600, 10, 16};
  CHECK(same(file.values("mse"), mse));
  const auto rmse = file.values("rmse");
  for (std::size_t i = 0; i < mse.size(); ++i)
    CHECK(rmse[i] == doctest::Approx(std::sqrt(mse[i])).epsilon(1e-15));
  CHECK(file.values("rmse_count") == std::vector<double>{2, 3, 2, 3, 2, 2, 2, 2});
  CHECK(file.values("mse_weight") == std::vector<double>(8, 0.5));
  CHECK_FALSE(file.has("variance"));  // NaN throughout has no mean
}

TEST_CASE("the series by initial time of netcdf_scores_out is missing where there was no truth") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "scores.nc";
  numbered::run(pipeline(path));
  const Read file(path);
  CHECK(file.axes("mse_by_init") == "init 3, forecast 1, region 2, channel 2, lead 2, ");
  CHECK(same(file.values("mse_by_init"),
             {NAN, 1300, NAN, 13, NAN,  NAN,  NAN, NAN, 900,  1500, 9,  15,
              900, 1500, 9,   15, 1100, 1700, 11,  17,  1100, 1700, 11, 17}));
  CHECK(file.values("rmse_by_init")[9] == doctest::Approx(std::sqrt(1500.0)).epsilon(1e-15));
  CHECK(file.values("init")[2] - file.values("init")[0] == 84);
  CHECK(file.attribute("init", "units") == "hours since 1970-01-01");
  CHECK_FALSE(file.has("rank_histogram_by_init"));
  CHECK_FALSE(file.has("forecast_share_by_init"));

  const auto means = folder.path() / "means.nc";
  numbered::run(pipeline(means, "each_init = false"));
  const Read alone(means);
  CHECK_FALSE(alone.has("init"));
  CHECK_FALSE(alone.has("mse_by_init"));
  CHECK(same(alone.values("mse"), file.values("mse")));
}

TEST_CASE("events and bins are axes of their own in netcdf_scores_out") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "scores.nc";
  numbered::run(pipeline(path, "", source("a") + source("b", "forecast = \"other\"\nranks = 4"),
                         "[\"a\", \"b\"]"));
  const Read file(path);
  CHECK(file.texts("event") == Texts{"2m_temperature > 300", "2m_temperature within 9 km"});
  CHECK(file.texts("event_channel") == Texts{"2m_temperature", "2m_temperature"});
  CHECK(file.texts("event_units") == Texts{"K", "K"});
  CHECK(file.axes("observed_frequency") ==
        "forecast 2, region 2, event 2, lead 2, forecast_probability 3, ");
  CHECK(file.values("forecast_probability") == std::vector<double>{0, 0.5, 1});
  const auto frequency = file.values("observed_frequency");
  CHECK(same({frequency.begin(), frequency.begin() + 9}, {0, 0.5, 1, 0, 0.5, 1, NAN, NAN, NAN}));
  CHECK(file.axes("roc_area") == "forecast 2, region 2, event 2, lead 2, ");
  CHECK(file.axes("bias") == "forecast 2, region 2, channel 2, lead 2, ");
  CHECK(file.axes("frequency_bias") == "forecast 2, region 2, event 2, lead 2, ");
  CHECK(file.axes("strikes") == "forecast 2, region 2, event 2, lead 2, ");
  CHECK(file.axes("rank_histogram") == "forecast 2, region 2, channel 2, lead 2, rank 4, ");
  const auto ranks = file.values("rank_histogram");
  CHECK(same({ranks.begin(), ranks.begin() + 4}, {0, 1, 2, NAN}));
  CHECK(same({ranks.begin() + 32, ranks.begin() + 36}, {0, 1, 2, 3}));
  const auto counts = file.values("rank_histogram_count");
  CHECK(std::vector<double>(counts.begin(), counts.begin() + 4) == std::vector<double>{2, 2, 2, 0});
}

TEST_CASE("conventions are attributes, those of one forecast or region coordinates") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "scores.nc";
  const auto two = [&](const std::string& settings) {
    return pipeline(path, "", source("a") + source("b", settings), "[\"a\", \"b\"]");
  };
  numbered::run(two("forecast = \"other\"\nranks = 4"));
  const Read file(path);
  CHECK(file.attribute("latitude_weights") == "area");
  CHECK(file.attribute("Conventions") == "CF-1.8");
  CHECK(file.attribute("title") == "Scores of forecasts");
  CHECK(file.texts("members") == Texts{"2", "3"});
  CHECK(file.texts("limits") == Texts{"", "a box"});
  fs::remove(path);

  CHECK(
      contains(error_of([&] { numbered::run(two("forecast = \"other\"\nweights = \"cos\"")); }),
               "scores that differ in 'latitude_weights' cannot be in one file: one has \"area\", "
               "another \"cos\""));
  CHECK(
      contains(error_of([&] { numbered::run(two("")); }), "two inputs score the forecast 'model'"));
  CHECK(contains(error_of([&] { numbered::run(pipeline("out/{init}.nc")); }),
                 "the path names {init}, but one file holds all scores"));
  CHECK(fs::is_empty(folder.path()));
}

TEST_CASE("a file of scores goes on to equal bytes after a broken run, at any number of threads") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "scores.nc";
  const auto text = pipeline(path);
  numbered::run(text);
  const std::string whole = read_whole_file(path);
  for (const int threads : {1, 8}) {
    numbered::run(fmt::format("{}[engine]\nthreads = {}\n", text, threads));
    CHECK(read_whole_file(path) == whole);
  }
  for (const int stop : {0, 3, 5, 8, 11}) {
    CAPTURE(stop);
    fs::remove(path);
    const auto journal = folder.path() / fmt::format("journal{}", stop);
    REQUIRE_FALSE(numbered::run_part(text, journal, false, stop));
    CHECK_FALSE(fs::exists(path));
    REQUIRE(numbered::run_part(text, journal, true, -1));
    CHECK(read_whole_file(path) == whole);
    CHECK_FALSE(fs::exists(folder.path() / "scores.nc.part"));
  }
}

TEST_CASE("without any score netcdf_scores_out writes a file without variables") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "scores.nc";
  Harness("netcdf_scores_out").set("path", '"' + path.string() + '"').put("scores", Scores{}).run();
  const Read file(path);
  CHECK(file.axes("forecast") == "forecast 0, ");
  CHECK_FALSE(file.has("rmse"));
}
