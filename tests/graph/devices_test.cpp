// Lanes with several devices, on a machine that has none: the support for devices is a made-up one.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <sstream>

#include "graph/command_line.h"
#include "graph/lane.h"
#include "tests/graph/toy_nodes.h"
#include "tests/temporary_folder.h"

using namespace ladcast;

namespace {

std::vector<bool> modes;
std::uint64_t device_bytes = 0;

/// Two devices that are threads and nothing else.
class MadeUpDevices {
 public:
  MadeUpDevices() : before_(device_support()) {
    modes.clear();
    DeviceSupport made_up = before_;
    made_up.resolve = [](const std::string& device) {
      if (device == "cuda:2") fail("the lane asks for cuda:2, but this machine has 2 CUDA devices");
      return device == "auto" ? std::string("cuda:0") : device;
    };
    made_up.memory = [](const std::string&) { return device_bytes; };
    made_up.set_mode = [](bool fast) { modes.push_back(fast); };
    set_device_support(made_up);
  }
  ~MadeUpDevices() { set_device_support(before_); }
  MadeUpDevices(const MadeUpDevices&) = delete;
  MadeUpDevices& operator=(const MadeUpDevices&) = delete;

 private:
  DeviceSupport before_;
};

/// Two initial times with three batches each, a rollout whose step is on the lane.
std::string pipeline(const std::string& device, int threads) {
  std::string text = toy::head(2, 6, 2, 8, fmt::format("threads = {}", threads));
  const std::string before = R"(model = { device = "cpu" })";
  text.replace(text.find(before), before.size(), "model = { device = " + device + " }");
  return text + R"(
[nodes.analysis]
type = "toy_analysis"
[nodes.rollout]
type = "toy_rollout"
in.seed = "analysis"
in.next = "step"
[nodes.on_device]
type = "toy_device"
in = "rollout"
lane = "model"
[nodes.step]
type = "toy_step"
in = "on_device"
lane = "model"
[nodes.table]
type = "toy_sink"
in = ["step"]
label = "table"
)";
}

/// What `run` says of 12 members whose batch is "auto", of which each needs 100 MiB on the device.
std::string run_auto(std::uint64_t bytes, const std::vector<std::string>& sets = {}) {
  device_bytes = bytes;
  const TemporaryFolder folder;
  std::vector<std::string> arguments = {"run",   folder.write("p.toml", pipeline("\"auto\"", 2)),
                                        "--set", "run.members=12",
                                        "--set", "run.batch=auto",
                                        "--set", "nodes.on_device.mib=100"};
  for (const auto& set : sets) {
    arguments.push_back("--set");
    arguments.push_back(set);
  }
  std::ostringstream out, err;
  command_line(arguments, {out, err});
  return err.str();
}

bool says(const std::string& text, const std::string& part) {
  CAPTURE(text);
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("batch = auto takes the largest batch that the device has memory for") {
  const MadeUpDevices two;
  CHECK(says(run_auto(std::uint64_t{8} << 30), "12 members in 1 batch"));
  CHECK(says(run_auto(std::uint64_t{1} << 30), "12 members in 2 batches of 6"));
  CHECK(says(run_auto(std::uint64_t{500} << 20), "12 members in 3 batches of 4"));
  CHECK(says(run_auto(1), "12 members in 12 batches"));
}

TEST_CASE("batch = auto shares the members among the threads of a CPU") {
  const TemporaryFolder folder;
  std::ostringstream out, err;
  command_line({"run", folder.write("p.toml", pipeline("\"cpu\"", 2)), "--set", "run.members=12",
                "--set", "run.batch=auto"},
               {out, err});
  CHECK(says(err.str(), "12 members in 2 batches of 6"));
}

TEST_CASE("batch = auto halves the batch once where the device runs out of memory") {
  const MadeUpDevices two;
  const auto once = run_auto(std::uint64_t{8} << 30, {"nodes.on_device.most=7"});
  CHECK(says(once, "the device ran out of memory with 12 members at once; once more with 6"));
  CHECK(says(once, "12 members in 2 batches of 6"));
  CHECK(says(once, "done in"));
  const auto never = run_auto(std::uint64_t{8} << 30, {"nodes.on_device.most=1"});
  CHECK(says(never, "CUDA out of memory"));
  CHECK_FALSE(says(never, "done in"));
}

TEST_CASE("a lane opens a node on each of its devices, and a trajectory stays on one") {
  toy::run(pipeline("\"cpu\"", 1));
  const auto expected = toy::diary().hashes;
  REQUIRE(!expected.empty());
  const MadeUpDevices two;
  for (const int threads : {1, 2, 8}) {
    CAPTURE(threads);
    toy::set_jitter(200);
    const auto report = toy::run(pipeline(R"(["cuda:0", "cuda:1"])", threads));
    toy::set_jitter(0);
    CHECK(report.devices == std::vector<std::string>{"cuda:0", "cuda:1", ""});
    CHECK(toy::diary().hashes == expected);
    CHECK(toy::diary().opened_on == std::vector<std::string>{"cuda:0", "cuda:1"});
    REQUIRE(toy::diary().devices.size() == 6);
    int on_first = 0;
    for (const auto& [trajectory, devices] : toy::diary().devices) {
      CHECK(devices.size() == 1);
      if (*devices.begin() == "cuda:0") ++on_first;
    }
    CHECK(on_first == 3);
  }
}

TEST_CASE("a device that is not there ends the run before it begins") {
  const MadeUpDevices two;
  CHECK_THROWS_WITH(toy::run(pipeline(R"(["cuda:0", "cuda:2"])", 2)),
                    "the lane asks for cuda:2, but this machine has 2 CUDA devices");
}

TEST_CASE("engine.mode reaches the devices, and reproducible is the default") {
  const MadeUpDevices two;
  toy::run(pipeline("\"auto\"", 2));
  toy::run(pipeline("\"auto\"", 2), {"engine.mode=fast"});
  CHECK(modes == std::vector<bool>{false, true});
}

TEST_CASE("a node that fails to open on its second device is closed, as all others are") {
  const MadeUpDevices two;
  toy::set_fault({"", "open", 3});  // after analysis, rollout and on_device on cuda:0
  CHECK_THROWS(toy::run(pipeline(R"(["cuda:0", "cuda:1"])", 2)));
  toy::set_fault({});
  CHECK(toy::diary().opened == toy::diary().closed);
}
