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
  std::string file = "";  // of the plugin that brought it; empty for the program's own
};

/// All registered types by name.
std::vector<const NodeType*> node_types();

/// Null where there is none of that name.
const NodeType* find_node_type(const std::string& name);

/// What LADCAST_NODE leaves behind: a link in the list of its program or plugin.
struct NodeEntry {
  using Make = std::unique_ptr<Stage> (*)();
  [[gnu::visibility("hidden")]] NodeEntry(const char* type_name, const char* doc_text,
                                          Make make_stage);

  const char* name;
  const char* doc;
  Make make;
  const NodeEntry* next;
};

/// The list of the program or plugin that this is compiled into: hidden, so that each has its own.
[[gnu::visibility("hidden")]] inline constinit const NodeEntry* node_entries = nullptr;

inline NodeEntry::NodeEntry(const char* type_name, const char* doc_text, Make make_stage)
    : name(type_name), doc(doc_text), make(make_stage), next(node_entries) {
  node_entries = this;
}

/// Makes all types of a list known, or none. `file` is the plugin's, empty for the program. Throws
/// Error that names both origins where a type is known already.
void add_node_types(const NodeEntry* list, const std::string& file);

/// A type made at run time, known as long as its registration lives.
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
#define LADCAST_NODE(Class, type_name, doc_text)                                        \
  static const ::ladcast::NodeEntry Class##_entry {                                     \
    type_name, doc_text,                                                                \
        []() -> std::unique_ptr<::ladcast::Stage> { return std::make_unique<Class>(); } \
  }
