#include "nodes/fetch/transfer_progress.h"

#include <doctest/doctest.h>

#include <sstream>

#include "nodes/fetch/http.h"

using namespace ladcast;

TEST_CASE("a line of progress tells what is known") {
  ProgressState state{512, 0, 1.0};
  CHECK(format_transfer("a.bin", state) == "a.bin: 512 B");
  state = {3 << 20, 12 << 20, 10.0, 1048576.0, 9.0};
  CHECK(format_transfer("a.bin", state) ==
        "a.bin: 25 %, 3.0 MiB of 12.0 MiB, 1.0 MiB/s, 9.0 s left");
}

TEST_CASE("on a terminal the line is cut to its width and goes away") {
  std::ostringstream out;
  {
    TransferProgress progress("a.bin", out, 12);
    progress.update(512, 1024);
    progress.update(600, 1024);  // too soon to be shown
    progress.say("note");
  }
  CHECK(out.str() == "\ra.bin: 50 %\x1b[K\r\x1b[Knote\n");
}

TEST_CASE("elsewhere a short transfer tells nothing") {
  std::ostringstream out;
  TransferProgress("a.bin", out, 0).update(512, 1024);
  CHECK(out.str().empty());
}

TEST_CASE("addresses are written as URLs want them") {
  CHECK(escape_path("static/a b+c.pt") == "static/a%20b%2Bc.pt");
  CHECK(host_of("https://models.invalid:8080/x/y") == "models.invalid:8080");
  CHECK(host_of("https://models.invalid") == "models.invalid");
}
