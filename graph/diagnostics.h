// Errors of a pipeline file: gathered, sorted as the file reads, printed once.
#pragma once

#include <string>
#include <vector>

#include "graph/error.h"
#include "graph/setting.h"

namespace ladcast {

/// A pipeline that cannot run: the text of all its errors.
struct PipelineError : Error {
  using Error::Error;
};

struct Diagnostic {
  Position at;
  std::string message;  // what is, and what was expected
  std::string hint;     // beside the arrows: "did you mean 'decode.fields'?"
  std::string cure;     // on a line of its own
};

class Diagnostics {
 public:
  /// One cause is told once: the same message at the same place again is left out.
  void error(Diagnostic diagnostic);
  void warning(Diagnostic diagnostic) { warnings_.push_back(std::move(diagnostic)); }
  bool ok() const { return errors_.empty(); }
  std::size_t count() const { return errors_.size(); }

  /// All errors as text, in file order, with a last line that counts them.
  std::string errors(const std::string& file) const;
  std::string warnings() const;

  /// Throws PipelineError where there is an error.
  void check(const std::string& file) const;

 private:
  std::vector<Diagnostic> errors_;
  std::vector<Diagnostic> warnings_;
};

/// The candidate nearest to `word` within an edit distance of 2, or an empty text.
std::string nearest(const std::string& word, const std::vector<std::string>& candidates);

/// "did you mean 'x'?" or an empty text.
std::string did_you_mean(const std::string& word, const std::vector<std::string>& candidates);

/// "a, b, c".
std::string join(const std::vector<std::string>& words);

}  // namespace ladcast
