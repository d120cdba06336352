// ladcast-bench: how fast this machine computes the parts of a forecast, beside the machine's own
// ceilings measured in the same run. `ladcast-bench --help` tells more.
#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <thread>

#include "graph/diagnostics.h"
#include "nodes/ladcast/cpu_products.h"
#include "tests/bench/bench.h"
#include "tests/bench/machine.h"

namespace ladcast::bench {
namespace {

constexpr int kFailed = 1;
constexpr int kWrongUse = 2;

struct NamedPart {
  const char* name;
  const char* doc;
  void (*measure)(Bench& bench);  // none for the ceilings, which come first in any case
};

constexpr NamedPart kParts[] = {
    {"ceilings", "matrix product, memory, disk: always, the disk only where a part needs it",
     nullptr},
    {"gemm", "the transformer's matrix products", measure_gemm},
    {"attention", "the transformer's attention", measure_attention},
    {"elementwise", "norms, rotation, gelu: bytes in a second", measure_elementwise},
    {"convolution", "a 3 x 3 convolution on the sphere", measure_convolution},
    {"block", "a single and a dual block", measure_block},
    {"evaluation", "one evaluation of the transformer", measure_evaluation},
    {"step", "all solver steps of 24 h; a published size only with --published and --only",
     measure_step},
    {"encode", "a frame into the latent space", measure_encode},
    {"decode", "a frame out of it", measure_decode},
    {"hop", "what the engine costs for each message", measure_hop},
    {"scores", "the default scores of one lead", measure_scores},
    {"writers", "a forecast as NetCDF, on the disk", measure_writers},
    {"pipeline", "pipelines/ens15d.toml with 10 members and 2 days", measure_pipeline}};

std::string footer() {
  std::string text = "Parts:\n";
  for (const NamedPart& part : kParts) text += fmt::format("  {:<12} {}\n", part.name, part.doc);
  return text +
         "\nThe networks are 375M and DCAE84 with random weights and the small planet, unless\n"
         "--published or --model names others; gemm to block take the sizes of the first. Run it\n"
         "in the root of the source tree. Of each part two series are timed in turn: 'noise' is\n"
         "the ratio of their medians, which would be 1 on a quiet machine. GFLOP are those that\n"
         "are computed, GB those that have to be read and written.\n\n"
         "Example:\n"
         "  build/tests/bench/ladcast-bench --only gemm,block,evaluation --precision bf16 "
         "--json bench.jsonl\n";
}

std::vector<std::string> part_names() {
  std::vector<std::string> names;
  for (const NamedPart& part : kParts) names.emplace_back(part.name);
  return names;
}

/// What the command line says of precision, where the processor can.
std::vector<std::string> chosen_precisions(const std::string& option) {
  if (option != "both") return {option};
  if (multiplies_bf16()) return {"fp32", "bf16"};
  fmt::print(stderr, "{} does not multiply bf16: only fp32; --precision bf16 measures it anyway\n",
             processor_name());
  return {"fp32"};
}

void check_parts(const std::vector<std::string>& names) {
  const auto known = part_names();
  for (const auto& name : names)
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      const auto hint = did_you_mean(name, known);
      throw CLI::ValidationError("--only",
                                 fmt::format("there is no part '{}'; {}", name,
                                             hint.empty() ? "the parts are " + join(known) : hint));
    }
}

void run(const Options& options) {
  const c10::InferenceMode no_gradients;  // as on the lanes
  at::manual_seed(1);
  at::set_num_threads(options.threads);
  const auto chosen = [&](const std::string& name) {
    return options.only.empty() ||
           std::find(options.only.begin(), options.only.end(), name) != options.only.end();
  };
  Bench bench(options);
  if (!options.model.empty()) bench.networks();  // what is wrong with it is told at once
  measure_ceilings(bench, chosen("ceilings") || chosen("writers"));
  for (const NamedPart& part : kParts)
    if (part.measure != nullptr && chosen(part.name)) part.measure(bench);
  bench.print_table();
}

int parse_and_run(int argc, char** argv) {
  CLI::App app{"Times the parts of a forecast beside the machine's own ceilings.", "ladcast-bench"};
  Options options;
  std::string precision = "both";
  options.threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  app.add_option("--only", options.only, "Parts, separated by commas; all unless given")
      ->delimiter(',')
      ->type_name("PARTS");
  app.add_option("--precision", precision, "fp32, bf16 or both")
      ->check(CLI::IsMember({"fp32", "bf16", "both"}).description(""))
      ->type_name("FORMAT")
      ->capture_default_str();
  app.add_option("--threads", options.threads, "Threads of LibTorch and of the engine")
      ->check(CLI::Range(1, 1024).description(""))
      ->type_name("N")
      ->capture_default_str();
  app.add_option("--repeats", options.repeats, "Calls in each of the two series")
      ->check(CLI::Range(1, 10000).description(""))
      ->type_name("N")
      ->capture_default_str();
  app.add_option("--members", options.members, "Members that a network computes at once")
      ->check(CLI::Range(1, 1000).description(""))
      ->type_name("N")
      ->capture_default_str();
  app.add_option("--model", options.model, "Folder of a model: holds model.toml")
      ->type_name("FOLDER");
  app.add_option("--published", options.published, "A published size with random weights")
      ->check(CLI::IsMember({"375M", "1.6B"}).description(""))
      ->type_name("375M|1.6B");
  app.add_option("--json", options.json, "Also write JSON lines: the machine, then each row")
      ->type_name("FILE");
  app.footer(footer());
  try {
    app.parse(argc, argv);
    check_parts(options.only);
  } catch (const CLI::Success& request) {  // --help
    return app.exit(request);
  } catch (const CLI::ParseError& error) {
    fmt::print(stderr, "error: {}\n      = 'ladcast-bench --help' shows what there is\n",
               error.what());
    return kWrongUse;
  }
  options.precisions = chosen_precisions(precision);
  run(options);
  return 0;
}

}  // namespace
}  // namespace ladcast::bench

int main(int argc, char** argv) {
  try {
    return ladcast::bench::parse_and_run(argc, argv);
  } catch (const std::exception& error) {
    fmt::print(stderr, "error: {}\n", error.what());
    return ladcast::bench::kFailed;
  }
}
