#include "nodes/report/png.h"

#include <doctest/doctest.h>
#include <png.h>

using namespace ladcast;

TEST_CASE("libpng reads the colours that were written") {
  const PaletteImage image{
      .width = 3, .height = 1, .colours = {{10, 20, 30}, {200, 100, 0}}, .points = {1, 0, 255}};
  const std::string file = png_of(image);
  png_image read{};
  read.version = PNG_IMAGE_VERSION;
  REQUIRE(png_image_begin_read_from_memory(&read, file.data(), file.size()) != 0);
  CHECK(read.width == 3);
  CHECK(read.height == 1);
  read.format = PNG_FORMAT_RGBA;
  std::vector<std::uint8_t> pixels(PNG_IMAGE_SIZE(read));
  REQUIRE(png_image_finish_read(&read, nullptr, pixels.data(), 0, nullptr) != 0);
  CHECK(pixels == std::vector<std::uint8_t>{200, 100, 0, 255, 10, 20, 30, 255, 0, 0, 0, 0});
}

TEST_CASE("base64 as RFC 4648 has it") {
  CHECK(base64("") == "");
  CHECK(base64("f") == "Zg==");
  CHECK(base64("fo") == "Zm8=");
  CHECK(base64("foo") == "Zm9v");
  CHECK(base64("foobar") == "Zm9vYmFy");
  CHECK(base64("\xff\xfe") == "//4=");
}

TEST_CASE("a value lies in the band between its edges, beyond them in the outer ones") {
  const ColourScale scale{{0, 1, 2, 3}, {{}, {}, {}}};
  CHECK(scale.band_of(-5) == 0);
  CHECK(scale.band_of(0.5) == 0);
  CHECK(scale.band_of(1) == 1);
  CHECK(scale.band_of(2.9) == 2);
  CHECK(scale.band_of(99) == 2);
}

TEST_CASE("the colours of errors are as wide on both sides of 0") {
  const ColourScale scale = error_scale(7.3);
  for (std::size_t i = 0; i < scale.edges.size(); ++i)
    CHECK(scale.edges[i] == -scale.edges[scale.edges.size() - 1 - i]);
  const Rgb middle = scale.colours[scale.band_of(0)];
  CHECK(middle == Rgb{247, 247, 247});
  CHECK(scale.edges.back() >= 7.3);
}
