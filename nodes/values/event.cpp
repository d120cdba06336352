#include "nodes/values/event.h"

#include <cmath>
#include <cstdlib>
#include <regex>

#include "graph/error.h"

namespace ladcast {

Event parse_event(std::string_view text) {
  static const std::regex pattern(
      R"(\s*(\w+)(?:\s+(\d{1,4})(?:\s*hPa)?)?\s*([<>])\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*)");
  constexpr std::size_t kLongest = 200;  // the matcher's stack grows with the text
  std::cmatch match;
  if (text.size() > kLongest ||
      !std::regex_match(text.data(), text.data() + text.size(), match, pattern)) {
    fail(R"('{}' is not "VARIABLE > NUMBER" or "VARIABLE LEVEL < NUMBER")",
         text.substr(0, kLongest));
  }
  using enum Statistic::Kind;
  Event event{match[1].str(), {}, {match[3].str() == ">" ? above : below, 0.0}};
  if (match[2].matched) event.level = std::stoi(match[2].str());
  event.statistic.value = std::strtod(match[4].str().c_str(), nullptr);
  if (!std::isfinite(event.statistic.value)) fail("{} of '{}' is too large", match[4].str(), text);
  return event;
}

}  // namespace ladcast
