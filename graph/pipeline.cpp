#include "graph/pipeline.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
#include <tuple>

#define TOML_EXCEPTIONS 1
#include <toml++/toml.h>

#include "graph/install.h"
#include "graph/nesting.h"

namespace ladcast {
namespace {

std::shared_ptr<const Source> make_source(const std::string& name, const std::string& text,
                                          const std::filesystem::path& folder) {
  auto source = std::make_shared<Source>();
  source->name = name;
  source->folder = folder;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) source->lines.push_back(line);
  return source;
}

Position position(const toml::source_region& region, const std::shared_ptr<const Source>& source) {
  const int length =
      region.end.line == region.begin.line
          ? static_cast<int>(region.end.column) - static_cast<int>(region.begin.column)
          : 1;
  return {source, static_cast<int>(region.begin.line), static_cast<int>(region.begin.column),
          std::max(1, length)};
}

Time to_time(const toml::date_time& value) {
  using namespace std::chrono;
  const sys_days day = year_month_day{year{value.date.year}, month{value.date.month},
                                      std::chrono::day{value.date.day}};
  const auto offset = value.offset ? minutes{value.offset->minutes} : minutes{0};
  return day + hours{value.time.hour} + minutes{value.time.minute} + seconds{value.time.second} -
         offset;
}

Setting convert(const toml::node& node, const std::shared_ptr<const Source>& source) {
  const Position at = position(node.source(), source);
  if (const auto* v = node.as_boolean()) return {v->get(), at};
  if (const auto* v = node.as_integer()) return {v->get(), at};
  if (const auto* v = node.as_floating_point()) return {v->get(), at};
  if (const auto* v = node.as_string()) return {v->get(), at};
  if (const auto* v = node.as_date_time()) return {to_time(v->get()), at};
  if (const auto* v = node.as_date()) return {to_time({v->get(), toml::time{}}), at};
  if (const auto* v = node.as_array()) {
    Setting::List list;
    for (const auto& entry : *v) list.push_back(convert(entry, source));
    return {std::move(list), at};
  }
  if (const auto* v = node.as_table()) {
    Setting::Table table;
    for (const auto& [key, entry] : *v)
      table.push_back(
          {std::string(key.str()), position(key.source(), source), convert(entry, source)});
    // toml++ iterates alphabetically; a file is shown in its own order.
    std::stable_sort(table.begin(), table.end(), [](const auto& a, const auto& b) {
      return std::tie(a.key_position.line, a.key_position.column) <
             std::tie(b.key_position.line, b.key_position.column);
    });
    return {std::move(table), at};
  }
  throw PipelineError("a time of day alone is no value here; write a date as well");
}

Setting parse(const std::string& text, const std::shared_ptr<const Source>& source) {
  try {
    require_shallow_toml(text);
    return convert(toml::parse(text, source->name), source);
  } catch (const toml::parse_error& error) {
    Diagnostics diagnostics;
    diagnostics.error({position(error.source(), source), std::string(error.description()), "", ""});
    throw PipelineError(diagnostics.errors(source->name));
  } catch (const PipelineError&) {
    throw;
  } catch (const Error& error) {
    throw PipelineError(error.in(source->name).what());
  }
}

/// The value of a --set option: TOML, or a text where it is not.
Setting parse_value(const std::string& option, const std::string& text) {
  const auto source = make_source("--set " + option, "", ".");
  try {
    const toml::table table = toml::parse("value = " + text);
    if (const auto* node = table.get("value"); node && table.size() == 1) {
      Setting value = convert(*node, source);
      return {value.data(), Position{source, 0, 0, 1}};
    }
  } catch (const toml::parse_error&) {
    // Not TOML: a bare word.
  }
  return {text, Position{source, 0, 0, 1}};
}

/// Replaces the value at a dotted path, making tables on the way.
void assign(Setting& root, const std::string& path, Setting value) {
  Setting* at = &root;
  std::istringstream parts(path);
  for (std::string part; std::getline(parts, part, '.');) {
    if (!at->is_table()) fail("--set {}: '{}' is not in a table", path, part);
    auto& entries = std::get<Setting::Table>(at->data());
    auto found = std::find_if(entries.begin(), entries.end(),
                              [&part](const auto& entry) { return entry.key == part; });
    if (found == entries.end()) {
      entries.push_back({part, value.position(), Setting({Setting::Table{}}, value.position())});
      found = std::prev(entries.end());
    }
    at = &found->value;
  }
  *at = std::move(value);
}

class Variables {
 public:
  Variables(const Setting& vars, Diagnostics& diagnostics) : diagnostics_(diagnostics) {
    for (const auto& entry : vars.table()) {
      Setting value = entry.value;
      replace_in(value);
      values_[entry.key] = std::move(value);
    }
  }

  void replace_in(Setting& setting) {
    if (auto* table = std::get_if<Setting::Table>(&setting.data())) {
      for (auto& entry : *table) replace_in(entry.value);
    } else if (auto* list = std::get_if<Setting::List>(&setting.data())) {
      for (auto& entry : *list) replace_in(entry);
    } else if (setting.is_string()) {
      setting = replaced(setting);
    }
  }

