// The plan of a run: finite and known before the run, so that every edge's message count is known.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "graph/key.h"
#include "graph/time.h"

namespace ladcast {

struct Plan {
  std::vector<Time> inits;  // the items; of iterations their iteration_time()
  /// Where the items are iterations of an optimiser, their number, otherwise 0. It may grow when a
  /// run is continued, so what an iteration computes must not depend on it.
  int iterations = 0;
  std::vector<std::vector<int>> batches;  // member numbers of each batch, from 1
  int step_hours = 6;                     // one lead
  int leads = 0;                          // number of leads; 0 in a run without forecasts
  std::uint64_t seed = 0;
  int in_flight = 1;  // trajectories (item, batch) at once
  int window = 2;     // rollout steps that one trajectory may be ahead of its consumers
  int threads = 1;

  int items() const { return static_cast<int>(inits.size()); }
  int batch_count() const { return static_cast<int>(batches.size()); }
  int largest_batch() const;
  int members() const;
  int lead_hours(int lead) const { return lead * step_hours; }
  Leads each_lead() const { return {1, 1, leads}; }

  /// Number of keys along an axis of `axes` (1 where the axis is not there).
  int extent(const Axes& axes, Axis axis) const;
  /// Number of keys of `axes`.
  std::int64_t count(const Axes& axes) const;
  /// All keys of `axes` in plan order: item, lead, batch.
  std::vector<Key> keys(const Axes& axes) const;
  /// The place of a key among keys(axes), and back.
  std::int64_t index_of(const Key& key, const Axes& axes) const;
  Key key_at(std::int64_t index, const Axes& axes) const;

  /// "init 2018-01-03T00" or "iteration 17".
  std::string item_name(int item) const;
  /// "3 initial times" or "1 iteration".
  std::string count_items(std::int64_t count) const;
  /// "init 2018-01-03T00, members 5-9, lead 42 h", of those axes that are there.
  std::string describe(const Key& key, const Axes& axes) const;
  /// The same as members of a JSON object: "init": "2018-01-03T00" (or "iteration": 17),
  /// "members": "5-9", "lead_hours": 42.
  std::string describe_json(const Key& key, const Axes& axes) const;
};

/// The time that stands for an iteration (from 1) where an item is known by its time: in the
/// journal, in random numbers. Its seconds since 1970 are the iteration.
inline Time iteration_time(int iteration) { return Time{std::chrono::seconds{iteration}}; }

/// "5-9", "1, 7" or "3": member numbers as messages show them.
std::string format_members(const std::vector<int>& members);

}  // namespace ladcast
