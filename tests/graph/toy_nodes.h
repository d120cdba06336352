// Small nodes that exercise the engine: every kind of port, order and source, with cheap exact
// values.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "graph/node.h"
#include "graph/runtime.h"

namespace ladcast {

struct Numbers {
  std::vector<float> values;
};

template <>
struct PayloadTraits<Numbers> {
  static constexpr const char* name = "Numbers";
  static std::size_t bytes(const Numbers& numbers) { return numbers.values.size() * sizeof(float); }
  static std::vector<ArrayView> arrays(const Numbers& numbers) {
    return {{"values", {numbers.values.size()}, numbers.values}};
  }
};

namespace toy {

/// What happened in a run, by node name. Reset by run().
struct Diary {
  std::map<std::string, std::uint64_t> hashes;  // of what each sink saw, in its order
  std::map<std::string, int> seen;              // messages of each sink
  std::vector<std::string> finished;            // "sink" or "sink 2" for item 2
  std::vector<std::string> opened_on;           // devices on which toy_device was opened
  std::map<std::pair<int, int>, std::set<std::string>> devices;  // of toy_device, by item and batch
  int opened = 0;
  int closed = 0;
};
Diary& diary();

/// Makes nodes sleep up to this long at random before they compute. 0 is off.
void set_jitter(int microseconds);

/// Where a node throws: "open", "run", "finish", "finish_item", "close"; `at` counts its calls.
struct Fault {
  std::string node;
  std::string when;
  int at = 0;
};
void set_fault(const Fault& fault);

/// Runs a pipeline text and resets the diary first.
RunReport run(const std::string& text, const std::vector<std::string>& sets = {},
              const RunOptions& options = {});

/// The same with a journal, interrupted once `stop_after` tasks are done (never if negative).
RunReport run_part(const std::string& text, const std::filesystem::path& journal, bool resume,
                   std::int64_t stop_after = -1);

/// Runs a part; true if the plan was completed.
bool goes_on(const std::string& text, const std::filesystem::path& journal, bool resume,
             std::int64_t stop_after);

/// Head of a pipeline text.
std::string head(int items, int members, int batch, int leads, const std::string& engine);

}  // namespace toy
}  // namespace ladcast
