#include "graph/pipeline_test.h"

#include <algorithm>

#include "graph/flatten.h"
#include "graph/registry.h"
#include "graph/run_settings.h"

namespace ladcast {
namespace {

const std::vector<std::string> kKeys = {"name", "run", "replace", "vary", "expect"};
const std::vector<std::string> kExpectations = {"same", "close", "messages", "finite"};

class Reader {
 public:
  Reader(const Pipeline& pipeline, Diagnostics& diagnostics)
      : pipeline_(pipeline), diagnostics_(diagnostics) {}

  PipelineTest read(const Setting& table) {
    PipelineTest test;
    check_keys(table, "[[tests]]", kKeys, diagnostics_);
    if (const Setting* name = table.find("name"); name && name->is_string())
      test.name = name->as_text();
    else
      error(table, "a test has no name", "add name = \"what holds\"");
    if (const Setting* part = table_of(table, "run"))
      for (const auto& [path, value] : flatten(*part, "run"))
        test.sets.push_back(path + "=" + value);
    if (const Setting* part = table_of(table, "replace"))
      for (const auto& entry : part->table()) read_replacement(entry, test);
    if (const Setting* part = table_of(table, "vary"))
      for (const auto& entry : part->table()) read_variation(entry, test);
    if (const Setting* part = table_of(table, "expect"))
      read_expectations(*part, test);
    else
      error(table, "test '" + test.name + "' expects nothing",
            "add expect = { same = [\"NODE\"] }, or close, messages, finite");
    return test;
  }

 private:
  void error(const Setting& at, const std::string& what, const std::string& cure) {
    diagnostics_.error({at.position(), what, "", cure});
  }

  const Setting* table_of(const Setting& table, const char* key) {
    const Setting* part = table.find(key);
    if (part && !part->is_table()) {
      error(*part, fmt::format("'{}' of a test must be a table", key),
            fmt::format("write {} = {{ … }}", key));
      return nullptr;
    }
    return part;
  }

  bool known_node(const Setting& at, const std::string& name) {
    std::vector<std::string> names;
    for (const auto& entry : pipeline_.table("nodes").table()) names.push_back(entry.key);
    if (std::find(names.begin(), names.end(), name) != names.end()) return true;
    diagnostics_.error({at.position(), "a test names '" + name + "', but there is no such node",
                        did_you_mean(name, names), "nodes: " + join(names)});
    return false;
  }

  void read_replacement(const Setting::Entry& entry, PipelineTest& test) {
    if (!known_node(entry.value, entry.key)) return;
    const Setting* type = entry.value.is_table() ? entry.value.find("type") : nullptr;
    if (!type || !type->is_string() || !find_node_type(type->as_text())) {
      error(entry.value, "the replacement of '" + entry.key + "' has no known type",
            "write " + entry.key + " = { type = \"…\" }; 'ladcast-flow nodes' lists the types");
      return;
    }
    test.replace.emplace_back(entry.key, entry.value);
  }

  void read_variation(const Setting::Entry& entry, PipelineTest& test) {
    if (!entry.value.is_list() || entry.value.list().empty()) {
      error(entry.value, "'" + entry.key + "' is varied over " + entry.value.to_toml(),
            "write \"" + entry.key + "\" = [first, second]");
      return;
    }
    std::vector<std::string> values;
    for (const auto& value : entry.value.list()) values.push_back(value.to_toml());
    test.vary.emplace_back(entry.key, std::move(values));
  }

  void read_expectations(const Setting& table, PipelineTest& test) {
    check_keys(table, "expect", kExpectations, diagnostics_);
    test.same = nodes(table, "same");
    test.finite = nodes(table, "finite");
    read_numbers(table, "close", [&](const std::string& node, const Setting& value) {
      test.close.emplace_back(node, value.as_number());
    });
    read_numbers(table, "messages", [&](const std::string& node, const Setting& value) {
      test.messages.emplace_back(node, value.as_integer());
    });
  }

  std::vector<std::string> nodes(const Setting& table, const char* key) {
    std::vector<std::string> names;
    const Setting* list = table.find(key);
    if (!list) return names;
    try {
      names = ParamTraits<std::vector<std::string>>::read(*list);
    } catch (const Error& problem) {
      error(*list, fmt::format("{}: {}", key, problem.what()), "write a list of node names");
    }
    std::erase_if(names, [&](const auto& name) { return !known_node(*list, name); });
    return names;
  }

  template <class Add>
  void read_numbers(const Setting& table, const char* key, Add add) {
    const Setting* numbers = table_of(table, key);
    if (!numbers) return;
    for (const auto& entry : numbers->table()) {
      if (!known_node(entry.value, entry.key)) continue;
      try {
        add(entry.key, entry.value);
      } catch (const Error& problem) {
        error(entry.value, fmt::format("{}.{}: {}", key, entry.key, problem.what()), "");
      }
    }
  }

  const Pipeline& pipeline_;
  Diagnostics& diagnostics_;
};

/// Whether a replaced node keeps what was written for it.
bool kept(const std::string& key, const Stage& stage) {
  if (key == "in" || key == "note" || key == "limit") return true;
  if (key == "lane") return stage.process_lane() == nullptr;
  return std::any_of(stage.params().begin(), stage.params().end(),
                     [&key](const auto* param) { return key == param->name(); });
}

}  // namespace

std::vector<PipelineTest> read_tests(const Pipeline& pipeline, Diagnostics& diagnostics) {
  std::vector<PipelineTest> tests;
  const Setting* list = pipeline.root.find("tests");
  if (!list) return tests;
  const bool tables = list->is_list() && std::all_of(list->list().begin(), list->list().end(),
                                                     [](const auto& s) { return s.is_table(); });
  if (!tables) {
    diagnostics.error(
        {list->position(), "'tests' must be a list of tables", "", "write [[tests]]"});
    return tests;
  }
  for (const auto& table : list->list()) tests.push_back(Reader(pipeline, diagnostics).read(table));
  return tests;
}

Pipeline replaced(Pipeline pipeline, const PipelineTest& test) {
  auto& root = std::get<Setting::Table>(pipeline.root.data());
  const auto nodes = std::find_if(root.begin(), root.end(),
                                  [](const auto& entry) { return entry.key == "nodes"; });
  for (const auto& [name, table] : test.replace) {
    auto& entries = std::get<Setting::Table>(nodes->value.data());
    const auto node = std::find_if(entries.begin(), entries.end(),
                                   [&name = name](const auto& entry) { return entry.key == name; });
    const auto stage = find_node_type(table.find("type")->as_text())->make();
    Setting::Table merged = table.table();
    for (const auto& entry : node->value.table())
      if (!table.find(entry.key) && kept(entry.key, *stage)) merged.push_back(entry);
    node->value = Setting(std::move(merged), table.position());
  }
  return pipeline;
}

std::vector<std::vector<std::string>> combinations(const PipelineTest& test) {
  std::vector<std::vector<std::string>> all(1);
  for (const auto& [path, values] : test.vary) {
    std::vector<std::vector<std::string>> longer;
    for (const auto& before : all)
      for (const auto& value : values) {
        longer.push_back(before);
        longer.back().push_back(path + "=" + value);
      }
    all = std::move(longer);
  }
  return all;
}

}  // namespace ladcast
