#include "nodes/ladcast/edm.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <doctest/doctest.h>

#include <thread>

#include "nodes/ladcast/noise.h"
#include "tests/nodes/error_message.h"
#include "tests/nodes/ladcast/fixtures.h"
#include "tests/nodes/ladcast/random_networks.h"

namespace ladcast {
namespace {

Schedule short_schedule() { return Schedule::karras(4, 0.02, 20.0, 7.0, 0.5); }

TEST_CASE("the published schedule falls from 80 to 0.002 and ends at 0") {
  const auto schedule = Schedule::karras(20, 0.002, 80.0, 7.0, 0.5);
  REQUIRE(schedule.sigma.size() == 21);
  CHECK(schedule.sigma[0] == doctest::Approx(79.999985).epsilon(1e-7));
  CHECK(schedule.sigma[1] == doctest::Approx(59.6575).epsilon(1e-5));
  CHECK(schedule.sigma[10] == doctest::Approx(1.9794).epsilon(1e-5));
  CHECK(schedule.sigma[19] == doctest::Approx(0.002).epsilon(1e-5));
  CHECK(schedule.sigma[20] == 0.0F);
  CHECK(schedule.c_noise[0] == doctest::Approx(1.09551).epsilon(1e-5));
}

TEST_CASE("impossible schedules are refused") {
  CHECK(contains(error_of([] { Schedule::karras(1, 0.002, 80.0, 7.0, 0.5); }), "steps >= 2"));
  CHECK(contains(error_of([] { Schedule::karras(20, 80.0, 0.002, 7.0, 0.5); }), "0 < min < max"));
  CHECK(contains(error_of([] { Schedule::karras(20, 0.002, 80.0, 0.0, 0.5); }), "rho"));
}

TEST_CASE("noise of 16 and more values is torch's, and so are fewer") {
  const auto many = upstream_noise(0, {4, 4});
  CHECK(many[0][0].item<float>() == doctest::Approx(-1.1258).epsilon(1e-4));
  CHECK(many[0][1].item<float>() == doctest::Approx(-1.1524).epsilon(1e-4));
  const auto few = upstream_noise(0, {3});
  CHECK(few[0].item<float>() == doctest::Approx(1.5410).epsilon(1e-4));
  CHECK(few[1].item<float>() == doctest::Approx(-0.2934).epsilon(1e-4));
  CHECK(contains(error_of([] { upstream_noise(-1, {3}); }), "seed"));
}

TEST_CASE("a sample has 2 steps - 1 network calls and is finite") {
  const auto forecaster = test::random_forecaster(2);
  ModuleTrace::Record record;
  const auto x = sample(forecaster, short_schedule(), at::randn({1, 3, 1, 4, 8}),
                        at::randn({2, 3, 2, 4, 8}), 2018010100, {}, ModuleTrace(record));
  CHECK(record.size() == 2 * 7);
  CHECK(x.sizes() == at::IntArrayRef({2, 3, 2, 4, 8}));
  CHECK((x.scalar_type() == at::kFloat));
  CHECK(at::isfinite(x).all().item<bool>());
}

TEST_CASE("a member's forecast does not depend on the others, nor on how the condition is given") {
  const auto forecaster = test::random_forecaster(2);
  const auto condition = at::randn({1, 3, 1, 4, 8});
  const auto noise = at::randn({3, 3, 2, 4, 8});
  const auto together = sample(forecaster, short_schedule(), condition, noise, 2018010100, {});
  const auto alone =
      sample(forecaster, short_schedule(), condition, noise.narrow(0, 1, 1), 2018010100, {});
  const auto copies = sample(forecaster, short_schedule(), condition.expand({3, -1, -1, -1, -1}),
                             noise, 2018010100, {});
  CHECK(test::relative_error(together.narrow(0, 1, 1), alone) < 1e-5);
  CHECK(test::relative_error(together, copies) < 1e-5);
}

TEST_CASE("a sample stops between two steps when it is asked to") {
  const auto forecaster = test::random_forecaster(1);
  int polls = 0;
  const auto stopping = [&] { return ++polls == 3; };
  CHECK_THROWS_AS(sample(forecaster, short_schedule(), at::randn({1, 3, 1, 4, 8}),
                         at::randn({1, 3, 2, 4, 8}), 2018010100, stopping),
                  Stopped);
  CHECK(polls == 3);
}

TEST_CASE("condition and noise of other shapes are refused") {
  const auto forecaster = test::random_forecaster(2);
  const auto run = [&](at::IntArrayRef condition, at::IntArrayRef noise) {
    return error_of([&] {
      sample(forecaster, short_schedule(), at::zeros(condition), at::zeros(noise), 2018010100, {});
    });
  };
  CHECK(contains(run({1, 4, 1, 4, 8}, {1, 3, 2, 4, 8}),
                 "the condition has shape [1, 4, 1, 4, 8], expected [batch, 3"));
  CHECK(contains(run({1, 3, 1, 5, 8}, {1, 3, 2, 4, 8}), "divisible by 2"));
  CHECK(contains(run({1, 3, 1, 4, 8}, {1, 3, 2, 4, 6}), "does not fit the condition"));
  CHECK(contains(run({2, 3, 1, 4, 8}, {3, 3, 2, 4, 8}), "does not fit the condition"));
  CHECK(contains(run({1, 3, 1, 4, 8}, {3, 2, 4, 8}), "4 axes"));
}

TEST_CASE("one network serves threads at the same time") {
  const auto forecaster = test::random_forecaster(2);
  const auto condition = at::randn({1, 3, 1, 4, 8});
  const auto noise = at::randn({4, 3, 2, 4, 8});
  std::vector<at::Tensor> results(8);
  const auto work = [&](std::size_t i) {
    at::set_num_threads(1);
    results[i] = sample(forecaster, short_schedule(), condition,
                        noise.narrow(0, static_cast<std::int64_t>(i % 4), 1), 2018010100, {});
  };
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < 4; ++i) threads.emplace_back(work, i);
  for (auto& thread : threads) thread.join();
  for (std::size_t i = 4; i < 8; ++i) work(i);
  for (std::size_t i = 0; i < 4; ++i) CHECK(at::equal(results[i], results[i + 4]));
}

}  // namespace
}  // namespace ladcast
