// Where the time of a traced run went.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "graph/trace_file.h"

namespace ladcast {

/// All times in microseconds. The flow is from the begin of the first body to the end of the last.
struct Profile {
  struct Node {
    std::string name;
    int calls = 0;  // bodies, and values that a fold took
    double busy = 0.0;
    double longest = 0.0;
    std::array<double, kCauses.size()> waited{};  // summed over its tasks
  };
  struct Thread {
    std::string name;
    int bodies = 0;
    double busy = 0.0;
  };
  /// What the engine cost one lane: thread time in which a task was ready, nothing held it, and a
  /// thread for it ran no body.
  struct Lane {
    std::string name;
    int threads = 1;
    double busy = 0.0;
    double engine = 0.0;
  };
  /// What went on while a lane with a device computed.
  struct Overlap {
    std::string lane;
    double busy = 0.0;     // at least one of its threads ran a body
    double service = 0.0;  // of that: beside a body on a service lane, as netCDF's
    double workers = 0.0;  // of that: beside a body on the workers
    double others = 0.0;   // of that: beside any of the two
    double alone = 0.0;    // bodies of the two while the lane did nothing
  };
  /// The chain of bodies that ends last.
  struct Path {
    struct Part {
      std::string node;
      int bodies = 0;
      double time = 0.0;
    };
    std::vector<Part> parts;  // in the order of their first bodies
    double between = 0.0;     // not in bodies
  };

  double wall = 0.0;  // from the begin of the first span to the end of the last
  double opening = 0.0;
  double flow = 0.0;
  double closing = 0.0;         // finish and close
  std::vector<Node> nodes;      // in the order of their first bodies
  std::vector<Thread> threads;  // that ran bodies
  std::vector<Lane> lanes;      // with threads that ran bodies
  double engine = 0.0;          // flow time in which that happened on any lane
  std::vector<Overlap> overlaps;
  Path path;
};

Profile profile(const TraceFile& trace);

/// Tables for people.
std::string profile_text(const TraceFile& trace, const Profile& profile);

}  // namespace ladcast