 private:
  const Setting* find(const std::string& name, const Position& at) {
    if (const auto found = values_.find(name); found != values_.end()) return &found->second;
    std::vector<std::string> names;
    for (const auto& [key, value] : values_) names.push_back(key);
    diagnostics_.error(
        {at, "unknown variable '" + name + "'", did_you_mean(name, names),
         names.empty() ? "there is no [vars] table before it" : "variables: " + join(names)});
    return nullptr;
  }

  Setting replaced(const Setting& setting) {
    constexpr std::size_t kLongest = 1 << 16;  // variables that hold variables can grow for ever
    std::string text = setting.as_text();
    for (std::size_t start = text.find("${"); start != std::string::npos;
         start = text.find("${", start)) {
      const std::size_t end = text.find('}', start);
      if (end == std::string::npos) {
        diagnostics_.error({setting.position(), "'${' without a closing '}'", "", ""});
        return setting;
      }
      const Setting* value = find(text.substr(start + 2, end - start - 2), setting.position());
      if (!value) return setting;
      if (start == 0 && end + 1 == text.size()) return *value;  // errors point at the variable
      const std::string shown = value->is_string() ? value->as_text() : value->to_toml();
      if (text.size() + shown.size() > kLongest) {
        diagnostics_.error(
            {setting.position(), "its variables make it longer than 64 KiB", "", ""});
        return setting;
      }
      text.replace(start, end + 1 - start, shown);
      start += shown.size();
    }
    return {text, setting.position()};
  }

  Diagnostics& diagnostics_;
  std::map<std::string, Setting> values_;
};

void apply(const std::vector<std::string>& sets, Setting& root, Setting& vars,
           Diagnostics& diagnostics) {
  for (const auto& option : sets) {
    const auto equals = option.find('=');
    if (equals == std::string::npos || equals == 0)
      throw PipelineError("--set " + option +
                          ": write it as --set NAME=value or --set nodes.NAME.key=value");
    try {
      require_shallow_toml(option);
    } catch (const Error& error) {
      throw PipelineError(error.in("--set " + option.substr(0, 100)).what());
    }
    const std::string path = option.substr(0, equals);
    Setting value = parse_value(option, option.substr(equals + 1));
    if (path.find('.') != std::string::npos) {
      assign(root, path, std::move(value));
    } else if (vars.find(path)) {
      assign(vars, path, std::move(value));
    } else {
      std::vector<std::string> names;
      for (const auto& entry : vars.table()) names.push_back(entry.key);
      diagnostics.error({value.position(), "unknown variable '" + path + "'",
                         did_you_mean(path, names),
                         "variables of this pipeline: " + join(names) +
                             "; other values have a path, for example run.members"});
    }
  }
}

}  // namespace

const Setting& Pipeline::table(const std::string& name) const {
  static const Setting empty;
  const Setting* found = root.find(name);
  return found && found->is_table() ? *found : empty;
}

Pipeline parse_pipeline(const std::string& text, const std::string& name,
                        const std::vector<std::string>& sets, const std::filesystem::path& folder) {
  const auto source = make_source(name, text, folder);
  Setting root = parse(text, source);
  Diagnostics diagnostics;

  Setting vars;
  auto& entries = std::get<Setting::Table>(root.data());
  const auto found =
      std::find_if(entries.begin(), entries.end(), [](const auto& e) { return e.key == "vars"; });
  if (found != entries.end()) {
    if (!found->value.is_table())
      diagnostics.error({found->key_position, "'vars' must be a table", "", "write [vars]"});
    else
      vars = found->value;
    entries.erase(found);
  }
  apply(sets, root, vars, diagnostics);
  Variables(vars, diagnostics).replace_in(root);
  diagnostics.check(name);

  Pipeline pipeline{name, "", std::move(root), std::move(vars)};
  if (const Setting* title = pipeline.root.find("title"); title && title->is_string())
    pipeline.title = title->as_text();
  return pipeline;
}

Pipeline load_pipeline(const std::filesystem::path& name, const std::vector<std::string>& sets) {
  const auto shipped = installed_data_folder() / name;
  const auto file =
      !std::filesystem::exists(name) && std::filesystem::exists(shipped) ? shipped : name;
  std::ifstream stream(file, std::ios::binary);
  const bool folder_given = std::filesystem::is_directory(file);
  if (!stream || folder_given)
    throw PipelineError("error: cannot read the pipeline " + file.string() + ": " +
                        (folder_given ? "it is a folder" : "no such file") +
                        "; shipped ones are in pipelines/");
  const std::string text((std::istreambuf_iterator<char>(stream)),
                         std::istreambuf_iterator<char>());
  const auto folder = std::filesystem::absolute(file).parent_path();
  return parse_pipeline(text, file.string(), sets, folder);
}

}  // namespace ladcast
