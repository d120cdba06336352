#include "graph/new_files.h"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <iterator>
#include <regex>
#include <sstream>
#include <utility>

#include "graph/error.h"
#include "graph/registry.h"
#include "graph/templates.h"
#include "graph/whole_file.h"

namespace ladcast {
namespace fs = std::filesystem;
namespace {

using File = std::pair<fs::path, std::string>;

void check_name(const std::string& name) {
  static const std::regex allowed("[a-z][a-z0-9_]*");
  static const std::vector<std::string> targets = {"all",     "clean",   "help",
                                                   "install", "package", "test"};
  if (!std::regex_match(name, allowed))
    fail("'{}' is no name for a node\n      = use small letters, digits and _, a letter first",
         name);
  if (std::find(targets.begin(), targets.end(), name) != targets.end())
    fail("'{}' is a target of every CMake build\n      = take another name", name);
  if (find_node_type(name))
    fail("there is a node type '{}' already\n      = 'ladcast-flow nodes {}' describes it", name,
         name);
}

/// "wind_chill" as "WindChill".
std::string class_name(const std::string& name) {
  std::string result;
  bool first = true;
  for (const char c : name) {
    if (c != '_') result += first ? static_cast<char>(std::toupper(c)) : c;
    first = c == '_';
  }
  return result;
}

std::string filled_in(std::string text, const std::string& name) {
  for (const auto& [token, value] : {std::pair{"@NAME@", name}, {"@CLASS@", class_name(name)}})
    text = std::regex_replace(text, std::regex(token), value);
  return text;
}

std::string read(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// `text` of a CMakeLists.txt with `source` in the list of sources that follows `head`, in order.
std::string with_source(const std::string& text, const std::string& head, const std::string& source,
                        const fs::path& file) {
  static const std::regex entry(R"(  (\w+\.cpp)(\)?))");
  std::istringstream in(text);
  std::string result;
  enum { before, inside, done } state = before;
  for (std::string line; std::getline(in, line); result += line + '\n') {
    std::smatch match;
    if (state == before && line == head) {
      state = inside;
    } else if (state == inside && std::regex_match(line, match, entry)) {
      const bool last = match[2].length() > 0;
      if (match[1].str() > source)
        line.insert(0, "  " + source + '\n');
      else if (last)
        line = "  " + match[1].str() + "\n  " + source + ')';
      else
        continue;
      state = done;
    } else if (state == inside) {
      line.insert(0, "  " + source + '\n');
      state = done;
    }
  }
  if (state != done)
    fail(
        "{} has no list of sources that starts with '{}'\n      = add {} by hand, or take another "
        "--folder",
        file.string(), head, source);
  return result;
}

void refuse_existing(const std::vector<File>& files) {
  for (const auto& [file, text] : files)
    if (fs::exists(file))
      fail("{} exists\n      = nothing is overwritten; remove it or take another name",
           file.string());
}

std::vector<fs::path> write(const std::vector<File>& files) {
  std::vector<fs::path> written;
  for (const auto& [file, text] : files) {
    write_whole_file(file, {text});
    written.push_back(file);
  }
  return written;
}

}  // namespace

std::vector<fs::path> new_node(const std::string& name, const std::string& folder,
                               const fs::path& tree) {
  check_name(name);
  const fs::path nodes = tree / "nodes" / folder, tests = tree / "tests" / "nodes" / folder;
  for (const auto& lists : {nodes / "CMakeLists.txt", tests / "CMakeLists.txt"})
    if (!fs::exists(lists))
      fail(
          "there is no {}\n      = stand in the tree of ladcast-flow and name one of its folders "
          "of "
          "nodes with --folder; outside of it, 'ladcast-flow new plugin {}' writes a plugin",
          lists.string(), name);
  std::vector<File> files = {{nodes / (name + ".cpp"), filled_in(templates::node, name)},
                             {tests / (name + "_test.cpp"), filled_in(templates::node_test, name)}};
  refuse_existing(files);
  const auto extend = [&](const fs::path& lists, const std::string& head,
                          const std::string& source) {
    files.emplace_back(lists, with_source(read(lists), head, source, lists));
  };
  extend(nodes / "CMakeLists.txt", fmt::format("add_library(ladcast_{} OBJECT", folder),
         name + ".cpp");
  extend(tests / "CMakeLists.txt", fmt::format("add_test_program({}_tests fast", folder),
         name + "_test.cpp");
  return write(files);
}

std::vector<fs::path> new_plugin(const std::string& name, const fs::path& folder) {
  check_name(name);
  const std::string plugin = fmt::format("\nLADCAST_PLUGIN(\"{}\", \"1.0\");\n", name);
  std::string source = filled_in(templates::node, name) + plugin;
  source.insert(source.find("#include \"nodes/"), "#include \"graph/plugin.h\"\n");
  const std::vector<File> files = {
      {folder / "CMakeLists.txt", filled_in(templates::cmake, name)},
      {folder / (name + ".cpp"), source},
      {folder / (name + "_test.cpp"), filled_in(templates::node_test, name)},
      {folder / (name + ".toml"), filled_in(templates::pipeline, name)},
      {folder / "README.md", filled_in(templates::readme, name)}};
  refuse_existing(files);
  return write(files);
}

}  // namespace ladcast
