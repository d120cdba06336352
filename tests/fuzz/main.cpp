// Feeds the parsers with broken inputs: `fuzz list` names them.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>

#include "graph/error.h"
#include "graph/whole_file.h"
#include "tests/fuzz/slice.h"

namespace {

using namespace ladcast;
using namespace ladcast::fuzz;

constexpr const char* kUsage =
    "fuzz list               the parsers\n"
    "fuzz all COUNT [SEED]   COUNT inputs for each; a tenth for those of libraries\n"
    "fuzz PARSER COUNT [SEED]\n"
    "fuzz PARSER FILE        one input, as a finding leaves it\n"
    "Run it in the root of the checkout, whose examples are the valid inputs.\n";

/// Where the input of a finding is kept.
std::filesystem::path keep(const Parser& parser, std::uint64_t seed, const std::string& input) {
  const auto file = std::filesystem::temp_directory_path() /
                    fmt::format("fuzz-{}-{}-{}", parser.name, seed, input.size());
  std::ofstream(file, std::ios::binary) << input;
  return file;
}

/// Prints one line, and one more on a finding. Returns whether there is none.
bool run(const Parser& parser, std::uint64_t count, std::uint64_t seed) {
  const Slice slice = run_slice(parser, count, seed);
  fmt::print("{}: {} inputs, {} refused, {} read, in {:.1f} s (seed {})\n", parser.name,
             slice.inputs, slice.refused, slice.read, slice.seconds, seed);
  if (!slice.finding.empty())
    fmt::print("  FINDING: {}\n  input: {}\n", slice.finding,
               keep(parser, seed, slice.input).string());
  std::fflush(stdout);
  return slice.finding.empty();
}

int run(const std::vector<std::string>& words) {
  const auto all = parsers();
  if (words == std::vector<std::string>{"list"}) {
    for (const Parser& parser : all) fmt::print("{}\n", parser.name);
    return 0;
  }
  if (words.size() < 2 || words.size() > 3) fail("{}", kUsage);
  const auto is_count = [](const std::string& word) {
    return !word.empty() && word.find_first_not_of("0123456789") == std::string::npos;
  };
  const bool counted = is_count(words[1]);
  const std::uint64_t count = counted ? std::stoull(words[1]) : 0;
  const std::uint64_t seed = words.size() == 3 && is_count(words[2]) ? std::stoull(words[2]) : 1;
  if (words[0] == "all" && counted) {
    bool fine = true;
    for (const Parser& parser : all)
      fine = run(parser, parser.is_library ? count / 10 : count, seed) && fine;
    return fine ? 0 : 1;
  }
  const auto parser = std::find_if(all.begin(), all.end(),
                                   [&](const Parser& each) { return each.name == words[0]; });
  if (parser == all.end()) fail("there is no parser '{}'\n{}", words[0], kUsage);
  if (counted) return run(*parser, count, seed) ? 0 : 1;
  const Slice slice = run_input(*parser, read_whole_file(words[1]));
  fmt::print("{}\n", slice.finding.empty() ? "no finding" : "FINDING: " + slice.finding);
  return slice.finding.empty() ? 0 : 1;
}

}  // namespace

int main(int count, char** words) {
  int status = 2;
  try {
    status = run({words + 1, words + count});
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
  }
  std::error_code ignored;
  std::filesystem::remove_all(scratch(), ignored);
  return status;
}
