// What the machine reaches at most: one large matrix product, one large copy, one large file.
#include <ATen/ATen.h>
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "graph/error.h"
#include "nodes/ladcast/cpu_products.h"
#include "nodes/ladcast/precision.h"
#include "tests/bench/bench.h"
#include "tests/temporary_folder.h"

namespace ladcast::bench {
namespace {

constexpr std::int64_t kGemm = 2048;
constexpr std::int64_t kCopy = 64 << 20;   // float32 values, far beyond the caches
constexpr std::size_t kFile = 256U << 20;  // bytes

void gemm_ceiling_of(Bench& bench, const std::string& precision) {
  const at::TensorOptions options(to_scalar_type(precision));
  const auto a = at::randn({kGemm, kGemm}, options);
  const auto b = at::randn({kGemm, kGemm}, options);
  auto c = at::empty({kGemm, kGemm}, options);
  const double n = kGemm;
  const auto measure = [&](const char* name, const std::function<at::Tensor()>& work) {
    return bench.measure(
        {.name = name, .precision = precision, .work = work, .flop = 2 * n * n * n});
  };
  Row best = measure("ceiling: product, LibTorch", [&] { return at::mm_out(c, a, b); });
  if (const auto packed = pack_weight(b); packed.defined()) {
    const Row other = measure("ceiling: product, oneDNN",
                              [&] { return cpu_linear(a, packed, {}, Activation::none); });
    if (other.fastest_rate() > best.fastest_rate()) best = other;
  }
  bench.set_ceiling(gemm_ceiling(precision), best);
}

void write_file(const std::filesystem::path& path, const std::string& bytes) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL, 0600);
  std::size_t done = 0;
  bool good = file >= 0;
  while (good && done < bytes.size()) {
    const auto written = ::write(file, bytes.data() + done, bytes.size() - done);
    good = written > 0;
    if (good) done += static_cast<std::size_t>(written);
  }
  good = good && ::fsync(file) == 0;
  const int error = errno;
  if (file >= 0) ::close(file);
  if (!good) fail("cannot write {}: {}; set TMPDIR", path.string(), std::strerror(error));
}

}  // namespace

void measure_ceilings(Bench& bench, bool with_disk) {
  gemm_ceiling_of(bench, "fp32");
  for (const auto& precision : bench.options().precisions)
    if (precision != "fp32") gemm_ceiling_of(bench, precision);

  {
    const auto from = at::randn({kCopy});
    auto to = at::empty({kCopy});
    const Row& copy = bench.measure({.name = "ceiling: memory, read and written",
                                     .work = [&] { return to.copy_(from), at::Tensor(); },
                                     .bytes = 2.0 * sizeof(float) * kCopy});
    bench.set_ceiling(Ceiling::memory, copy);
  }
  if (!with_disk) return;
  const TemporaryFolder folder;
  const auto path = folder.path() / "file";
  const auto noise = at::randint(256, {static_cast<std::int64_t>(kFile)},
                                 at::TensorOptions(at::kByte));  // no file system may shrink it
  const std::string bytes(static_cast<const char*>(noise.const_data_ptr()), kFile);
  const Row& disk = bench.measure({.name = "ceiling: disk, written and synchronised",
                                   .work = [&] { return write_file(path, bytes), at::Tensor(); },
                                   .bytes = static_cast<double>(kFile),
                                   .before = [&] { std::filesystem::remove(path); }});
  bench.set_ceiling(Ceiling::disk, disk);
}

}  // namespace ladcast::bench
