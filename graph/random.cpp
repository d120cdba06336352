#include "graph/random.h"

#include <cmath>
#include <numbers>

#include "graph/task.h"

namespace ladcast {

std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> c,
                                    std::array<std::uint32_t, 2> k) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t a = std::uint64_t{0xD2511F53} * c[0];
    const std::uint64_t b = std::uint64_t{0xCD9E8D57} * c[2];
    c = {static_cast<std::uint32_t>(b >> 32) ^ c[1] ^ k[0], static_cast<std::uint32_t>(b),
         static_cast<std::uint32_t>(a >> 32) ^ c[3] ^ k[1], static_cast<std::uint32_t>(a)};
    k[0] += 0x9E3779B9;
    k[1] += 0xBB67AE85;
  }
  return c;
}

std::uint64_t fnv1a(std::string_view bytes, std::uint64_t start) {
  std::uint64_t hash = start;
  for (const char byte : bytes) {
    hash ^= static_cast<unsigned char>(byte);
    hash *= 1099511628211ULL;
  }
  return hash;
}

void fill_normal(std::span<float> out, const RandomKey& key) {
  const auto bytes = [](const auto& value) {
    return std::string_view(reinterpret_cast<const char*>(&value), sizeof value);
  };
  // The seed is the Philox key; everything else is hashed into the upper half of the counter.
  std::uint64_t stream = fnv1a(key.stream);
  stream = fnv1a(bytes(key.init), stream);
  stream = fnv1a(bytes(key.member), stream);
  stream = fnv1a(bytes(key.lead_hours), stream);
  const std::array<std::uint32_t, 2> philox_key{static_cast<std::uint32_t>(key.seed),
                                                static_cast<std::uint32_t>(key.seed >> 32)};
  for (std::size_t i = 0; i < out.size(); i += 4) {
    const std::uint64_t block = i / 4;
    const auto r =
        philox({static_cast<std::uint32_t>(block), static_cast<std::uint32_t>(block >> 32),
                static_cast<std::uint32_t>(stream), static_cast<std::uint32_t>(stream >> 32)},
               philox_key);
    for (std::size_t pair = 0; pair < 2; ++pair) {
      const double u = (r[2 * pair] + 0.5) * 0x1p-32;  // in (0, 1)
      const double angle = 2.0 * std::numbers::pi * (r[2 * pair + 1] * 0x1p-32);
      const double radius = std::sqrt(-2.0 * std::log(u));
      const std::size_t at = i + 2 * pair;
      if (at < out.size()) out[at] = static_cast<float>(radius * std::cos(angle));
      if (at + 1 < out.size()) out[at + 1] = static_cast<float>(radius * std::sin(angle));
    }
  }
}

void Task::normal(std::span<float> out, int member, std::string_view stream) const {
  const Plan& plan = host_->plan();
  fill_normal(out, {plan.seed, init().time_since_epoch().count(), member, lead_hours(),
                    stream.empty() ? std::string_view(host_->stream()) : stream});
}

}  // namespace ladcast
