#include "tests/bench/bench.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <fmt/format.h>
#include <torch/headeronly/version.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <nlohmann/json.hpp>
#include <thread>

#include "graph/error.h"
#include "graph/text.h"
#include "nodes/ladcast/cpu_products.h"
#include "tests/bench/machine.h"

namespace ladcast::bench {
namespace {

constexpr double kWarmUpSeconds = 0.5;  // one call at least
constexpr int kWarmUps = 3;             // at most

double median(const std::vector<double>& sorted) {
  const auto half = sorted.size() / 2;
  return sorted.size() % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

std::string format_seconds(double seconds) {
  if (seconds < 1e-3) return fmt::format("{:.2f} us", seconds * 1e6);
  return seconds < 1 ? fmt::format("{:.2f} ms", seconds * 1e3) : fmt::format("{:.3f} s", seconds);
}

std::string format_giga(double count) {
  return count <= 0 ? "" : fmt::format("{:.{}f}", count / 1e9, count < 1e8 ? 4 : 2);
}

std::string format_rate(const Row& row) {
  if (row.rate == 0) return "";
  return fmt::format("{:.1f} {}", row.rate / 1e9, row.flop > 0 ? "GFLOP/s" : "GB/s");
}

std::string full_name(const std::string& name, const std::string& precision) {
  return precision.empty() ? name : fmt::format("{}, {}", name, precision);
}

std::string json_of(const Row& row) {
  nlohmann::ordered_json object{
      {"name", row.name},        {"precision", row.precision}, {"flop", row.flop},
      {"bytes", row.bytes},      {"seconds_min", row.least},   {"seconds_median", row.median},
      {"seconds_max", row.most}, {"rate", row.rate},           {"share_of_ceiling", nullptr},
      {"noise", row.noise},      {"seconds_a", row.a},         {"seconds_b", row.b}};
  if (row.share) object["share_of_ceiling"] = *row.share;
  return object.dump();
}

std::string json_of_machine(const Options& options) {
  return nlohmann::ordered_json{{"cpu", processor_name()},
                                {"hardware_threads", std::thread::hardware_concurrency()},
                                {"cpu_capability", at::get_cpu_capability()},
                                {"multiplies_bf16", multiplies_bf16()},
                                {"libtorch", TORCH_VERSION},
                                {"threads", options.threads},
                                {"repeats", options.repeats},
                                {"members", options.members}}
      .dump();
}

}  // namespace

Ceiling gemm_ceiling(const std::string& precision) {
  return precision == "bf16" ? Ceiling::bf16 : Ceiling::fp32;
}

Bench::Bench(Options options) : options_(std::move(options)) {
  if (options_.json.empty()) return;
  json_.open(options_.json);
  if (!json_)
    fail("--json: cannot write '{}': {}; name a file in a folder that is there and may be written",
         options_.json, std::strerror(errno));
  write_json(json_of_machine(options_));
}

const std::vector<Network>& Bench::networks() {
  if (!networks_.empty()) return networks_;
  const bool all = options_.model.empty() && options_.published.empty();
  if (!options_.model.empty() && !std::filesystem::exists(options_.model + "/model.toml"))
    fail("--model: there is no '{}/model.toml'; name the folder of a model, for example {}",
         options_.model, kSmallPlanet);
  if (all || !options_.published.empty())
    networks_.push_back(published_network(all ? "375M" : options_.published));
  if (all || !options_.model.empty())
    networks_.push_back(read_network(all ? kSmallPlanet : options_.model));
  return networks_;
}

double Bench::seconds_of(const Part& part) const {
  if (part.before) part.before();
  at::set_num_threads(options_.threads);
  const auto start = std::chrono::steady_clock::now();
  const auto result = part.work();
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  if (result.defined() && !at::isfinite(result).all().item<bool>())
    fail("{} gave values that are not finite", full_name(part.name, part.precision));
  return seconds.count() / part.units;
}

const Row& Bench::measure(const Part& part) {
  double warm = 0;
  for (int i = 0; i < kWarmUps && warm < kWarmUpSeconds; ++i) warm += seconds_of(part) * part.units;

  Row row{part.name, part.precision, part.flop / part.units, part.bytes / part.units};
  for (int i = 0; i < options_.repeats; ++i) {
    const bool a_first = i % 2 == 0;  // what drifts meets both
    for (auto* series : {a_first ? &row.a : &row.b, a_first ? &row.b : &row.a})
      series->push_back(seconds_of(part));
  }
  auto both = row.a;
  both.insert(both.end(), row.b.begin(), row.b.end());
  for (auto* series : {&row.a, &row.b, &both}) std::sort(series->begin(), series->end());
  row.least = both.front();
  row.median = median(both);
  row.most = both.back();
  row.noise = median(row.a) / median(row.b);
  row.rate = (row.flop > 0 ? row.flop : row.bytes) / row.median;
  if (const auto found = ceilings_.find(part.ceiling); found != ceilings_.end())
    row.share = row.rate / found->second;

  fmt::print(stderr, "{}: {}\n", full_name(row.name, row.precision), format_seconds(row.median));
  write_json(json_of(row));
  rows_.push_back(std::move(row));
  return rows_.back();
}

void Bench::write_json(const std::string& line) {
  if (!json_.is_open()) return;
  json_ << line << std::endl;  // a run that ends early leaves what it measured
  if (!json_)
    fail("--json: cannot write '{}': {}; make room or name another file", options_.json,
         std::strerror(errno));
}

void Bench::print_table() const {
  fmt::print("{}; {}, LibTorch {} with {}; {} at once\n", processor_name(),
             format_count(options_.threads, "thread"), TORCH_VERSION, at::get_cpu_capability(),
             format_count(options_.members, "member"));
  std::vector<TableRow> table{
      {"", "precision", "GFLOP", "GB", "min", "median", "max", "rate", "of ceiling", "noise"}};
  for (const Row& row : rows_)
    table.push_back({row.name, row.precision, format_giga(row.flop), format_giga(row.bytes),
                     format_seconds(row.least), format_seconds(row.median),
                     format_seconds(row.most), format_rate(row),
                     row.share ? fmt::format("{:.1f} %", *row.share * 100) : "",
                     fmt::format("{:.3f}", row.noise)});
  fmt::print("{}", format_table(table, "llrrrrrrrr"));
}

}  // namespace ladcast::bench
