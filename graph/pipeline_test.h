// The [[tests]] of a pipeline file: small variants of the pipeline whose results are compared.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "graph/diagnostics.h"
#include "graph/pipeline.h"

namespace ladcast {

/// One entry of [[tests]].
struct PipelineTest {
  template <class T>
  using By = std::vector<std::pair<std::string, T>>;

  std::string name;
  std::vector<std::string> sets;      // of `run`, as --set takes them
  By<Setting> replace;                // by node: a table with another type
  By<std::vector<std::string>> vary;  // by path: values as TOML; all combinations are run
  std::vector<std::string> same;      // nodes whose messages are equal in all combinations
  By<double> close;                   // by node: largest difference, in standard deviations
  By<std::int64_t> messages;          // by node: how many, in each combination
  std::vector<std::string> finite;    // nodes whose numbers are all finite
};

/// What is wrong with the tables goes to `diagnostics`.
std::vector<PipelineTest> read_tests(const Pipeline& pipeline, Diagnostics& diagnostics);

/// The pipeline with the nodes of `test.replace` replaced. A replaced node keeps its edges, its
/// lane, and those parameters that the new type has too. Throws PipelineError.
Pipeline replaced(Pipeline pipeline, const PipelineTest& test);

/// The --set options of each combination of `test.vary`, in order; one empty list where it is
/// empty.
std::vector<std::vector<std::string>> combinations(const PipelineTest& test);

/// Runs one test; files go to a temporary folder by way of the variable `out`. Returns what is
/// wrong, a line each; nothing where it passes. Throws PipelineError and what run_graph() throws.
std::vector<std::string> run_test(const std::string& file, const std::vector<std::string>& sets,
                                  const PipelineTest& test);

}  // namespace ladcast
