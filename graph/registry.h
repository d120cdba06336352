// The node types that a program knows.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "graph/stage.h"

namespace ladcast {

struct NodeType {
  std::string name;
  std::string doc;  // one sentence: what it does
  std::function<std::unique_ptr<Stage>()> make;
};

/// All registered types by name.
std::vector<const NodeType*> node_types();

/// Null where there is none of that name.
const NodeType* find_node_type(const std::string& name);

/// A type is known as long as its registration lives: LADCAST_NODE makes one for the whole program.
class Registration {
 public:
  explicit Registration(NodeType type);
  ~Registration();
  Registration(const Registration&) = delete;
  Registration& operator=(const Registration&) = delete;

 private:
  std::string name_;
};

}  // namespace ladcast

/// Registers a node class under the name that users type, with one sentence on what it does.
#define LADCAST_NODE(Class, type_name, doc_text)                                          \
  static const ::ladcast::Registration Class##_registration {                             \
    {                                                                                     \
      type_name, doc_text,                                                                \
          []() -> std::unique_ptr<::ladcast::Stage> { return std::make_unique<Class>(); } \
    }                                                                                     \
  }
