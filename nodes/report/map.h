// Maps on longitude and latitude (equirectangular): images, contours, coasts, tracks.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "nodes/report/colours.h"
#include "nodes/report/figure.h"
#include "nodes/values/grid.h"

namespace ladcast {

struct GeoPoint {
  double latitude = 0, longitude = 0;
};

/// What a map shows, in degrees.
struct MapFrame {
  double west = -180, east = 180, south = -90, north = 90;
  /// The world from date line to date line, or the region of a grid.
  static MapFrame of(const Grid& grid);
  double aspect() const { return (east - west) / (north - south); }  // width over height
};

/// Draws into a box of a figure, in the order of the calls; end() closes it. Requires: the box has
/// the frame's aspect.
class Map {
 public:
  Map(Figure& figure, Svg& svg, const Box& box, const MapFrame& frame);

  /// Values of a grid in the colours of their bands, interpolated between points. Missing ones are
  /// left open.
  void image(const Grid& grid, std::span<const float> values, const ColourScale& scale);
  void contours(const Grid& grid, std::span<const float> values, const std::vector<double>& levels,
                std::string_view look, bool labelled);
  /// A line along points on the globe, such as a track.
  void line(const std::vector<GeoPoint>& points, std::string_view look);
  void dot(const GeoPoint& point, double radius, std::string_view look);
  /// Dark, as they are seen on an image; light around in a dark page, where values may be missing.
  void coasts();
  /// In the colours of the page, for maps without an image.
  void coasts_on_paper();
  void end();

 private:
  SvgPoint place(double longitude, double latitude) const;
  void draw_coasts(std::string_view look, double width);

  Figure& figure_;
  Svg& svg_;
  Box box_;
  MapFrame frame_;
};

/// The values of a map from its western edge on, with the first column again at its end where the
/// grid goes round the globe.
struct Unrolled {
  std::vector<double> longitude;
  std::vector<float> values;  // [latitude][longitude]
};
Unrolled unrolled(const Grid& grid, std::span<const float> values, double west);

}  // namespace ladcast
