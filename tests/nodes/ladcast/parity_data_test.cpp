// Statistics, static fields, time features and scaling against the reference: folder data.
#include <ATen/ATen.h>
#include <doctest/doctest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "nodes/ladcast/pt_file.h"
#include "nodes/ladcast/roll.h"
#include "nodes/ladcast/statistics.h"
#include "nodes/ladcast/time_features.h"
#include "nodes/transform/normalise_fields.h"
#include "nodes/values/zarr_json.h"
#include "tests/nodes/ladcast/fixtures.h"
#include "tests/nodes/ladcast/recorded_model.h"

namespace ladcast::test {
namespace {

using nlohmann::json;

std::filesystem::path data() { return parity_folder() / "data"; }

bool have_statics(const char* file) {
  if (std::filesystem::exists(statics_folder() / file)) return true;
  std::printf("  ABSENT: %s, its comparisons are not made\n", (statics_folder() / file).c_str());
  return false;
}

TEST_CASE("data: the statistics file gives the reference's mean and deviation of each channel") {
  if (!begin_parity("data", {"channels.json"})) return;
  const auto recorded = recorded_model(1, 1);
  const auto source = read_json(data() / "channels.json")["source"].get<std::string>();
  if (!have_statics(source.c_str())) return;
  const auto moments = read_field_moments(statics_folder() / source, recorded.model.channels);
  REQUIRE(moments.mean.size() == recorded.moments.mean.size());
  for (std::size_t i = 0; i < moments.mean.size(); ++i) {
    CHECK(static_cast<float>(moments.mean[i]) == static_cast<float>(recorded.moments.mean[i]));
    CHECK(static_cast<float>(moments.std[i]) == static_cast<float>(recorded.moments.std[i]));
  }
}

TEST_CASE("data: fields are normalised, filled and restored as in the reference") {
  if (!begin_parity("data", {"normalise.safetensors", "channels.json"})) return;
  Recording recording(data() / "normalise.safetensors");
  const auto& fields = recording.input("fields");
  const auto recorded = recorded_model(static_cast<std::size_t>(fields.size(2)),
                                       static_cast<std::size_t>(fields.size(3)));
  const auto& model = recorded.model;
  recording.compare("mean", at::tensor(recorded.moments.mean, at::kDouble).to(at::kFloat), 0.0);
  recording.compare("std", at::tensor(recorded.moments.std, at::kDouble).to(at::kFloat), 0.0);
  const FieldScaling scaling(model, recorded.moments);
  const auto analysis = fields_of(fields.transpose(0, 1), model.channels, model.grid);
  const auto normalised = scaling.normalise(analysis);
  const auto filled = tensor_of(normalised).transpose(0, 1);
  const auto known = at::isfinite(fields);
  recording.compare("normalised_filled", filled, 2e-6);
  recording.compare("normalised", filled.masked_fill(known.logical_not(), NAN), 2e-6);
  recording.compare("denormalised", tensor_of(scaling.denormalise(normalised)).transpose(0, 1),
                    2e-6);
}

TEST_CASE("data: a training sample loses its pole row and its extra channel, and is filled") {
  if (!begin_parity("data", {"training_batch.safetensors", "channels.json"})) return;
  Recording recording(data() / "training_batch.safetensors");
  const auto& raw = recording.input("raw_85_channels");
  const auto recorded = recorded_model(static_cast<std::size_t>(raw.size(2)),
                                       static_cast<std::size_t>(raw.size(3)), {0});
  auto channels = recorded.model.channels;
  channels.push_back({"surface_pressure", {}, ""});
  const FieldScaling scaling(recorded.model, recorded.moments);
  const auto batch = tensor_of(scaling.normalise(fields_of(raw, channels, recorded.model.grid)));
  recording.compare("batch", batch, 2e-6);
  for (std::size_t i = 0; i < recorded.model.channels.size(); ++i)
    if (recorded.model.fills[i])
      recording.compare_exact("sst_nan_mask",
                              at::isnan(raw.select(1, static_cast<std::int64_t>(i)).slice(1, 1)));
}

TEST_CASE("data: latents are scaled to their target deviation and back") {
  if (!begin_parity("data", {"latent_normalise.safetensors"}) ||
      !have_statics("ERA5_latent_normal_1979_2017_lat84.json"))
    return;
  const auto moments =
      read_latent_moments(statics_folder() / "ERA5_latent_normal_1979_2017_lat84.json", 84);
  Recording recording(data() / "latent_normalise.safetensors");
  const auto normalised = normalise_latent(recording.input("latent"), moments, 0.5, 0);
  recording.compare("normalised", normalised, 2e-6);
  recording.compare("restored", denormalise_latent(normalised, moments, 0.5, 0), 2e-6);
}

TEST_CASE("data: the published static files are read with their strides and normalised") {
  if (!begin_parity("data", {"static.safetensors", "land_sea_mask.json"}) ||
      !have_statics("240x121_land_sea_mask.pt") || !have_statics("240x121_orography.pt"))
    return;
  const auto mask = read_pt(statics_folder() / "240x121_land_sea_mask.pt");
  const auto orography = read_pt(statics_folder() / "240x121_orography.pt");
  const auto expected = read_json(data() / "land_sea_mask.json");
  const auto wide = mask.to(at::kDouble);
  CHECK(mask.sizes().vec() == expected["shape"].get<std::vector<std::int64_t>>());
  CHECK(wide.sum().item<double>() == doctest::Approx(expected["sum"].get<double>()).epsilon(1e-12));
  const auto vector = [&](const char* key) {
    return at::tensor(expected[key].get<std::vector<double>>(), at::kDouble);
  };
  CHECK(relative_error(wide.sum(1), vector("row_sums")) < 1e-12);
  CHECK(relative_error(wide.sum(0).slice(0, 0, 24), vector("column_sums_first_24")) < 1e-12);
  for (const auto& point : expected["points"])
    CHECK(mask[point["row"].get<int>()][point["col"].get<int>()].item<float>() ==
          point["value"].get<float>());
  CHECK(relative_error(orography.to(at::kDouble).sum({1, 2}), vector("orography_channel_sums")) <
        1e-12);
  for (const auto& point : expected["orography_points"])
    for (int channel = 0; channel < 4; ++channel)
      CHECK(orography[channel][point["row"].get<int>()][point["col"].get<int>()].item<float>() ==
            point["values"][static_cast<std::size_t>(channel)].get<float>());

  const auto maps = at::cat({mask.unsqueeze(0), orography}).slice(1, 1);
  const auto moments = own_moments(maps);
  CHECK(relative_error(at::tensor(moments.mean, at::kDouble), vector("static_mean_fp64")) < 1e-12);
  CHECK(relative_error(at::tensor(moments.std, at::kDouble), vector("static_std_fp64")) < 1e-12);
  Recording recording(data() / "static.safetensors");
  recording.compare("mean", at::tensor(moments.mean, at::kDouble), 2e-6);
  recording.compare("std", at::tensor(moments.std, at::kDouble), 2e-6);
  const auto& recorded = recording.input("static_normalised");
  const auto normalised = normalise_by_own_moments(maps);
  recording.compare("static_normalised", normalised, 2e-6);
  for (std::int64_t i = 0; i < recorded.size(0); ++i)
    CHECK(relative_error(normalised[i], recorded[i]) < 2e-6);
}

TEST_CASE("data: the time of the year and its features are those of the reference") {
  if (!begin_parity("data", {"year.safetensors", "year.json"})) return;
  for (const auto& entry : read_json(data() / "year.json"))
    CHECK(year_progress(entry["timestamp"]) == entry["progress"].get<double>());
  Recording recording(data() / "year.safetensors");
  const auto& timestamps = recording.input("timestamps");
  auto progress = at::empty({timestamps.size(0)}, at::kDouble);
  for (std::int64_t i = 0; i < timestamps.size(0); ++i)
    progress[i] = year_progress(timestamps[i].item<std::int64_t>());
  recording.compare_exact("progress_fp64", progress);
  recording.compare_exact("progress", progress.to(at::kFloat));
  recording.compare("embedding", year_features(timestamps, at::kFloat), 4e-5);
}

TEST_CASE("data: maps are rolled to a new corner") {
  if (!begin_parity("data", {"roll.safetensors"})) return;
  Recording recording(data() / "roll.safetensors");
  recording.compare_exact("output",
                          roll_maps(recording.input("input"), recording.input("coords_x_y")));
}

}  // namespace
}  // namespace ladcast::test
