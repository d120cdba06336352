// The pipeline file: TOML, version 1, with variables replaced and --set applied.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "graph/diagnostics.h"
#include "graph/setting.h"

namespace ladcast {

struct Pipeline {
  std::string file;  // as messages name it
  std::string title;
  Setting root;  // every table of the file but [vars]
  Setting vars;  // after --set

  /// A table of the root; an empty one where it is not there.
  const Setting& table(const std::string& name) const;
};

/// Reads a pipeline file; one that is not there is looked up among those that are installed. `sets`
/// are "NAME=value" for a variable and "a.b.c=value" for any other value; a value is TOML, a bare
/// word is a text. Throws PipelineError with all that is wrong.
Pipeline load_pipeline(const std::filesystem::path& file,
                       const std::vector<std::string>& sets = {});

/// The same from text, for tests.
Pipeline parse_pipeline(const std::string& text, const std::string& name,
                        const std::vector<std::string>& sets = {},
                        const std::filesystem::path& folder = ".");

}  // namespace ladcast
