#include <doctest/doctest.h>

#include <cstdlib>
#include <sstream>

#include "graph/command_line.h"
#include "graph/harness.h"
#include "graph/plugin_file.h"
#include "graph/plugin_loader.h"
#include "graph/plugin_search.h"
#include "nodes/values/fields_payload.h"
#include "tests/nodes/error_message.h"
#include "tests/temporary_folder.h"

using namespace ladcast;

namespace {

const std::string kFolder = TEST_PLUGINS;
const std::string kBuild{kPluginBuild};

class Own final : public Node {
  Out<Fields> fields{this, "fields", "one value of 3"};
  void shape(Shape& shape) override {
    describe_fields(shape.out(fields), {{"2m_temperature", {}, "K"}}, {{0}, {0}}, false, 1, 1);
  }
  void run(Task& task) const override {
    task.send(fields,
              {{{0}, {0}}, {{"2m_temperature", {}, "K"}}, task.init(), {0}, {0}, false, {3}});
  }
};
const Registration own{
    {"of_the_program", "The program's own.", [] { return std::make_unique<Own>(); }}};

/// The errors of a pipeline of one node with this [plugins] table.
std::string errors_of(const std::string& plugins, const std::string& type = "of_the_program",
                      const std::filesystem::path& folder = ".") {
  const std::string text = "flow = 1\n[plugins]\n" + plugins +
                           "[run]\ninits = [2002-01-01]\n[nodes.a]\ntype = \"" + type + "\"\n";
  return error_of([&] { build_graph(parse_pipeline(text, "p.toml", {}, folder)); });
}

std::string load_error(const std::string& name) {
  return error_of([&] { load_plugin(kFolder + "/" + name + "_plugin.so"); });
}

/// A value of an environment variable for one case.
struct Environment {
  const char* name;
  Environment(const char* variable, const std::string& value) : name(variable) {
    ::setenv(name, value.c_str(), 1);
  }
  ~Environment() { ::unsetenv(name); }
};

}  // namespace

TEST_CASE("a plugin tells what it is without being run") {
  const Plugin plugin = read_plugin(kFolder + "/good_plugin.so");
  CHECK(plugin.abi == kPluginAbi);
  CHECK(plugin.build == kPluginBuild);
  CHECK(plugin.name == std::string("good"));
  CHECK(plugin.version == std::string("1.0"));
  CHECK(plugin.libtorch == std::string());
}

TEST_CASE("a pipeline loads a plugin by name from its own folders and runs its node") {
  const std::string text = R"(flow = 1
[plugins]
path = [")" + kFolder + R"("]
load = ["good_plugin"]
[run]
inits = [2002-01-01]
[nodes.a]
type = "of_the_program"
[nodes.b]
type = "twice"
in = "a"
)";
  Graph graph = build_graph(parse_pipeline(text, "p.toml"));
  CHECK(run_graph(graph).tasks == 2);
  const Fields four =
      Harness("twice")
          .put("fields", Fields{{{0}, {0, 1}}, {{"t", {}, "K"}}, {}, {0}, {0}, false, {2, 3}})
          .get<Fields>("doubled");
  CHECK(four.values == std::vector{4.F, 6.F});
}

TEST_CASE("a second load does nothing, and relative paths start at the pipeline's folder too") {
  CHECK(errors_of("load = \"./good_plugin.so\"\n", "of_the_program", kFolder) == "");
  CHECK(errors_of("load = \"./test_plugins/good_plugin.so\"\n", "of_the_program", kFolder) == "");
  CHECK(errors_of("path = \"test_plugins\"\nload = [\"good_plugin\"]\n", "of_the_program",
                  std::filesystem::path(kFolder).parent_path()) == "");
}

