// What a run is made from: program, pipeline, files, devices. The journal keeps it, so that no run
// continues another one; sinks write it into their files.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace ladcast {

struct RunOrigin {
  using Facts = std::vector<std::pair<std::string, std::string>>;

  std::string program;   // "ladcast-flow 0.1.0"
  std::string pipeline;  // SHA-256 of what decides the values: settings and contents of files
  Facts settings;        // these, by path: "nodes.denoise.steps" is "10"
  Facts files;           // by path: fingerprints of weights, statistics and data
  Facts machine;         // versions of libraries, devices of lanes: they decide the last bits
  std::vector<std::string> computed;  // how devices other than the CPU computed
};

}  // namespace ladcast
