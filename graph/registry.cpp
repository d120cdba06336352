#include "graph/registry.h"

#include <map>
#include <utility>

#include "graph/error.h"

namespace ladcast {
namespace {

using Types = std::map<std::string, NodeType>;

std::string origin(const std::string& file) { return file.empty() ? "this program" : file; }

void refuse_second(const Types& known, const NodeType& type) {
  const auto first = known.find(type.name);
  if (first != known.end())
    fail("the node type '{}' of {} is there already, from {}", type.name, origin(type.file),
         origin(first->second.file));
}

/// The entries before `end`.
void add(Types& known, const NodeEntry* list, const NodeEntry* end, const std::string& file) {
  Types added;
  for (; list != end; list = list->next) {
    const NodeType type{list->name, list->doc, list->make, file};
    refuse_second(known, type);
    refuse_second(added, type);
    added.emplace(type.name, type);
  }
  known.merge(added);  // types that are known stay where they are
}

Types& types() {
  static Types all;
  static const NodeEntry* newest = nullptr;  // that is in `all`; entries are put in front
  if (newest != node_entries) add(all, node_entries, std::exchange(newest, node_entries), "");
  return all;
}

}  // namespace

void add_node_types(const NodeEntry* list, const std::string& file) {
  add(types(), list, nullptr, file);
}

Registration::Registration(NodeType type) : name_(type.name) {
  refuse_second(types(), type);
  types().emplace(name_, std::move(type));
}

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
