#include "graph/diagnostics.h"

#include <algorithm>
#include <numeric>
#include <tuple>

namespace ladcast {
namespace {

/// Edit distance that counts an exchange of two neighbours as one (optimal string alignment).
std::size_t distance(const std::string& a, const std::string& b) {
  std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) d[i][0] = i;
  std::iota(d[0].begin(), d[0].end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i)
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
      d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
    }
  return d[a.size()][b.size()];
}

std::string format(const Diagnostic& diagnostic, const char* severity) {
  const Position& at = diagnostic.at;
  const std::string file = at.source ? at.source->name : "";
  std::string text;
  if (at.line > 0)
    text += fmt::format("{}:{}:{}: ", file, at.line, at.column);
  else if (!file.empty())
    text += file + ": ";
  text += fmt::format("{}: {}\n", severity, diagnostic.message);
  if (at.line > 0 && static_cast<std::size_t>(at.line) <= at.source->lines.size()) {
    const std::string& line = at.source->lines[static_cast<std::size_t>(at.line) - 1];
    text += fmt::format("{:5} | {}\n", at.line, line);
    std::string indent = line.substr(0, static_cast<std::size_t>(at.column) - 1);
    std::replace_if(
        indent.begin(), indent.end(), [](char c) { return c != '\t'; }, ' ');
    text += fmt::format("      | {}{}", indent,
                        std::string(static_cast<std::size_t>(std::max(1, at.length)), '^'));
    text += (diagnostic.hint.empty() ? "" : " " + diagnostic.hint) + "\n";
  } else if (!diagnostic.hint.empty()) {
    text += "      = " + diagnostic.hint + "\n";
  }
  if (!diagnostic.cure.empty()) text += "      = " + diagnostic.cure + "\n";
  return text;
}

std::string format_all(std::vector<Diagnostic> list, const char* severity) {
  std::stable_sort(list.begin(), list.end(), [](const Diagnostic& a, const Diagnostic& b) {
    return std::tie(a.at.line, a.at.column) < std::tie(b.at.line, b.at.column);
  });
  std::string text;
  for (const auto& diagnostic : list) text += format(diagnostic, severity);
  return text;
}

}  // namespace

void Diagnostics::error(Diagnostic diagnostic) {
  const auto told = std::any_of(errors_.begin(), errors_.end(), [&](const Diagnostic& other) {
    return other.message == diagnostic.message && other.at.source == diagnostic.at.source &&
           other.at.line == diagnostic.at.line && other.at.column == diagnostic.at.column;
  });
  if (!told) errors_.push_back(std::move(diagnostic));
}

std::string Diagnostics::errors(const std::string& file) const {
  return format_all(errors_, "error") +
         fmt::format("{} error{} in {}", errors_.size(), errors_.size() == 1 ? "" : "s", file);
}

std::string Diagnostics::warnings() const { return format_all(warnings_, "warning"); }

void Diagnostics::check(const std::string& file) const {
  if (!ok()) throw PipelineError(errors(file));
}

std::string nearest(const std::string& word, const std::vector<std::string>& candidates) {
  std::string best;
  std::size_t best_distance = std::min<std::size_t>(3, word.size());
  for (const auto& candidate : candidates) {
    const std::size_t a = word.size(), b = candidate.size();
    if (std::max(a, b) - std::min(a, b) >= best_distance) continue;  // and may be very long
    const std::size_t d = distance(word, candidate);
    if (d < best_distance) {
      best = candidate;
      best_distance = d;
    }
  }
  return best;
}

std::string did_you_mean(const std::string& word, const std::vector<std::string>& candidates) {
  const std::string best = nearest(word, candidates);
  return best.empty() ? "" : "did you mean '" + best + "'?";
}

std::string join(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

}  // namespace ladcast
