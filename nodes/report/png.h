// Images of few colours as PNG.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "nodes/report/colours.h"

namespace ladcast {

/// Points by rows from the top: places in `colours`, or kNoColour where the image is transparent.
struct PaletteImage {
  static constexpr std::uint8_t kNoColour = 255;
  std::size_t width = 0, height = 0;
  std::vector<Rgb> colours;  // fewer than 255
  std::vector<std::uint8_t> points;
};

/// The bytes of a PNG file. Throws Error.
std::string png_of(const PaletteImage& image);

/// RFC 4648.
std::string base64(std::string_view bytes);

}  // namespace ladcast
