// The main of a plugin's tests: loads the plugin as the program does, then runs the cases.
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <exception>
#include <iostream>

#include "graph/plugin_loader.h"
#include "graph/registry.h"

int main(int argc, char** argv) {
  try {
    ladcast::add_node_types(ladcast::node_entries, "");  // nodes of the tests themselves
    ladcast::load_plugin(LADCAST_TEST_PLUGIN);
  } catch (const std::exception& error) {
    std::cerr << "error: " << error.what() << '\n';
    return 1;
  }
  return doctest::Context(argc, argv).run();
}
