#include "nodes/train/moment_sums.h"

#include <doctest/doctest.h>

#include <cmath>
#include <random>
#include <vector>

#include "nodes/train/moments_file.h"
#include "tests/nodes/error_message.h"
#include "tests/temporary_folder.h"

using namespace ladcast;

TEST_CASE("mean and deviation of ten numbers, those that are missing or infinite left out") {
  const std::vector<float> map = {2, 4, 4, NAN, 4, 5, 5, INFINITY, 7, 9};
  const MomentSums sums = MomentSums::of(map);
  CHECK(sums.weight == 8);
  CHECK(sums.mean == 5);
  CHECK(sums.squares == 32);
  CHECK(sums.deviation() == 2);
  CHECK(std::isnan(MomentSums{}.deviation()));
}

TEST_CASE("rows count by their weights") {
  const std::vector<float> map = {1, 1, 4, 4, NAN, 100};
  const MomentSums sums = MomentSums::of(map, std::vector{2.0, 1.0, 0.0});
  CHECK(sums.weight == 6);
  CHECK(sums.mean == 2);
  CHECK(sums.deviation() == doctest::Approx(std::sqrt(2.0)).epsilon(1e-15));
}

TEST_CASE("parts of any size give the moments of the whole, far from zero too") {
  std::mt19937 generator(7);
  std::normal_distribution<float> noise(5.4e4F, 3.0F);
  std::uniform_int_distribution<std::size_t> length(0, 40);
  for (int round = 0; round < 50; ++round) {
    std::vector<float> all;
    MomentSums sums;
    for (int part = 0; part < 30; ++part) {
      std::vector<float> values(length(generator));
      for (float& value : values) value = noise(generator);
      sums.add(MomentSums::of(values));
      all.insert(all.end(), values.begin(), values.end());
    }
    long double mean = 0, squares = 0;
    for (const float value : all) mean += value;
    mean /= static_cast<long double>(all.size());
    for (const float value : all) squares += (value - mean) * (value - mean);
    CHECK(sums.weight == static_cast<double>(all.size()));
    CHECK(sums.mean == doctest::Approx(static_cast<double>(mean)).epsilon(1e-15));
    // Rounding of means is 4e-12 of the deviation; the mean of squares would lose 7e-8.
    CHECK(sums.squares == doctest::Approx(static_cast<double>(squares)).epsilon(1e-11));
  }
}

TEST_CASE("channels that are constant or missing are named together") {
  MomentSums constant, good = MomentSums::of(std::vector{1.0F, 2.0F});
  const std::vector<double> weights = {0.1, 0.3, 0.7};
  for (int i = 0; i < 10; ++i) constant.add(MomentSums::of(std::vector(3, 0.1F), weights));
  const std::vector<std::string> names = {"wind", "rain", "snow"};
  const std::string message = error_of([&] {
    moments_of(std::vector{good, constant, MomentSums{}}, names);
  });
  CHECK_FALSE(contains(message, "wind"));
  CHECK(contains(message, "rain is 0.1 everywhere and always"));
  CHECK(contains(message, "snow is missing at all points and times"));
}

TEST_CASE("statistics files are read back bit by bit") {
  const TemporaryFolder folder;
  const std::vector<Channel> channels = {
      {"temperature", 850, "K"}, {"2m_temperature", {}, "K"}, {"temperature", 500, "K"}};
  const Moments moments{{252.60638341176337, 1.0 / 3, -7e-9}, {14.6, 21.9, 1e-300}};
  write_field_moments(folder.path() / "new" / "normal.json", channels, moments);
  const Moments fields = read_field_moments(folder.path() / "new" / "normal.json", channels);
  CHECK(fields.mean == moments.mean);
  CHECK(fields.std == moments.std);
  write_latent_moments(folder.path() / "latent.json", moments);
  const Moments latents = read_latent_moments(folder.path() / "latent.json", 3);
  CHECK(latents.mean == moments.mean);
  CHECK(latents.std == moments.std);
}
