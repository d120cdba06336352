#include "graph/registry.h"

#include <map>

#include "graph/error.h"

namespace ladcast {
namespace {

using Types = std::map<std::string, NodeType>;

std::string origin(const std::string& file) { return file.empty() ? "this program" : file; }

void add(Types& types, NodeType type) {
  const auto [known, added] = types.try_emplace(type.name, type);
  if (!added)
    fail("the node type '{}' of {} is there already, from {}", type.name, origin(type.file),
         origin(known->second.file));
}

void add_all(Types& types, const NodeEntry* list, const std::string& file) {
  Types more = types;
  for (; list; list = list->next) add(more, {list->name, list->doc, list->make, file});
  types.swap(more);
}

Types& types() {
  static Types all = [] {
    Types own;
    add_all(own, node_entries, "");
    return own;
  }();
  return all;
}

}  // namespace

void add_node_types(const NodeEntry* list, const std::string& file) {
  add_all(types(), list, file);
}

Registration::Registration(NodeType type) : name_(type.name) { add(types(), std::move(type)); }

Registration::~Registration() { types().erase(name_); }

std::vector<const NodeType*> node_types() {
  std::vector<const NodeType*> list;
  for (const auto& [name, type] : types()) list.push_back(&type);
  return list;
}

const NodeType* find_node_type(const std::string& name) {
  const auto found = types().find(name);
  return found == types().end() ? nullptr : &found->second;
}

}  // namespace ladcast
