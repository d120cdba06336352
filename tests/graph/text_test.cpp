#include "graph/text.h"

#include <doctest/doctest.h>

using namespace ladcast;

TEST_CASE("bytes are shown in binary units") {
  CHECK(format_bytes(0) == "0 B");
  CHECK(format_bytes(1023) == "1023 B");
  CHECK(format_bytes(1024) == "1.0 KiB");
  CHECK(format_bytes(1536) == "1.5 KiB");
  CHECK(format_bytes((1 << 20) - 1) == "1.0 MiB");
  CHECK(format_bytes(std::uint64_t{5} << 30) == "5.0 GiB");
  CHECK(format_bytes(std::uint64_t{3} << 60) == "3072.0 PiB");
}

TEST_CASE("durations are shown in the units that matter") {
  CHECK(format_duration(-1.0) == "0.00 s");
  CHECK(format_duration(0.034) == "0.03 s");
  CHECK(format_duration(7.25) == "7.2 s");
  CHECK(format_duration(59.99) == "1 min 00 s");
  CHECK(format_duration(125.0) == "2 min 05 s");
  CHECK(format_duration(3600.0 * 3 + 60 * 12 + 40) == "3 h 12 min");
}

TEST_CASE("counts take a plural") {
  CHECK(format_count(1, "node") == "1 node");
  CHECK(format_count(0, "node") == "0 nodes");
}

TEST_CASE("JSON strings escape quotes, backslashes and control characters") {
  CHECK(quote_json("a \"b\" \\ \n \x01") == R"("a \"b\" \\ \n \u0001")");
}

TEST_CASE("a table aligns its columns and leaves no space at the ends of lines") {
  CHECK(format_table({{"a", "10", "x"}, {"long", "9", ""}, {}, {"\u00e9\u00e9", "1"}}, "lr", 1) ==
        " a     10  x\n long   9\n\n \u00e9\u00e9     1\n");
}
