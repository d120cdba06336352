#include "tests/bench/machine.h"

#include <fstream>

namespace ladcast::bench {
namespace {

// The first line of /proc/cpuinfo with that key; empty where there is none.
std::string processor_line(const std::string& key) {
  std::ifstream stream("/proc/cpuinfo");
  std::string line;
  while (std::getline(stream, line)) {
    const auto colon = line.find(": ");
    if (line.starts_with(key) && colon != std::string::npos) return line.substr(colon + 2);
  }
  return {};
}

}  // namespace

std::string processor_name() {
  const auto name = processor_line("model name");
  return name.empty() ? "unknown" : name;
}

}  // namespace ladcast::bench
