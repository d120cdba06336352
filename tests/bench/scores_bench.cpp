// What the default scores of one lead cost: bias, RMSE of the mean, spread, fair CRPS and ACC of
// random fields in memory, on one thread and on two. The part "scores" of ladcast-bench is the same
// beside the machine's ceilings.
//
//   scores_bench [REPEATS [MEMBERS [CHANNELS [FOLDER]]]]
//
// FOLDER: the same fields are written there as .npy (forecast, truth, climatology), and the scores
// as scores.csv, for other programs to compute.

#include <fmt/format.h>
#include <oneapi/tbb/task_arena.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <functional>

#include "graph/npy.h"
#include "graph/text.h"
#include "nodes/verify/score_rows.h"
#include "tests/bench/random_fields.h"

using namespace ladcast;
using bench::random_fields;

namespace {

void write(const std::filesystem::path& folder, const std::string& name, const Fields& fields) {
  write_npy(
      folder / (name + ".npy"), fields.values,
      {fields.members.size(), fields.channels.size(), fields.grid.rows(), fields.grid.columns()});
}

void write(const std::filesystem::path& file, const std::vector<ScoreRow>& rows) {
  std::ofstream stream(file);
  stream << "channel,score,value\n";
  for (const ScoreRow& row : rows)
    stream << fmt::format("{},{},{:.17g}\n", row.channel.name, row.score, row.value);
}

struct Cost {
  double wall, cpu;  // seconds
};

Cost cost_of(const std::function<void()>& work) {
  const std::clock_t cpu = std::clock();
  const auto wall = std::chrono::steady_clock::now();
  work();
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - wall;
  return {elapsed.count(), static_cast<double>(std::clock() - cpu) / CLOCKS_PER_SEC};
}

TableRow row(const std::string& what, std::vector<double> seconds, double bytes) {
  std::sort(seconds.begin(), seconds.end());
  const double median = seconds[seconds.size() / 2];
  return {what, fmt::format("{:.3f}", seconds.front()), fmt::format("{:.3f}", median),
          fmt::format("{:.3f}", seconds.back()), fmt::format("{:.2f}", bytes / median / 1e9)};
}

}  // namespace

int main(int argc, char** argv) {
  const auto argument = [&](int i, std::size_t fallback) {
    return argc > i ? static_cast<std::size_t>(std::max(1, std::atoi(argv[i]))) : fallback;
  };
  const std::size_t repeats = argument(1, 11);
  const Fields climatology = random_fields(bench::published_grid(), 1, argument(3, 84), 1);
  const Fields truth =
      random_fields(climatology.grid, 1, climatology.channels.size(), 2, climatology.values);
  const Fields forecast = random_fields(climatology.grid, argument(2, 50),
                                        climatology.channels.size(), 3, climatology.values);
  const MapScorer scorer(truth.grid, {});

  std::vector<ScoreRow> scores;
  const auto score = [&] {
    scores.clear();
    append_score_rows(scores, {"model", {&forecast}}, truth, &climatology, scorer);
  };
  const auto bytes = static_cast<double>(forecast.values.size() * sizeof(float));
  fmt::print("{} members, {} channels, {} x {} points: {}\n", forecast.members.size(),
             forecast.channels.size(), truth.grid.rows(), truth.grid.columns(),
             format_bytes(static_cast<std::uint64_t>(bytes)));
  std::vector<TableRow> rows{{"seconds", "min", "median", "max", "GB/s"}};
  for (const int threads : {1, 2}) {
    oneapi::tbb::task_arena arena(threads);
    std::vector<double> wall, cpu;
    for (std::size_t i = 0; i < repeats; ++i) {
      const Cost cost = cost_of([&] { arena.execute(score); });
      wall.push_back(cost.wall);
      cpu.push_back(cost.cpu);
    }
    const std::string name = fmt::format("{} thread{}", threads, threads == 1 ? "" : "s");
    rows.push_back(row(name + ", wall", wall, bytes));
    rows.push_back(row(name + ", processor", cpu, bytes));
  }
  fmt::print("{}", format_table(rows, "lrrrr"));
  if (argc > 4) {
    const std::filesystem::path folder = argv[4];
    std::filesystem::create_directories(folder);
    write(folder, "forecast", forecast);
    write(folder, "truth", truth);
    write(folder, "climatology", climatology);
    write(folder / "scores.csv", scores);
  }
}
