#include "graph/registry.h"

#include <map>
#include <stdexcept>

namespace ladcast {
namespace {

std::map<std::string, NodeType>& types() {
  static std::map<std::string, NodeType> map;
  return map;
}

}  // namespace

Registration::Registration(NodeType type) : name_(type.name) {
  const auto [where, added] = types().emplace(type.name, type);
  if (!added) throw std::logic_error("two node types are named " + where->first);
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
