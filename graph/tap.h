// Taps: what flows through an output, printed or saved, to compare one computation with another.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "graph/runtime.h"

namespace ladcast {

/// Of those values that are finite; NaN where none is.
struct Statistics {
  std::size_t count = 0;  // of all values
  std::size_t finite = 0;
  double min = 0.0;
  double mean = 0.0;
  double max = 0.0;
  std::uint64_t hash = 0;  // 64-bit FNV-1a of the bytes
};
Statistics statistics(std::span<const float> values);

/// "[4, 8] count 32, min -1.5, mean 0.25, max 2, finite 100 %, hash 0123456789abcdef".
std::string format_array(const ArrayView& array);

/// "decode.fields_20020111T00_1-10_006h.npy", of those axes that are there; "_NAME" before the
/// ending where a payload has several arrays.
std::string tap_file_name(const std::string& output, const Plan& plan, const Axes& axes,
                          const Key& key, const std::string& array = "");

/// All taps of a run. Prints lines in key order: a line waits, as text, until the keys before it
/// are printed. The engine calls one tap at a time.
class Taps {
 public:
  /// `outputs` are "NODE.PORT", or "NODE" where it has one output. Files go to `folder` unless it
  /// is empty; it is made. Throws Error.
  Taps(const Graph& graph, const std::vector<std::string>& outputs, std::filesystem::path folder,
       std::function<void(const std::string&)> print);

  std::vector<Tap> for_engine() const;
  /// Prints what still waits, after a run that ended early.
  void flush();

 private:
  struct Stream {
    std::string output;
    int node;
    int port;
    Plan plan;
    Axes axes;
    std::vector<Key> expected;
    std::size_t next = 0;
    std::map<Key, std::string> waiting;
  };
  void see(Stream& stream, const Key& key, const Payload& payload) const;

  std::filesystem::path folder_;
  std::function<void(const std::string&)> print_;
  std::vector<std::unique_ptr<Stream>> streams_;
};

}  // namespace ladcast
