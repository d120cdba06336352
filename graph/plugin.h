// What a plugin shows to the program that loads it: one data symbol, which is read from the file
// before any code of the plugin runs. The nodes of a plugin are written as all others; one of its
// sources says LADCAST_PLUGIN too.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "graph/registry.h"

namespace ladcast {

/// Raised with each change of a header that plugins compile against.
inline constexpr std::uint32_t kPluginAbi = 4;

/// Texts are arrays that end with a zero, not pointers, so that they stand in the file as they are
/// read. What comes before `list` keeps its layout whatever the ABI.
struct Plugin {
  std::uint32_t abi;
  char build[92];     // compiler, C++ ABI and language: kPluginBuild
  char libtorch[16];  // the version compiled against; empty where it is not used
  char name[64];
  char version[16];
  const NodeEntry* const* list;  // complete once the plugin's code has run
};

#define LADCAST_TEXT_OF(x) #x
#define LADCAST_VALUE_OF(x) LADCAST_TEXT_OF(x)
#ifdef __clang__
#define LADCAST_COMPILER "clang " LADCAST_VALUE_OF(__clang_major__)
#else
#define LADCAST_COMPILER "gcc " LADCAST_VALUE_OF(__GNUC__)
#endif

/// "gcc 12, C++ ABI 1, language 202002L". Values of the standard library cross the border, so all
/// of it must agree.
inline constexpr std::string_view kPluginBuild = LADCAST_COMPILER ", C++ ABI " LADCAST_VALUE_OF(
    _GLIBCXX_USE_CXX11_ABI) ", language " LADCAST_VALUE_OF(__cplusplus);

/// A text that is too long does not compile.
consteval Plugin make_plugin(std::string_view name, std::string_view version,
                             std::string_view libtorch, const NodeEntry* const* list) {
  Plugin plugin{kPluginAbi, {}, {}, {}, {}, list};
  const auto write = [](auto& to, std::string_view text) {
    if (text.size() >= sizeof(to)) throw "the text is too long";
    std::copy(text.begin(), text.end(), to);
  };
  write(plugin.build, kPluginBuild);
  write(plugin.libtorch, libtorch);
  write(plugin.name, name);
  write(plugin.version, version);
  return plugin;
}

}  // namespace ladcast

#ifndef LADCAST_PLUGIN_LIBTORCH  // the version, where add_plugin(… LIBTORCH …) sets it
#define LADCAST_PLUGIN_LIBTORCH ""
#endif

/// Makes a plugin of a module: once, in one of its sources, outside of namespaces.
#define LADCAST_PLUGIN(plugin_name, plugin_version)                                    \
  extern "C" {                                                                         \
  [[gnu::visibility("default")]] extern const ::ladcast::Plugin ladcast_plugin;        \
  constinit const ::ladcast::Plugin ladcast_plugin = ::ladcast::make_plugin(           \
      plugin_name, plugin_version, LADCAST_PLUGIN_LIBTORCH, &::ladcast::node_entries); \
  }                                                                                    \
  static_assert(true)
