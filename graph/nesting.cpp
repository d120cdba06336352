#include "graph/nesting.h"

#include "graph/error.h"

namespace ladcast {
namespace {

constexpr int kDeepest = 100;

}  // namespace

void require_shallow_json(std::string_view text) {
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted && c == '\\')
      ++i;
    else if (c == '"')
      quoted = !quoted;
    else if (!quoted && (c == '[' || c == '{') && ++depth > kDeepest)
      fail("its values are nested more than {} deep", kDeepest);
    else if (!quoted && (c == ']' || c == '}'))
      --depth;
  }
}

void require_shallow_toml(std::string_view text) {
  int dots = 0;  // since the last character that no key has
  for (const char c : text) {
    if (c == '.' && ++dots > kDeepest) fail("a key has more than {} dots", kDeepest);
    if (std::string_view("=,[]{}\n").find(c) != std::string_view::npos) dots = 0;
  }
}

}  // namespace ladcast
