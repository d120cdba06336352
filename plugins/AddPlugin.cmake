# add_plugin(NAME [LIBTORCH] sources… [LIBRARIES targets…])
#
# A plugin of ladcast-flow: the module NAME.so in the folder plugins/ of the build. It links to
# nothing of ladcast-flow, whose functions it finds in the program that loads it: there is one
# engine only. With LIBTORCH the sources may use LibTorch and Latent; it must be the version that
# the program uses.
function(add_plugin name)
  cmake_parse_arguments(ARG "LIBTORCH" "" "LIBRARIES" ${ARGN})
  add_library(${name} MODULE ${ARG_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PRIVATE ladcast::sdk ${ARG_LIBRARIES})
  set_target_properties(${name} PROPERTIES
    PREFIX "" SUFFIX .so CXX_EXTENSIONS OFF
    CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    LIBRARY_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/plugins" INSTALL_RPATH_USE_LINK_PATH ON
    LADCAST_LIBTORCH "${ARG_LIBTORCH}")
  if(ARG_LIBTORCH)
    find_package(LibTorch REQUIRED)
    target_link_libraries(${name} PRIVATE LibTorch::cpu)
    target_compile_definitions(${name} PRIVATE "LADCAST_PLUGIN_LIBTORCH=\"${LibTorch_VERSION}\"")
  endif()
endfunction()

# add_plugin_test(NAME PLUGIN sources… [LIBRARIES targets…])
#
# A test program in doctest, also known to ctest, that loads PLUGIN and runs its nodes in the real
# engine by Harness.
function(add_plugin_test name plugin)
  cmake_parse_arguments(ARG "" "" "LIBRARIES" ${ARGN})
  find_package(doctest REQUIRED)
  get_target_property(libtorch ${plugin} LADCAST_LIBTORCH)
  add_executable(${name} "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/plugin_test_main.cpp" ${ARG_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PRIVATE doctest::doctest ${ARG_LIBRARIES}
    $<IF:$<BOOL:${libtorch}>,ladcast::harness_libtorch;LibTorch::cpu,ladcast::harness>)
  set_target_properties(${name} PROPERTIES CXX_EXTENSIONS OFF)
  target_compile_definitions(${name} PRIVATE "LADCAST_TEST_PLUGIN=\"$<TARGET_FILE:${plugin}>\"")
  add_dependencies(${name} ${plugin})
  add_test(NAME ${name} COMMAND ${name})
endfunction()
