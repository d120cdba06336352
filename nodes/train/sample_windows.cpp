#include "nodes/train/sample_windows.h"

#include <algorithm>

namespace ladcast {

WindowParams::WindowParams(Stage* stage, int frames_of_a_window)
    : batch(stage, "batch", "windows that an iteration learns from",
            ParamOptions<int>{.fallback = 4, .min = 1}),
      frames(stage, "frames", "analyses of a window, one step of the model apart",
             ParamOptions<int>{.fallback = frames_of_a_window, .min = 1}),
      choose(stage, "choose",
             "shuffled: all in turn, in another order each epoch; spread: the same for all "
             "iterations, evenly from the first window to the last, for validation",
             {.fallback = "shuffled", .choices = {"shuffled", "spread"}}),
      every_hours(stage, "every_hours",
                  "windows begin at multiples of so many hours since 00 UTC of 1970-01-01",
                  ParamOptions<int>{.fallback = 1, .unit = "h", .min = 1}),
      repeats(
          stage, "repeats",
          "iterations in a row that use the same windows; each counts as an iteration (the "
          "reference's sub-batches: 3 for the autoencoder, of which `augment` turns the last 2)",
          ParamOptions<int>{.fallback = 1, .min = 1}),
      first(stage, "first", "no frame is before this time, as \"2000-07-01\"",
            ParamOptions<Time>{.optional = true}),
      last(stage, "last", "no frame is after this time", ParamOptions<Time>{.optional = true}),
      shard(stage, "shard", "[k, n]: of all windows the k-th of every n, from 1",
            ParamOptions<std::vector<int>>{.fallback = std::vector<int>{1, 1}}) {}

void WindowParams::check(Shape& shape) const {
  if (shape.plan().iterations == 0)
    shape.error(batch, "training samples come with iterations, and [run] has none",
                "write [run] iterations = 1000 instead of inits");
  if (shard->size() != 2 || (*shard)[0] < 1 || (*shard)[0] > (*shard)[1])
    shape.error(shard, "a shard is a number from 1 to how many there are, and how many",
                "write shard = [1, 4]");
}

SampleWindows::SampleWindows(const WindowParams& params, const std::set<Time>& there,
                             int step_hours, std::uint64_t seed, const std::string& source)
    : times_(complete(params, there, step_hours, source)),
      batch_(static_cast<std::size_t>(*params.batch)),
      same_(*params.choose == "spread"),
      repeats_(*params.repeats),
      order_(times_.size(), batch_, seed) {}

std::vector<Time> SampleWindows::complete(const WindowParams& params, const std::set<Time>& there,
                                          int step_hours, const std::string& source) {
  const std::chrono::hours length{(*params.frames - 1) * step_hours};
  std::vector<Time> times;
  for (const Time start : there) {
    if (params.first.has_value() && start < *params.first) continue;
    if (params.last.has_value() && start + length > *params.last) continue;
    if (start.time_since_epoch() % std::chrono::hours{*params.every_hours} !=
        std::chrono::seconds{0})
      continue;
    bool whole = true;
    for (int i = 1; i < *params.frames; ++i)
      whole = whole && there.contains(start + std::chrono::hours{i * step_hours});
    if (whole) times.push_back(start);
  }
  if (times.empty())
    fail("{} has no window of {} analyses every {} h{}; it holds {} times, {} to {}", source,
         *params.frames, step_hours,
         params.first.has_value() || params.last.has_value() ? " between `first` and `last`" : "",
         there.size(), there.empty() ? "-" : short_time(*there.begin()),
         there.empty() ? "-" : short_time(*there.rbegin()));
  const auto part = static_cast<std::size_t>((*params.shard)[0] - 1);
  const auto parts = static_cast<std::size_t>((*params.shard)[1]);
  std::vector<Time> own;
  for (std::size_t i = part; i < times.size(); i += parts) own.push_back(times[i]);
  if (*params.choose == "spread" && own.size() < static_cast<std::size_t>(*params.batch))
    fail("{} has {} windows, fewer than the {} that are to be spread over it", source, own.size(),
         *params.batch);
  if (own.empty()) fail("{} has {} windows, fewer than {} shards", source, times.size(), parts);
  return own;
}

SampleWindows::Batch SampleWindows::at(int iteration) const {
  if (same_) {
    Batch batch{{}, 0, 0.0};
    for (std::size_t i = 0; i < batch_; ++i)
      batch.times.push_back(times_[i * (times_.size() - 1) / std::max<std::size_t>(1, batch_ - 1)]);
    return batch;
  }
  const std::int64_t number = (iteration - 1) / repeats_;
  Batch batch{{}, (iteration - 1) % repeats_, order_.epoch(number)};
  for (const std::size_t index : order_.batch(number)) batch.times.push_back(times_[index]);
  return batch;
}

}  // namespace ladcast
