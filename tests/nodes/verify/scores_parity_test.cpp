// Against the scores that the reference's own evaluation forms: shared/parity/README.md,
// evaluation.
#include <ATen/ATen.h>
#include <doctest/doctest.h>

#include <cmath>

#include "nodes/verify/crps.h"
#include "nodes/verify/map_scorer.h"
#include "tests/nodes/ladcast/fixtures.h"

using namespace ladcast;

namespace {

// (…, latitude, longitude) at the leading indices.
std::span<const float> map_of(const at::Tensor& tensor, std::initializer_list<std::int64_t> at) {
  std::int64_t index = 0;
  std::int64_t axis = 0;
  for (const auto position : at) index = index * tensor.size(axis++) + position;
  const std::int64_t points = tensor.size(-1) * tensor.size(-2);
  return {tensor.const_data_ptr<float>() + index * points, static_cast<std::size_t>(points)};
}

using Members = std::vector<std::span<const float>>;

Members members_of(const at::Tensor& ensemble, std::int64_t count, std::int64_t channel,
                   std::int64_t time) {
  Members members;
  for (std::int64_t member = 0; member < count; ++member)
    members.push_back(map_of(ensemble, {member, channel, time}));
  return members;
}

struct Means {
  at::Tensor mse, crps, skill, spread, acc;
};

double value_of(const std::vector<MapScore>& scores, std::string_view name) {
  for (const MapScore& score : scores)
    if (score.score == name) return score.value;
  return std::nan("");
}

// Scores by (channel, time) of the first `count` members. skill is E|X - y|.
Means means_of(const at::Tensor& ensemble, const at::Tensor& truth, const at::Tensor& climatology,
               const Grid& grid, std::int64_t count) {
  const MapScorer scorer(grid, {.weighting = LatitudeWeighting::cos,
                                .extra = {"crps_skill", "crps_spread"},
                                .as_ladcast = true});
  const auto zeros = at::zeros({truth.size(0), truth.size(1)}, at::kDouble);
  Means means{zeros.clone(), zeros.clone(), zeros.clone(), zeros.clone(), zeros.clone()};
  for (std::int64_t channel = 0; channel < truth.size(0); ++channel) {
    for (std::int64_t time = 0; time < truth.size(1); ++time) {
      const auto at = [&](at::Tensor& tensor) -> double& {
        return tensor.mutable_data_ptr<double>()[channel * truth.size(1) + time];
      };
      const auto scores =
          scorer.score({}, members_of(ensemble, count, channel, time),
                       map_of(truth, {channel, time}), map_of(climatology, {channel, time}))[0];
      at(means.mse) = value_of(scores, "mse");
      at(means.crps) = value_of(scores, "crps_fair");
      at(means.acc) = value_of(scores, "acc");
      at(means.skill) = value_of(scores, "crps_skill");
      at(means.spread) = value_of(scores, "crps_spread");
    }
  }
  return means;
}

// The first time: CRPS and E|X - X'| of each point.
void compare_points(test::Recording& recorded, const at::Tensor& ensemble,
                    const at::Tensor& truth) {
  const at::Tensor crps = at::empty({truth.size(0), truth.size(2), truth.size(3)});
  const at::Tensor spread = at::empty_like(crps);
  const std::int64_t points = truth.size(2) * truth.size(3);
  for (std::int64_t channel = 0; channel < truth.size(0); ++channel) {
    const auto observed = map_of(truth, {channel, 0});
    const Members members = members_of(ensemble, ensemble.size(0), channel, 0);
    for (std::int64_t point = 0; point < points; ++point) {
      std::vector<double> values;
      double size = 0.0;
      for (const auto& member : members) {
        values.push_back(static_cast<double>(member[static_cast<std::size_t>(point)]));
        size += std::abs(values.back()) / static_cast<double>(members.size());
      }
      const std::int64_t index = channel * points + point;
      const auto y = static_cast<double>(observed[static_cast<std::size_t>(point)]);
      const auto fair = [&](double at) {
        return static_cast<float>(ladcast::crps(values, at, CrpsEstimator::fair));
      };
      crps.mutable_data_ptr<float>()[index] = fair(y);
      // E|X - X'|, as the CRPS against 0 is E|X| - E|X - X'| / 2.
      spread.mutable_data_ptr<float>()[index] =
          static_cast<float>(2.0 * (size - static_cast<double>(fair(0.0))));
    }
  }
  recorded.compare("pointwise.crps", crps, 2e-6);
  recorded.compare("pointwise.spread", spread, 2e-6);
}

// By channel, of the first time; a grid of one row weighs all points alike.
at::Tensor unweighted_acc(const at::Tensor& ensemble, const at::Tensor& truth,
                          const at::Tensor& climatology) {
  Grid grid{{0}, {}};
  for (std::int64_t point = 0; point < truth.size(2) * truth.size(3); ++point)
    grid.longitude.push_back(static_cast<double>(point));
  const MapScorer scorer(grid, {LatitudeWeighting::cos});
  std::vector<double> acc;
  for (std::int64_t channel = 0; channel < truth.size(0); ++channel)
    acc.push_back(
        value_of(scorer.score({}, members_of(ensemble, ensemble.size(0), channel, 0),
                              map_of(truth, {channel, 0}), map_of(climatology, {channel, 0}))[0],
                 "acc"));
  return at::tensor(at::ArrayRef<double>(acc));
}

}  // namespace

TEST_CASE("scores are those of the reference's evaluation") {
  if (!test::begin_parity("evaluation", {"scores.safetensors"})) return;
  test::Recording recorded(test::parity_folder() / "evaluation/scores.safetensors");
  const at::Tensor ensemble = recorded.input("ensemble").contiguous();
  const at::Tensor truth = recorded.input("truth").contiguous();
  const at::Tensor climatology = recorded.input("climatology").contiguous();
  const at::Tensor latitude = recorded.input("latitude").contiguous();
  const double* const rows = latitude.const_data_ptr<double>();
  Grid grid{{rows, rows + latitude.numel()}, {}};
  for (std::int64_t column = 0; column < truth.size(-1); ++column)
    grid.longitude.push_back(static_cast<double>(column));

  const auto cos = latitude_weights(grid.latitude, LatitudeWeighting::cos);
  const auto area = latitude_weights(grid.latitude, LatitudeWeighting::wb2);
  recorded.compare("weights_cos", at::tensor(at::ArrayRef<double>(cos)), 1e-12);
  recorded.compare("weights_cell_area", at::tensor(at::ArrayRef<double>(area)), 1e-12);

  for (const auto& [name, count] : {std::pair{"score", ensemble.size(0)}, {"one_member", 1L}}) {
    const Means means = means_of(ensemble, truth, climatology, grid, count);
    const auto compare = [&, prefix = std::string(name)](const char* score,
                                                         const at::Tensor& value) {
      recorded.compare(prefix + "." + score, value, 2e-6);
    };
    compare("mse", means.mse);
    compare("acc", means.acc);
    compare("crps_skill", means.skill);
    compare("crps", means.crps);
    compare("crps_spread", means.spread);
  }
  compare_points(recorded, ensemble, truth);
  recorded.compare("acc_unweighted", unweighted_acc(ensemble, truth, climatology), 2e-6);
}