TEST_CASE("a plugin that is not there is reported once, at its entry, with every path tried") {
  const Environment path("LADCAST_PLUGIN_PATH", "/env");
  const std::string message = errors_of("path = [\"/own\"]\nload = [\"heat\"]\n", "heat_index");
  CHECK(message.starts_with(R"(p.toml:4:9: error: there is no plugin 'heat'
    4 | load = ["heat"]
      |         ^^^^^^
      = name its folder in plugins.path or LADCAST_PLUGIN_PATH; tried /own/libheat.so, /own/heat.so, /env/libheat.so, /env/heat.so, )"));
  CHECK(message.ends_with("1 error in p.toml"));
  CHECK(errors_of("load = [\"/own/heat.so\"]\n").find("= tried /own/heat.so\n") !=
        std::string::npos);
}

TEST_CASE("all mistakes of the table are reported") {
  const std::string message = errors_of("paht = []\nload = [3, \"heat\"]\n");
  CHECK(contains(message, "p.toml:3:1: error: unknown key 'paht' in [plugins]"));
  CHECK(contains(message, "p.toml:4:9: error: plugins.load: 3 is an integer, a text is needed"));
  CHECK(contains(message, "p.toml:4:12: error: there is no plugin 'heat'"));
}

TEST_CASE("an unknown type points at plugins") {
  CHECK(
      contains(errors_of("", "heat_index"), "those of a plugin need [plugins] load = [\"name\"]"));
}

TEST_CASE("a plugin of another ABI or compiler is named as such and never run") {
  const std::string needs = "; this ladcast-flow needs ABI 4, " + kBuild + "; rebuild it";
  CHECK(load_error("wrong_abi") == "plugin 'wrong' (" + kFolder +
                                       "/wrong_abi_plugin.so) was built for ABI 99, " + kBuild +
                                       needs);
  std::string other = kBuild;
  other[0] = 'x';
  CHECK(load_error("wrong_build") == "plugin 'wrong' (" + kFolder +
                                         "/wrong_build_plugin.so) was built for ABI 4, " + other +
                                         needs);
  CHECK(contains(load_error("wrong_libtorch"), ", LibTorch 1; this ladcast-flow needs ABI 4, " +
                                                   kBuild + ", no LibTorch; rebuild it"));
}

TEST_CASE("what is no plugin is refused") {
  const TemporaryFolder folder;
  CHECK(contains(error_of([&] { load_plugin(kFolder + "/no_plugin.so"); }),
                 "/no_plugin.so is a shared library without the symbol 'ladcast_plugin'"));
  for (const std::string text : {"", "text",
                                 "\x7f"
                                 "ELF and no more than that, which is not enough "})
    CHECK(contains(error_of([&] { load_plugin(folder.write("heat.so", text)); }),
                   "/heat.so is no shared library of this machine, or damaged"));
}

TEST_CASE("a plugin that was cut short is refused") {
  std::ifstream in(kFolder + "/good_plugin.so", std::ios::binary);
  const std::string whole{std::istreambuf_iterator<char>(in), {}};
  const TemporaryFolder folder;
  for (std::size_t size = 0; size < whole.size() / 2; size += whole.size() / 37)
    CHECK_THROWS_AS(read_plugin(folder.write("heat.so", whole.substr(0, size))), NotAPlugin);
}

TEST_CASE("a plugin without nodes, or with functions that are not there, is refused") {
  CHECK(contains(load_error("empty"),
                 "plugin 'empty' (" + kFolder + "/empty_plugin.so) has no nodes"));
  const std::string message = load_error("unresolved");
  CHECK(contains(message, "plugin 'unresolved' does not load: "));
  CHECK(contains(message, "of_a_later_engine"));
}

TEST_CASE("two types of one name are refused with both files") {
  load_plugin(kFolder + "/good_plugin.so");
  CHECK(load_error("twin") == "the node type 'twice' of " + kFolder +
                                  "/twin_plugin.so is there already, from " + kFolder +
                                  "/good_plugin.so\n      = rename one, or load one of them only");
  CHECK(contains(load_error("impostor"), "is there already, from this program\n"));
}

TEST_CASE("an error in open of a plugin's node is that node's") {
  load_plugin(kFolder + "/throws_plugin.so");
  const std::string message = error_of([] { Harness("throws").get<Fields>("fields"); });
  CHECK(contains(message,
                 "node 'node' failed to open\n      = the plugin's own trouble with a file"));
}

TEST_CASE("'nodes' shows the types of a plugin with its file") {
  std::ostringstream out, err;
  CHECK(command_line({"nodes", "--plugin", kFolder + "/good_plugin.so"}, {out, err}) == 0);
  CHECK(out.str() ==
        "Stages\n  twice  Fields -> Fields  Doubles fields. [" + kFolder + "/good_plugin.so]\n");
}

TEST_CASE("'nodes' loads what LADCAST_PLUGIN_PATH holds, and nothing else that is there") {
  const TemporaryFolder folder;
  const Environment path("LADCAST_PLUGIN_PATH", "/nowhere:" + folder.path().string());
  std::filesystem::create_symlink(kFolder + "/good_plugin.so", folder.path() / "link.so");
  std::filesystem::copy(kFolder + "/no_plugin.so", folder.path());
  folder.write("notes.txt", "text");
  std::ostringstream out, err;
  CHECK(command_line({"nodes"}, {out, err}) == 0);
  CHECK(contains(out.str(), "Doubles fields. [" + kFolder + "/good_plugin.so]"));
  std::filesystem::copy(kFolder + "/twin_plugin.so", folder.path());
  CHECK(command_line({"nodes"}, {out, err}) == 2);
  CHECK(contains(err.str(), "/twin_plugin.so is there already, from " + kFolder));
}
