#include "graph/progress.h"

#include <doctest/doctest.h>

#include <sstream>
#include <vector>

using namespace ladcast;

namespace {
const ProgressState kStart{.done = 3, .total = 60, .elapsed = 1.25};
const ProgressState kMiddle{
    .done = 24, .total = 60, .elapsed = 12.6, .rate = 1.9, .remaining = 18.9};
}  // namespace

TEST_CASE("a bar shows share, tasks, rate and times, and fits the terminal") {
  CHECK(format_bar(kStart, 60) == "[#.....................................]   5 %  3/60  1.2 s");
  CHECK(format_bar(kMiddle, 80) ==
        "[############..................]  40 %  24/60  1.9 tasks/s  12.6 s  18.9 s left");
  CHECK(format_bar(kMiddle, 30).size() < 30);
  for (int columns = 20; columns < 120; ++columns)
    CHECK(format_bar(kMiddle, columns).size() < static_cast<std::size_t>(columns));
}

TEST_CASE("a full bar is full") {
  CHECK(format_bar({.done = 60, .total = 60, .elapsed = 2.0}, 40) ==
        "[#################] 100 %  60/60  2.0 s");
}

TEST_CASE("a plain line tells the same in words") {
  CHECK(format_plain(kStart) == "5 %: 3 of 60 tasks, 1.2 s so far");
  CHECK(format_plain(kMiddle) == "40 %: 24 of 60 tasks, 1.9 tasks/s, 12.6 s so far, 18.9 s left");
}

TEST_CASE("a JSON line has null for what is not known") {
  CHECK(
      format_json(kStart) ==
      R"({"event": "progress", "done": 3, "total": 60, "elapsed_s": 1.250, "tasks_per_s": null, "remaining_s": null})");
  CHECK(
      format_json(kMiddle) ==
      R"({"event": "progress", "done": 24, "total": 60, "elapsed_s": 12.600, "tasks_per_s": 1.900, "remaining_s": 18.900})");
}

TEST_CASE("the rate is that of the last half minute and comes after five seconds") {
  RecentRate recent;
  recent.add(0.0, 0);
  recent.add(2.0, 200);
  CHECK(!recent.rate());
  recent.add(10.0, 1000);
  CHECK(*recent.rate() == doctest::Approx(100.0));
  for (int second = 11; second <= 60; ++second) recent.add(second, 1000 + second - 10);
  CHECK(*recent.rate() == doctest::Approx(1.0));
}

TEST_CASE("no rate comes from a run that stands still") {
  RecentRate recent;
  recent.add(0.0, 0);
  recent.add(10.0, 0);
  CHECK(!recent.rate());
}

TEST_CASE("plain lines come at each 10 % or each 30 s, whichever is later") {
  PlainPace pace;
  std::vector<double> fast;
  for (int percent = 1; percent <= 100; ++percent)  // 100 s in all
    if (pace.due({.done = percent, .total = 100, .elapsed = static_cast<double>(percent)}))
      fast.push_back(percent);
  CHECK(fast == std::vector<double>{30, 60, 90});
  PlainPace slow_pace;
  std::vector<double> slow;
  for (int percent = 1; percent <= 50; ++percent)  // 10 s for each percent
    if (slow_pace.due({.done = percent, .total = 100, .elapsed = 10.0 * percent}))
      slow.push_back(percent);
  CHECK(slow == std::vector<double>{10, 20, 30, 40, 50});
}

TEST_CASE("the last bar stays, and what is printed aside comes before it") {
  std::ostringstream out;
  {
    Progress progress(ProgressStyle::bar, out, 60);
    progress.update(1, 2);
    progress.aside([&] { out << "a line\n"; });
    progress.update(2, 2);
    progress.finish();
    progress.update(2, 2);
  }
  const std::string text = out.str();
  CHECK(text.starts_with("a line\n"));
  CHECK(text.find("100 %  2/2") != std::string::npos);
  CHECK(text.ends_with("\x1b[K\n"));
}

TEST_CASE("a bar that was cut short is erased") {
  std::ostringstream out;
  {
    Progress progress(ProgressStyle::bar, out, 60);
    progress.update(1, 2);
    for (bool shown = false; !shown;)
      progress.aside([&] { shown = out.str().find("50 %") != std::string::npos; });
  }
  CHECK(out.str().ends_with("\r\x1b[K"));
}
