#include "graph/run_log.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "graph/command_line.h"
#include "tests/graph/toy_nodes.h"
#include "tests/temporary_folder.h"

using namespace ladcast;
using Json = nlohmann::json;

namespace {

const std::string kPipeline = "title = \"Toys\"\n" + toy::head(2, 4, 2, 8, "threads = 2") + R"(
[nodes.analysis]
type = "toy_analysis"
[nodes.rollout]
type = "toy_rollout"
in.seed = "analysis"
in.next = "step"
[nodes.step]
type = "toy_step"
in = "rollout"
lane = "model"
label = "step"
[nodes.decode]
type = "toy_decode"
in = "step"
[nodes.table]
type = "toy_item_sink"
in = "decode"
)";

struct Logged {
  int code;
  std::vector<Json> lines;
  std::vector<Json> of(const std::string& event) const {
    std::vector<Json> found;
    for (const Json& line : lines)
      if (line.at("event") == event) found.push_back(line);
    return found;
  }
};

/// Every line on standard error must be an object.
Logged run_logged(const std::string& text, const std::vector<std::string>& more = {}) {
  const TemporaryFolder folder;
  std::vector<std::string> arguments{"run", folder.write("toys.toml", text), "--log", "json"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  std::ostringstream out, err;
  Logged logged{command_line(arguments, {out, err}), {}};
  std::istringstream lines(err.str());
  for (std::string line; std::getline(lines, line);) logged.lines.push_back(Json::parse(line));
  return logged;
}

}  // namespace

TEST_CASE("a run logs its start, its nodes, its items, its progress and its end") {
  const Logged log = run_logged(kPipeline);
  CHECK(log.code == 0);
  REQUIRE(!log.lines.empty());
  const Json& start = log.lines.front();
  CHECK(start.at("event") == "start");
  CHECK(start.at("title") == "Toys");
  CHECK(start.at("inits") == 2);
  CHECK(start.at("last_init") == "2002-01-02T00");
  CHECK(start.at("members") == 4);
  CHECK(start.at("last_lead_hours") == 48);
  CHECK(start.at("lanes") == Json{{"model", "cpu"}, {"service", ""}});
  CHECK(log.of("opened").size() == 5);
  CHECK(log.of("finished").size() == 5);
  std::set<std::string> inits;
  for (const Json& item : log.of("item")) {
    CHECK(item.at("node") == "table");
    inits.insert(item.at("init"));
  }
  CHECK(inits == std::set<std::string>{"2002-01-01T00", "2002-01-02T00"});
  const Json progress = log.of("progress").back();
  CHECK(progress.at("done") == progress.at("total"));
  CHECK(log.lines.back().at("event") == "done");
  CHECK(log.lines.back().at("tasks") == start.at("tasks"));
  CHECK(log.lines.back().at("peak_payload_bytes").get<int>() > 0);
}

TEST_CASE("a failure is logged with node, initial time, members, lead and place") {
  toy::set_fault({"step", "run"});
  const Logged log = run_logged(kPipeline, {"--progress", "none"});
  toy::set_fault({});
  CHECK(log.code == 1);
  CHECK(log.of("progress").empty());
  CHECK(log.of("done").empty());
  const Json failed = log.of("failed").front();
  CHECK(failed.at("node") == "step");
  CHECK(failed.at("when") == "run");
  CHECK(failed.at("init") == "2002-01-01T00");
  CHECK(failed.at("members").is_string());
  CHECK(failed.at("lead_hours") == 0);
  CHECK(failed.at("message") == "planted in run");
  CHECK(failed.at("at").get<std::string>().find("toys.toml:") != std::string::npos);
}

TEST_CASE("a pipeline that cannot run is one line of the log") {
  const Logged log = run_logged(kPipeline + "in.oops = 1\n");
  CHECK(log.code == 2);
  REQUIRE(log.lines.size() == 1);
  CHECK(log.lines[0].at("event") == "error");
}

TEST_CASE("warnings are logged one by one") {
  CHECK(log_warnings("").empty());
  CHECK(log_warnings("a.toml:1:2: warning: one\n    1 | x\n      | ^\na.toml: warning: two\n") ==
        "{\"event\": \"warning\", \"message\": \"a.toml:1:2: warning: one\\n    1 | x\\n      | "
        "^\"}\n{\"event\": \"warning\", \"message\": \"a.toml: warning: two\"}\n");
}

TEST_CASE("--log json leaves no other style of progress") {
  std::ostringstream out, err;
  CHECK(command_line({"run", "x.toml", "--log", "json", "--progress", "bar"}, {out, err}) == 2);
  CHECK(err.str() ==
        "error: --log json tells the progress itself, and --progress bar is given\n"
        "      = leave out --progress, or give --progress none\n");
}
