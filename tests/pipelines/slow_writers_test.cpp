#include <doctest/doctest.h>

#include <chrono>
#include <thread>

#include "graph/estimate.h"
#include "graph/graph.h"
#include "graph/node.h"
#include "graph/runtime.h"
#include "nodes/values/fields_payload.h"
#include "nodes/values/latent.h"
#include "tests/temporary_folder.h"

using namespace ladcast;

namespace {

constexpr std::chrono::milliseconds kBusy{8};

/// Takes the one thread of a lane for a while with each message that a writer on it gets too: to
/// the engine that is a writer which takes so long.
template <class T>
class Busy final : public Node {
 public:
  explicit Busy(const char* lane) {
    if (lane) on_process_lane(lane);
  }

 private:
  In<T> value{this, "value", "any"};
  void run(Task&) const override { std::this_thread::sleep_for(kBusy); }
};

template <class T>
NodeType busy(const char* name, const char* lane) {
  return {name, "", [lane] { return std::make_unique<Busy<T>>(lane); }};
}
const Registration kNetcdf(busy<Fields>("busy_netcdf", "netcdf"));
const Registration kGrib(busy<Fields>("busy_grib", "eccodes"));
const Registration kFields(busy<Fields>("busy_fields", nullptr));
const Registration kLatents(busy<Latent>("busy_latents", nullptr));

/// Six members in three batches, 60 leads of 6 h in steps of four, and one writer.
std::string pipeline(const std::string& writer, int window) {
  return R"(flow = 1
[run]
inits = ["2002-01-11T00"]
members = 6
batch = 2
lead = { step_hours = 6, until_hours = 360 }
[engine]
threads = 4
in_flight = 3
window = )" +
         std::to_string(window) + R"(
[lanes]
disk = {}
[nodes.analysis]
type = "smooth_noise"
model = "small-planet"
[nodes.scale]
type = "normalise"
in = "analysis"
model = "small-planet"
[nodes.encode]
type = "toy_encode"
in = "scale"
model = "small-planet"
[nodes.rollout]
type = "rollout"
in.seed = "encode"
in.next = "denoise"
model = "small-planet"
[nodes.denoise]
type = "toy_denoise"
in = "rollout"
model = "small-planet"
[nodes.decode]
type = "toy_decode"
in = "denoise"
model = "small-planet"
[nodes.unscale]
type = "denormalise"
in = "decode"
model = "small-planet"
)" + writer;
}

struct Peak {
  std::size_t bytes, bound, sent;
};

/// Runs with a slow writer of `messages` messages.
Peak peak(const std::string& writer, int window, int messages) {
  Graph graph = build_graph(parse_pipeline(pipeline(writer, window), "test.toml"));
  const Estimate bound = estimate(graph);
  std::size_t sent = 0;
  for (const auto& row : bound.rows) sent += row.bytes * static_cast<std::size_t>(row.messages);
  const auto start = std::chrono::steady_clock::now();
  const RunReport report = run_graph(graph);
  CHECK(std::chrono::steady_clock::now() - start >= messages * kBusy);
  CHECK(report.peak_payloads <= static_cast<std::size_t>(bound.payloads));
  CHECK(report.left_payloads == 0);
  return {report.peak_bytes, bound.payload_bytes, sent};
}

/// What is alive stays within the bound, which is far below what the run sends; with a window as
/// long as the run much more piles up before the same writer.
void check_bound(const std::string& writer, int messages) {
  const Peak narrow = peak(writer, 1, messages), wide = peak(writer, 15, messages);
  INFO("window 1: ", narrow.bytes, " of ", narrow.bound, " B; window 15: ", wide.bytes, " of ",
       wide.bound, " B; sent ", narrow.sent, " B");
  CHECK(narrow.bytes <= narrow.bound);
  CHECK(wide.bytes <= wide.bound);
  CHECK(narrow.bound < narrow.sent / 4);
  CHECK(wide.bytes > 2 * narrow.bytes);
}

std::string writer(const TemporaryFolder& folder, const std::string& type, const std::string& name,
                   const std::string& busy, const std::string& in, const std::string& more = "") {
  return "[nodes.writer]\ntype = \"" + type + "\"\nin = \"" + in + "\"\npath = \"" +
         (folder.path() / name).string() + "\"\n" + more + "[nodes.busy]\ntype = \"" + busy +
         "\"\nin = \"" + in + "\"\n" + (busy.ends_with("s") ? "lane = \"disk\"\n" : "");
}

}  // namespace

TEST_CASE("a slow NetCDF writer holds the forecast back, within the memory that was planned") {
  const TemporaryFolder folder;
  check_bound(writer(folder, "netcdf_out", "{init}.nc", "busy_netcdf", "unscale",
                     "verify_after_write = true\n"),
              180);
}

TEST_CASE("a slow GRIB writer holds the forecast back, within the memory that was planned") {
  const TemporaryFolder folder;
  check_bound(writer(folder, "grib_out", "{init}-{lead}.grib2", "busy_grib", "unscale",
                     "verify_after_write = true\n"),
              180);
}

TEST_CASE("a slow Zarr writer holds the forecast back, within the memory that was planned") {
  const TemporaryFolder folder;
  check_bound(writer(folder, "zarr_out", "{init}.zarr", "busy_fields", "unscale",
                     "lane = \"disk\"\nverify_after_write = true\n"),
              180);
}

TEST_CASE("a slow writer of latents holds the forecast back, within the memory that was planned") {
  const TemporaryFolder folder;
  check_bound(writer(folder, "latents_out", "{init}.zarr", "busy_latents", "denoise",
                     "lane = \"disk\"\nmodel = \"small-planet\"\n"),
              45);
}
