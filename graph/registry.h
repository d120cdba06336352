// The node types that a program knows.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "graph/stage.h"

namespace ladcast {

struct NodeType {
  const char* name;
  const char* doc;
  std::unique_ptr<Stage> (*make)();
};

/// All registered types by name.
std::vector<const NodeType*> node_types();

/// Null where there is none of that name.
const NodeType* find_node_type(const std::string& name);

/// Put in by LADCAST_NODE, before main.
struct Registration {
  explicit Registration(NodeType type);
};

}  // namespace ladcast

/// Registers a node class under the name that users type, with one sentence on what it does.
#define LADCAST_NODE(Class, type_name, doc_text)                        \
  static const ::ladcast::Registration Class##_registration{            \
      {type_name, doc_text, []() -> std::unique_ptr<::ladcast::Stage> { \
         return std::make_unique<Class>();                              \
       }}}
