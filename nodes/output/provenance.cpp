#include "nodes/output/provenance.h"

#include <fmt/format.h>

#include <filesystem>

namespace ladcast {

std::map<std::string, std::string> provenance(const RunOrigin& origin,
                                              const std::vector<std::string>& steps,
                                              std::optional<std::uint64_t> seed) {
  std::string history = origin.program;
  for (const auto& line : steps) history += "\n" + line;
  for (const auto& line : origin.computed) history += "\n" + line;
  for (const auto& [file, print] : origin.files)
    history +=
        fmt::format("\nread {} ({})", std::filesystem::path(file).filename().string(), print);
  std::map<std::string, std::string> texts = {
      {"source", origin.program},
      {"history", history},
      {"ladcast_pipeline", origin.pipeline},
      {"references", "Zhuang and Duraisamy, LaDCast, arXiv:2506.09193"}};
  if (seed) texts["random_seed"] = std::to_string(*seed);
  return texts;
}

}  // namespace ladcast
