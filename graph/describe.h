// Node types as their members describe them: the help and the reference page come from here.
#pragma once

#include <string>
#include <vector>

#include "graph/registry.h"

namespace ladcast {

struct PortSchema {
  std::string name;
  std::string payload;
  std::string takes;  // of an input: "one", "many", "collects members", "folds members"; then
                      // "optional", "feedback"
  std::string doc;
};

struct ParamSchema {
  std::string name;
  std::string type;
  std::string fallback;  // as TOML; empty where there is none
  bool required = false;
  std::string unit;
  std::string limits;
  std::string doc;
};

/// Everything about one type, as texts.
struct Schema {
  std::string name;
  std::string doc;
  std::string role;  // "source", "stage", "sink"
  std::vector<PortSchema> inputs;
  std::vector<PortSchema> outputs;
  std::vector<ParamSchema> params;
  std::string lane;   // where it runs; empty where anything will do
  std::string order;  // of its keys; empty where it has none
  std::string file;   // of its plugin; empty for the program's own

  /// A table to copy into a pipeline; parameters with a default as comments.
  std::string example() const;
};

Schema schema_of(const NodeType& type);

/// A list by role: name, payloads in and out, what it does.
std::string list_types(const std::vector<const NodeType*>& types);
/// All of one type.
std::string describe_type(const NodeType& type);

/// A reference page, and the same for programs. The order is that of the list: sources, stages,
/// sinks.
std::string types_as_markdown(const std::vector<const NodeType*>& types);
std::string types_as_json(const std::vector<const NodeType*>& types);

}  // namespace ladcast
