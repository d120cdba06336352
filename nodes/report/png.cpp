#include "nodes/report/png.h"

#include <png.h>

#include "graph/error.h"
#include "graph/version.h"

namespace ladcast {
namespace {

const VersionNote note{"libpng", [] { return std::string(png_libpng_ver); }};

}  // namespace

std::string png_of(const PaletteImage& image) {
  // Written by the simplified interface: colour-mapped, the last entry transparent.
  png_image png{};
  png.version = PNG_IMAGE_VERSION;
  png.width = static_cast<png_uint_32>(image.width);
  png.height = static_cast<png_uint_32>(image.height);
  png.format = PNG_FORMAT_RGBA_COLORMAP;
  png.colormap_entries = static_cast<png_uint_32>(image.colours.size() + 1);
  std::vector<std::uint8_t> map;
  for (const auto& [red, green, blue] : image.colours)
    map.insert(map.end(), {red, green, blue, 255});
  map.insert(map.end(), {0, 0, 0, 0});
  std::vector<std::uint8_t> points = image.points;
  for (auto& point : points)
    if (point == PaletteImage::kNoColour) point = static_cast<std::uint8_t>(image.colours.size());

  png_alloc_size_t bytes = PNG_IMAGE_PNG_SIZE_MAX(png) + 4 * map.size();
  std::string file(bytes, '\0');
  if (png_image_write_to_memory(&png, file.data(), &bytes, 0, points.data(), 0, map.data()) == 0)
    fail("cannot make a PNG image: {}", png.message);
  file.resize(bytes);
  return file;
}

std::string base64(std::string_view bytes) {
  static constexpr char kLetters[] =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t three = 0;
    for (std::size_t k = 0; k < 3; ++k)
      three = three << 8 | (i + k < bytes.size() ? static_cast<std::uint8_t>(bytes[i + k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k)
      text += i + k <= bytes.size() ? kLetters[three >> (18 - 6 * k) & 63] : '=';
  }
  return text;
}

}  // namespace ladcast
