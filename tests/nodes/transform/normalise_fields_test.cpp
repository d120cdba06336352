#include "nodes/transform/normalise_fields.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "tests/nodes/error_message.h"

using namespace ladcast;

namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

/// Two channels on 3 x 2 points; the first row is cropped, sea surface temperature is filled with
/// -2.
Model tiny_model() {
  Model model;
  model.name = "tiny";
  model.grid = {{-90, 0, 90}, {0, 180}};
  model.crop_rows = {0};
  model.channels = {{"temperature", 500, "K"}, {"sea_surface_temperature", {}, "K"}};
  model.fills = {std::nullopt, -2.0F};
  return model;
}

FieldScaling tiny_scaling() { return {tiny_model(), {{250, 290}, {10, 5}}}; }

Fields tiny_analysis() {
  return {tiny_model().grid,
          {{"sea_surface_temperature", {}, "K"}, {"temperature", 500, "K"}},
          parse_time("2002-01-11"),
          {0},
          {0},
          false,
          {kNan, kNan, 300, kNan, 290, 280, 200, 201, 250, 260, 240, 275}};
}

std::string text_of(const std::vector<float>& values) {
  return fmt::format("{}", fmt::join(values, " "));
}

}  // namespace

TEST_CASE("normalising crops, scales, fills and orders channels as the networks have them") {
  const Fields scaled = tiny_scaling().normalise(tiny_analysis());
  CHECK(scaled.normalised);
  CHECK(scaled.grid == Grid{{0, 90}, {0, 180}});
  CHECK(scaled.channels == tiny_model().channels);
  CHECK(scaled.values == std::vector{0.F, 1.F, -1.F, 2.5F, 2.F, -2.F, 0.F, -2.F});
}

TEST_CASE("denormalising restores cropped rows and missing points as missing") {
  const FieldScaling scaling = tiny_scaling();
  const Fields analysis = tiny_analysis();
  const Fields back = scaling.denormalise(scaling.normalise(analysis),
                                          MissingPoints::of(analysis, scaling.model()));
  CHECK_FALSE(back.normalised);
  CHECK(back.grid == analysis.grid);
  CHECK(text_of(back.values) == "nan nan 250 260 240 275 nan nan 300 nan 290 280");
}

TEST_CASE("without a mask the fill stays, with a land mask the land is missing") {
  const FieldScaling scaling = tiny_scaling();
  const Fields scaled = scaling.normalise(tiny_analysis());
  CHECK(text_of(scaling.denormalise(scaled).values) ==
        "nan nan 250 260 240 275 nan nan 300 280 290 280");
  const std::vector<float> land = {1, 1, 0, 0.6F, 0.5F, 0};
  CHECK(
      text_of(scaling.denormalise(scaled, MissingPoints::of_land(land, scaling.model())).values) ==
      "nan nan 250 260 240 275 nan nan 300 nan 290 280");
}

TEST_CASE("a subset of the channels can be denormalised") {
  const FieldScaling scaling = tiny_scaling();
  const Fields sst{{{0, 90}, {0, 180}}, {{"sea_surface_temperature", {}, "K"}}, {}, {6}, {1}, true,
                   {0, 1, 2, -2}};
  CHECK(text_of(scaling.denormalise(sst).values) == "nan nan 290 295 300 280");
}

TEST_CASE("fields that the model cannot take are refused") {
  const FieldScaling scaling = tiny_scaling();
  const auto refused = [&](auto change) {
    Fields analysis = tiny_analysis();
    change(analysis);
    return error_of([&] { scaling.normalise(analysis); });
  };
  CHECK(refused([](Fields& f) { f.values[9] = kNan; }) ==
        "temperature 500 hPa is missing or infinite at 1 of 6 points, and the model has no fill "
        "for it");
  CHECK(contains(refused([](Fields& f) { f.values[2] = INFINITY; }), "sea_surface_temperature is"));
  CHECK(refused([](Fields& f) { f.channels[1].level = 700; }) ==
        "the fields lack channels of the model 'tiny':\n  temperature 500 hPa");
  CHECK(refused([](Fields& f) { f.channels[1].units = "degC"; }) ==
        "temperature 500 hPa has units degC, the model 'tiny' wants K");
  CHECK(refused([](Fields& f) {
          f.grid.latitude = {-60, 0, 60};
        }) == "the fields have another grid (3 x 2) than the model 'tiny' (3 x 2)");
  CHECK(refused([](Fields& f) { f.normalised = true; }) == "the fields are normalised already");
  CHECK(refused([](Fields& f) { f.values[6] = kNan; }).empty());  // a cropped row is not looked at
  CHECK(error_of([&] { scaling.denormalise(tiny_analysis()); }) ==
        "the fields are in physical units already");
}
