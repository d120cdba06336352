// Pipeline files, options of the command line, and requests for data.
#include "graph/graph.h"
#include "graph/pipeline_test.h"
#include "graph/retrieve.h"
#include "graph/whole_file.h"
#include "tests/fuzz/parsers.h"

namespace ladcast::fuzz {
namespace {

constexpr const char* kToys = R"(flow = 1
title = "toys"
[vars]
start = "analysis"
out = "out/${start}"
[run]
inits = { first = 2002-01-11T00:00:00Z, last = "2002-01-12", every_hours = 12 }
members = 5
batch = 2
lead = { step_hours = 6, until_hours = 48 }
seed = 1
[engine]
threads = 2
in_flight = 3
window = 2
[lanes]
model = { device = "cpu" }
service = {}
[nodes.analysis]
type = "toy_analysis"
[nodes.rollout]
type = "toy_rollout"
in.seed = "${start}"
in.next = "step"
[nodes.step]
type = "toy_step"
in = "rollout"
[nodes.decode]
type = "toy_decode"
in = "step"
frames = 4
[nodes.device]
type = "toy_device"
in = "decode"
lane = "model"
limit = 1
[nodes.gather]
type = "toy_gather"
in = "device"
[nodes.table]
type = "toy_sink"
in = ["gather"]
[nodes.file]
type = "toy_file"
in = "decode"
path = "${out}/{init}_{member}.nc"
[[tests]]
name = "all equal"
run = { members = 2 }
replace = { analysis = { type = "toy_analysis" } }
vary = { "engine.threads" = [1, 2] }
expect = { same = ["decode"], close = { decode = 0.1 }, messages = { decode = 4 }, finite = ["decode"] }
)";

constexpr const char* kSmall = R"(flow = 1
run.inits = ["2002-01-11T00"]
run.members = 2
run.lead = { step_hours = 6, until_hours = 12 }
nodes.truth = { type = "toy_truth" }
nodes.all = { type = "toy_fold", in = "truth.out" }
)";

constexpr const char* kReaders = R"(flow = 1
[vars]
file = "not/there_{init}.nc"
[run]
inits = ["2002-01-11T00", "2002-01-11T06"]
members = 2
lead = { step_hours = 6, until_hours = 12 }
[nodes.analysis]
type = "netcdf_in"
path = "${file}"
channels = ["geopotential 500", "temperature 850", "total_precipitation_6hr", "2m_temperature"]
derive = ["total_precipitation_6hr from hourly sums"]
[nodes.truth]
type = "grib_in"
path = "not/there.grib"
model = "small-planet"
at = "lead"
grid = "model"
[nodes.store]
type = "zarr_in"
path = "not/there.zarr"
channels = "specific_humidity 500"
derive = "specific_humidity from relative_humidity"
)";

std::vector<std::string> valid_pipelines() { return {kToys, kSmall}; }

void read_pipeline(const std::string& input) {
  const Pipeline pipeline = parse_pipeline(input, "fuzz.toml");
  Diagnostics diagnostics;
  read_tests(pipeline, diagnostics);
  diagnostics.check(pipeline.file);
  build_graph(pipeline);
}

std::vector<std::string> valid_readers() { return {kReaders}; }

void read_needs(const std::string& input) {
  const Graph graph = read_graph(parse_pipeline(input, "fuzz.toml"));
  for (const char* format : {"cds", "mars"}) Retriever::registered()(graph, {format, true});
}

// A line is an option: --only where it begins with a minus, else --set.

std::vector<std::string> valid_options() {
  return {"start=noise\nrun.members=2\nrun.lead.until_hours=12\nnodes.decode.frames=2",
          "out=a b\nrun.inits=[\"2002-01-11T00\"]\n-members=1-2,4\n-inits=2002-01-11T00",
          "engine.threads=1\nnodes.analysis.type=\"toy_analysis\"\n-members=3"};
}

void read_options(const std::string& input) {
  std::vector<std::string> sets;
  Selection selection;
  for (const auto& line : split(input, '\n'))
    if (line.starts_with('-'))
      add_selection(selection, line.substr(1));
    else if (!line.empty())
      sets.push_back(line);
  const Pipeline pipeline = parse_pipeline(kToys, "fuzz.toml", sets);
  read_graph(pipeline, selection);
}

const std::vector<std::string> kWords = {"[nodes.x]\ntype = \"toy_pass\"\n",
                                         "in = \"decode\"",
                                         "in.seed",
                                         "${start}",
                                         "${out}",
                                         "lane = \"model\"",
                                         "limit = 0",
                                         "[lanes]",
                                         "[vars]",
                                         "[[tests]]",
                                         "[engine]",
                                         "inits",
                                         "2002-01-11T00:00:00Z",
                                         "0001-01-01",
                                         "9999-12-31T23:59:59Z",
                                         "2002-02-30",
                                         "12:00:00",
                                         "+14:00",
                                         "every_hours",
                                         "until_hours",
                                         "batch = 3",
                                         "type = \"toy_rollout\"",
                                         "{init}",
                                         "{member}",
                                         "{lead}",
                                         "decode.fields",
                                         "\"\"\"",
                                         "'''",
                                         "nan",
                                         "-inf",
                                         "0xff",
                                         "geopotential 500",
                                         ", percentile 90",
                                         " hPa",
                                         " from 0",
                                         "at = \"lead\"",
                                         "[1, [2]]"};

}  // namespace

void add_pipelines(std::vector<Parser>& all) {
  all.push_back({"pipeline", valid_pipelines, read_pipeline, kWords});
  all.push_back({"retrieve", valid_readers, read_needs, kWords});
  all.push_back({"options", valid_options, read_options, kWords});
}

}  // namespace ladcast::fuzz
