#include "nodes/verify/isotonic_regression.h"

#include <cmath>
#include <cstddef>

#include "graph/error.h"
#include "nodes/verify/missing.h"

namespace ladcast {
namespace {

struct Pool {
  double mean, weight;
  std::size_t count;
};

}  // namespace

std::vector<double> isotonic_regression(std::span<const double> values,
                                        std::span<const double> weights) {
  if (!weights.empty() && weights.size() != values.size())
    fail("{} values of an isotonic regression have {} weights", values.size(), weights.size());
  std::vector<Pool> pools;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::isnan(values[i])) continue;
    const double weight = weights.empty() ? 1.0 : weights[i];
    if (!(weight > 0.0)) fail("weight {} of an isotonic regression is not positive", weight);
    pools.push_back({values[i], weight, 1});
    while (pools.size() > 1 && pools[pools.size() - 2].mean >= pools.back().mean) {
      const Pool last = pools.back();
      pools.pop_back();
      Pool& pool = pools.back();
      pool.mean += (last.mean - pool.mean) * last.weight / (pool.weight + last.weight);
      pool.weight += last.weight;
      pool.count += last.count;
    }
  }
  std::vector<double> fit;
  auto pool = pools.begin();
  std::size_t used = 0;
  for (const double value : values) {
    if (std::isnan(value)) {
      fit.push_back(kMissingScore);
      continue;
    }
    if (used == pool->count) {
      ++pool;
      used = 0;
    }
    fit.push_back(pool->mean);
    ++used;
  }
  return fit;
}

}  // namespace ladcast
