// The benchmark program's frame: parts are timed, each gives a row, and rows are set beside the
// ceilings that the same run measured.
#pragma once

#include <ATen/core/Tensor.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tests/bench/networks.h"

namespace ladcast::bench {

inline constexpr const char* kSmallPlanet = "pipelines/models/small-planet";

struct Options {
  std::vector<std::string> only;        // names of parts; empty is all
  std::vector<std::string> precisions;  // of the networks, "fp32" or "bf16"
  int threads = 1;                      // of LibTorch and of the engine
  int repeats = 5;                      // of each of two series
  int members = 1;                      // that a network computes at once
  std::string model;                    // a folder; the small planet unless given
  std::string published;                // "375M" or "1.6B"; 375M unless a model is given
  std::string json;                     // a file; empty for none
};

/// What a rate is compared with.
enum class Ceiling { none, fp32, bf16, memory, disk };

/// The ceiling of matrix products in that number format.
Ceiling gemm_ceiling(const std::string& precision);

struct Part {
  std::string name;
  std::string precision = {};
  std::function<at::Tensor()> work;   // is timed; gives what must be finite, or nothing
  double flop = 0;                    // that one call executes
  double bytes = 0;                   // that one call has to read and write
  Ceiling ceiling = Ceiling::none;    // of flop where that is known, otherwise of bytes
  double units = 1;                   // times are divided by this
  std::function<void()> before = {};  // each call, not timed
};

struct Row {
  std::string name, precision;
  double flop, bytes;                      // of a unit
  std::vector<double> a = {}, b = {};      // seconds of a unit, sorted: two series, taken in turn
  double least = 0, median = 0, most = 0;  // of both
  double noise = 0;                        // median of a over median of b
  double rate = 0;                         // flop or bytes in a second, by the median, or 0
  std::optional<double> share = {};        // of the ceiling

  double fastest_rate() const { return rate * median / least; }
};

class Bench {
 public:
  /// Throws Error if the JSON file cannot be written.
  explicit Bench(Options options);

  const Options& options() const { return options_; }

  /// Those that the options choose, the largest first. Read when they are first asked for.
  const std::vector<Network>& networks();

  /// Times a part: warm-up, then the two series. Throws Error if a result is not finite.
  const Row& measure(const Part& part);

  /// From now on rates are compared with that of the fastest call of `row`.
  void set_ceiling(Ceiling ceiling, const Row& row) { ceilings_[ceiling] = row.fastest_rate(); }

  void print_table() const;

 private:
  double seconds_of(const Part& part) const;
  void write_json(const std::string& line);

  Options options_;
  std::vector<Network> networks_;
  std::map<Ceiling, double> ceilings_;
  std::vector<Row> rows_;
  std::ofstream json_;
};

/// Matrix products, memory and, where a part needs it, the disk.
void measure_ceilings(Bench& bench, bool with_disk);

void measure_gemm(Bench& bench);
void measure_attention(Bench& bench);
void measure_elementwise(Bench& bench);
void measure_convolution(Bench& bench);
void measure_block(Bench& bench);
void measure_evaluation(Bench& bench);
void measure_step(Bench& bench);
void measure_encode(Bench& bench);
void measure_decode(Bench& bench);
void measure_hop(Bench& bench);
void measure_scores(Bench& bench);
void measure_writers(Bench& bench);
void measure_pipeline(Bench& bench);

}  // namespace ladcast::bench
