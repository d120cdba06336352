#include "nodes/report/map.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "nodes/report/axis.h"
#include "nodes/report/contours.h"
#include "nodes/report/png.h"
#include "nodes/values/regrid.h"

namespace ladcast {
namespace {

/// Where a coordinate lies among ascending ones: the point before it and the way to the next, both
/// within the ends.
struct Place {
  std::size_t before = 0;
  double part = 0;
};

Place place_among(const std::vector<double>& ascending, double at) {
  if (ascending.size() < 2 || at <= ascending.front()) return {0, 0.0};
  if (at >= ascending.back()) return {ascending.size() - 2, 1.0};
  const auto above = std::upper_bound(ascending.begin(), ascending.end(), at);
  const auto before = static_cast<std::size_t>(above - ascending.begin()) - 1;
  return {before, (at - ascending[before]) / (ascending[before + 1] - ascending[before])};
}

/// Between four points; where one of them is missing, the nearest.
double interpolated(std::span<const float> values, std::size_t columns, Place row, Place column) {
  const std::size_t corner = row.before * columns + column.before;
  const std::size_t right = columns > 1 ? 1 : 0, up = values.size() > columns ? columns : 0;
  const double a = values[corner], b = values[corner + right], c = values[corner + up],
               d = values[corner + up + right];
  const double value = (1 - row.part) * ((1 - column.part) * a + column.part * b) +
                       row.part * ((1 - column.part) * c + column.part * d);
  if (!std::isnan(value)) return value;
  return row.part < 0.5 ? (column.part < 0.5 ? a : b) : (column.part < 0.5 ? c : d);
}

/// The coordinate at a place between points, counted from 0.
double coordinate_at(const std::vector<double>& coordinates, double index) {
  const auto before = std::min(static_cast<std::size_t>(index), coordinates.size() - 1);
  const auto next = std::min(before + 1, coordinates.size() - 1);
  return coordinates[before] +
         (index - static_cast<double>(before)) * (coordinates[next] - coordinates[before]);
}

/// A point of a line for a label, inside the box and away from other labels; none on short lines.
std::optional<SvgPoint> free_place(const std::vector<SvgPoint>& line, const Box& box,
                                   const std::vector<SvgPoint>& labels) {
  constexpr double kShort = 90, kWide = 48, kHigh = 16, kMargin = 22;
  double length = 0;
  for (std::size_t i = 1; i < line.size(); ++i)
    length += std::hypot(line[i].x - line[i - 1].x, line[i].y - line[i - 1].y);
  if (length < kShort) return {};
  for (int part = 1; part < 12; ++part) {
    // 5, 10, 3, 8 … twelfths: the next is far from the last.
    const SvgPoint& point = line[line.size() * static_cast<std::size_t>(part * 5 % 12) / 12];
    const bool inside = point.x > box.x + kMargin && point.x < box.right() - kMargin &&
                        point.y > box.y + kHigh / 2 && point.y < box.bottom() - kHigh / 2;
    const bool taken = std::any_of(labels.begin(), labels.end(), [&](const SvgPoint& label) {
      return std::abs(label.x - point.x) < kWide && std::abs(label.y - point.y) < kHigh;
    });
    if (inside && !taken) return point;
  }
  return {};
}

}  // namespace

MapFrame MapFrame::of(const Grid& grid) {
  if (covers_globe(grid)) return {};
  const auto half = [](const std::vector<double>& points) {
    return points.size() < 2 ? 0.5 : (points[1] - points[0]) / 2;
  };
  const double row = half(grid.latitude), column = half(grid.longitude);
  return {grid.longitude.front() - column, grid.longitude.back() + column,
          std::max(-90.0, grid.latitude.front() - row), std::min(90.0, grid.latitude.back() + row)};
}

Unrolled unrolled(const Grid& grid, std::span<const float> values, double west) {
  const std::size_t columns = grid.columns();
  const double step = columns > 1 ? (grid.longitude.back() - grid.longitude.front()) /
                                        static_cast<double>(columns - 1)
                                  : 360.0;
  const bool round = step * static_cast<double>(columns) > 359.0;
  // Column `first` is the last at or west of the edge, so that the edge lies between two columns.
  std::size_t first = 0;
  double longitude = grid.longitude.front();
  if (round) {
    const double turns = std::floor((west - longitude) / step);
    const auto shift = static_cast<long>(turns), count = static_cast<long>(columns);
    first = static_cast<std::size_t>(((shift % count) + count) % count);
    longitude += turns * step;
  }
  const std::size_t width = columns + (round ? 2 : 0);
  Unrolled result;
  for (std::size_t c = 0; c < width; ++c)
    result.longitude.push_back(longitude + static_cast<double>(c) * step);
  for (std::size_t r = 0; r < grid.rows(); ++r)
    for (std::size_t c = 0; c < width; ++c)
      result.values.push_back(values[r * columns + (first + c) % columns]);
  return result;
}

Map::Map(Figure& figure, Svg& svg, const Box& box, const MapFrame& frame)
    : figure_(figure), svg_(svg), box_(box), frame_(frame) {
  svg_.box(box, "sea");
  svg_.raw(fmt::format(
      "<svg x=\"{0}\" y=\"{1}\" width=\"{2}\" height=\"{3}\" viewBox=\"{0} {1} {2} {3}\">\n",
      svg_number(box.x), svg_number(box.y), svg_number(box.width), svg_number(box.height)));
}

SvgPoint Map::place(double longitude, double latitude) const {
  return {box_.x + (longitude - frame_.west) / (frame_.east - frame_.west) * box_.width,
          box_.y + (frame_.north - latitude) / (frame_.north - frame_.south) * box_.height};
}

void Map::image(const Grid& grid, std::span<const float> values, const ColourScale& scale) {
  const Unrolled map = unrolled(grid, values, frame_.west);
  PaletteImage image{.width = static_cast<std::size_t>(1.5 * box_.width),
                     .height = static_cast<std::size_t>(1.5 * box_.height),
                     .colours = scale.colours,
                     .points = {}};
  std::vector<Place> columns;
  for (std::size_t x = 0; x < image.width; ++x)
    columns.push_back(
        place_among(map.longitude, frame_.west + (static_cast<double>(x) + 0.5) /
                                                     static_cast<double>(image.width) *
                                                     (frame_.east - frame_.west)));
  for (std::size_t y = 0; y < image.height; ++y) {
    const Place row =
        place_among(grid.latitude, frame_.north - (static_cast<double>(y) + 0.5) /
                                                      static_cast<double>(image.height) *
                                                      (frame_.north - frame_.south));
    for (const Place& column : columns) {
      const double value = interpolated(map.values, map.longitude.size(), row, column);
      image.points.push_back(std::isnan(value) ? PaletteImage::kNoColour
                                               : static_cast<std::uint8_t>(scale.band_of(value)));
    }
  }
  svg_.raw(fmt::format(
      "<image x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" preserveAspectRatio=\"none\" "
      "href=\"data:image/png;base64,{}\"/>\n",
      svg_number(box_.x), svg_number(box_.y), svg_number(box_.width), svg_number(box_.height),
      base64(png_of(image))));
}

void Map::contours(const Grid& grid, std::span<const float> values,
                   const std::vector<double>& levels, std::string_view look, bool labelled) {
  const Unrolled map = unrolled(grid, values, frame_.west);
  const auto texts = tick_labels(levels);
  std::string path;
  std::vector<SvgPoint> labels;
  Svg svg;
  for (std::size_t i = 0; i < levels.size(); ++i)
    for (const auto& line :
         contour_lines(map.values, grid.rows(), map.longitude.size(), levels[i])) {
      std::vector<SvgPoint> places;
      for (const auto& point : line)
        places.push_back(
            place(coordinate_at(map.longitude, point.x), coordinate_at(grid.latitude, point.y)));
      path += svg_path(places);
      if (!labelled) continue;
      if (const auto at = free_place(places, box_, labels)) {
        labels.push_back(*at);
        svg.text({at->x, at->y + 3.5}, texts[i], "contour-label");
      }
    }
  if (path.empty()) return;
  svg_.raw(fmt::format("<path d=\"{}\" class=\"contour {}\"/>\n{}", path, look, svg.body()));
}

void Map::line(const std::vector<GeoPoint>& points, std::string_view look) {
  // Unwound, so that a line across the edge leaves on one side and comes in on the other.
  std::vector<double> longitudes;
  for (const auto& point : points) {
    double longitude = point.longitude;
    const double last = longitudes.empty() ? (frame_.west + frame_.east) / 2 : longitudes.back();
    longitude -= 360 * std::round((longitude - last) / 360);
    longitudes.push_back(longitude);
  }
  for (const double turn : {-360.0, 0.0, 360.0}) {
    std::vector<SvgPoint> places;
    bool inside = false;
    for (std::size_t i = 0; i < points.size(); ++i) {
      inside =
          inside || (longitudes[i] + turn >= frame_.west && longitudes[i] + turn <= frame_.east);
      places.push_back(place(longitudes[i] + turn, points[i].latitude));
    }
    if (inside) svg_.path(places, look);
  }
}

void Map::dot(const GeoPoint& point, double radius, std::string_view look) {
  const double turns = std::ceil((frame_.west - point.longitude) / 360);
  svg_.dot(place(point.longitude + 360 * turns, point.latitude), radius, look);
}

void Map::coasts() {
  draw_coasts("coast casing", 2.4);
  draw_coasts("coast", 0.8);
}
void Map::coasts_on_paper() { draw_coasts("coast on-paper", 0.8); }

void Map::draw_coasts(std::string_view look, double width) {
  figure_.shapes = {"coast"};
  const double scale = box_.width / (frame_.east - frame_.west) / 10;  // the shape is in tenths
  for (const double turn : {-360.0, 0.0, 360.0}) {
    if (180 + turn <= frame_.west || -180 + turn >= frame_.east) continue;
    const SvgPoint origin = place(turn, 0);
    svg_.raw(
        fmt::format("<use href=\"#coast\" class=\"{}\" stroke-width=\"{}\" "
                    "transform=\"translate({} {}) scale({:.6f} {:.6f})\"/>\n",
                    look, svg_number(width / scale), svg_number(origin.x), svg_number(origin.y),
                    scale, -box_.height / (frame_.north - frame_.south) / 10));
  }
}

void Map::end() {
  svg_.raw("</svg>\n");
  svg_.box(box_, "frame");
}

}  // namespace ladcast
