#include "graph/profile.h"

#include <algorithm>
#include <map>
#include <optional>

#include "graph/intervals.h"

namespace ladcast {
namespace {

std::size_t lane_of(const TraceFile& trace, const TraceSpan& span) {
  return trace.threads[span.thread].lane;
}

template <class Choose>
std::vector<Interval> busy_while(const TraceFile& trace, const Choose& choose) {
  std::vector<Interval> intervals;
  for (const TraceSpan& span : trace.spans)
    if (span.is_body() && choose(lane_of(trace, span))) intervals.push_back({span.begin, span.end});
  return unite(std::move(intervals));
}

void add_phases(const TraceFile& trace, Profile& profile) {
  std::vector<Interval> all, bodies;
  for (const TraceSpan& span : trace.spans) {
    all.push_back({span.begin, span.end});
    if (span.is_body()) bodies.push_back(all.back());
  }
  if (all.empty()) return;
  all = unite(std::move(all));
  bodies = unite(std::move(bodies));
  profile.wall = all.back().end - all.front().begin;
  if (bodies.empty()) {
    profile.opening = profile.wall;
    return;
  }
  profile.opening = bodies.front().begin - all.front().begin;
  profile.flow = bodies.back().end - bodies.front().begin;
  profile.closing = all.back().end - bodies.back().end;
}

void add_nodes(const TraceFile& trace, Profile& profile) {
  std::map<std::string, std::size_t> places;
  for (const TraceSpan& span : trace.spans) {
    if (!span.is_body()) continue;
    const auto place = places.emplace(span.node, profile.nodes.size());
    if (place.second) profile.nodes.push_back({.name = span.node});
    Profile::Node& node = profile.nodes[place.first->second];
    ++node.calls;
    node.busy += span.end - span.begin;
    node.longest = std::max(node.longest, span.end - span.begin);
    for (std::size_t i = 0; i < kCauses.size(); ++i) node.waited[i] += span.waited[i];
  }
}

void add_threads(const TraceFile& trace, Profile& profile) {
  std::vector<Profile::Thread> threads;
  for (const TraceThread& thread : trace.threads) threads.push_back({.name = thread.name});
  for (const TraceSpan& span : trace.spans) {
    if (!span.is_body()) continue;
    ++threads[span.thread].bodies;
    threads[span.thread].busy += span.end - span.begin;
  }
  std::copy_if(threads.begin(), threads.end(), std::back_inserter(profile.threads),
               [](const auto& thread) { return thread.bodies > 0; });
}

/// Where threads of one lane stood idle while tasks for it were ready.
struct Idle {
  double thread_time = 0.0;
  std::vector<Interval> when;
};

Idle idle_with_work(const TraceFile& trace, std::size_t lane) {
  struct Change {
    double at;
    int ready;
    int running;
  };
  std::vector<Change> changes;
  for (const TraceSpan& span : trace.spans) {
    if (!span.is_body() || lane_of(trace, span) != lane) continue;
    const double ready = span.begin - span.engine - span.waited_for(Cause::workers);
    changes.push_back({ready, 1, 0});
    changes.push_back({span.begin, -1, 1});
    changes.push_back({span.end, 0, -1});
  }
  std::sort(changes.begin(), changes.end(),
            [](const Change& a, const Change& b) { return a.at < b.at; });
  Idle idle;
  int ready = 0, running = 0;
  for (std::size_t i = 0; i + 1 < changes.size(); ++i) {
    ready += changes[i].ready;
    running += changes[i].running;
    const int threads = std::min(ready, trace.lanes[lane].threads - running);
    if (threads <= 0) continue;
    idle.thread_time += threads * (changes[i + 1].at - changes[i].at);
    idle.when.push_back({changes[i].at, changes[i + 1].at});
  }
  return idle;
}

void add_lanes(const TraceFile& trace, Profile& profile) {
  std::vector<Interval> idle;
  for (std::size_t i = 0; i < trace.lanes.size(); ++i) {
    Profile::Lane lane{trace.lanes[i].name, trace.lanes[i].threads, 0.0, 0.0};
    for (const TraceSpan& span : trace.spans)
      if (span.is_body() && lane_of(trace, span) == i) lane.busy += span.end - span.begin;
    if (lane.busy == 0.0) continue;
    const Idle here = idle_with_work(trace, i);
    lane.engine = here.thread_time;
    idle.insert(idle.end(), here.when.begin(), here.when.end());
    profile.lanes.push_back(std::move(lane));
  }
  profile.engine = length(unite(std::move(idle)));
}

void add_overlaps(const TraceFile& trace, Profile& profile) {
  const auto has_device = [&](std::size_t i) { return !trace.lanes[i].device.empty(); };
  const auto workers = busy_while(trace, [](std::size_t i) { return i == 0; });
  const auto services = busy_while(trace, [&](std::size_t i) { return i > 0 && !has_device(i); });
  const auto others = busy_while(trace, [&](std::size_t i) { return !has_device(i); });
  for (std::size_t lane = 1; lane < trace.lanes.size(); ++lane) {
    const auto busy = busy_while(trace, [lane](std::size_t i) { return i == lane; });
    if (!has_device(lane) || busy.empty()) continue;
    profile.overlaps.push_back({trace.lanes[lane].name, length(busy), overlap(busy, services),
                                overlap(busy, workers), overlap(busy, others),
                                length(others) - overlap(busy, others)});
  }
}

// ---- the critical path ----

struct Step {
  std::size_t span;
  double left;  // when the span let the next one go: its message was sent, or it ended
};

/// The last of the bodies that match which ended before `span` began.
template <class Matches>
std::optional<Step> last_ended(const TraceFile& trace, const std::vector<std::size_t>& by_end,
                               const TraceSpan& span, const Matches& matches) {
  auto at = std::upper_bound(by_end.begin(), by_end.end(), span.begin,
                             [&](double time, std::size_t i) { return time < trace.spans[i].end; });
  while (at != by_end.begin()) {
    const TraceSpan& ended = trace.spans[*--at];
    if (&ended != &span && matches(ended)) return Step{*at, ended.end};
  }
  return {};
}

/// What `span` waited for last: a message; a worker of its lane; its own node where a limit or its
/// turn held it (or where no message tells: the next lead of a source, the end of a fold); what
/// ended last anywhere where a credit or an admission held it.
std::optional<Step> before(const TraceFile& trace, const std::vector<std::size_t>& by_end,
                           const TraceSpan& span) {
  std::optional<Step> last;
  const auto consider = [&](const std::optional<Step>& step) {
    if (step && trace.spans[step->span].begin < span.begin && (!last || step->left > last->left))
      last = step;
  };
  const auto held = [&](Cause a, Cause b) { return span.waited_for(a) + span.waited_for(b) > 0.0; };
  for (const auto& input : span.inputs) consider(Step{input.from, input.sent});
  if (span.waited_for(Cause::workers) > 0.0)
    consider(last_ended(trace, by_end, span, [&](const TraceSpan& ended) {
      return lane_of(trace, ended) == lane_of(trace, span);
    }));
  if (span.inputs.empty() || held(Cause::limit, Cause::order))
    consider(last_ended(trace, by_end, span,
                        [&](const TraceSpan& ended) { return ended.node == span.node; }));
  if (held(Cause::credit, Cause::admission))
    consider(last_ended(trace, by_end, span, [](const TraceSpan&) { return true; }));
  return last;
}

void add_path(const TraceFile& trace, Profile& profile) {
  std::vector<std::size_t> by_end;
  for (std::size_t i = 0; i < trace.spans.size(); ++i)
    if (trace.spans[i].is_body()) by_end.push_back(i);
  if (by_end.empty()) return;
  std::sort(by_end.begin(), by_end.end(),
            [&](std::size_t a, std::size_t b) { return trace.spans[a].end < trace.spans[b].end; });
  std::vector<Step> steps;
  for (std::optional<Step> step = Step{by_end.back(), trace.spans[by_end.back()].end}; step;
       step = before(trace, by_end, trace.spans[step->span]))
    steps.push_back(*step);
  std::map<std::string, std::size_t> places;
  double inside = 0.0;
  for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
    const TraceSpan& span = trace.spans[step->span];
    const auto place = places.emplace(span.node, profile.path.parts.size());
    if (place.second) profile.path.parts.push_back({.node = span.node});
    Profile::Path::Part& part = profile.path.parts[place.first->second];
    ++part.bodies;
    part.time += step->left - span.begin;
    inside += step->left - span.begin;
  }
  profile.path.between = profile.flow - inside;
}

}  // namespace

Profile profile(const TraceFile& trace) {
  Profile profile;
  add_phases(trace, profile);
  add_nodes(trace, profile);
  add_threads(trace, profile);
  add_lanes(trace, profile);
  add_overlaps(trace, profile);
  add_path(trace, profile);
  return profile;
}

}  // namespace ladcast
