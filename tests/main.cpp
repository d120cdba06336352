#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

/// What HDF5 (1.10) leaks of a file that it could not close, as on a full disk.
extern "C" const char* __lsan_default_suppressions() { return "leak:H5MM_xstrdup"; }
