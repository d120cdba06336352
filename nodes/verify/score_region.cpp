#include "nodes/verify/score_region.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "graph/diagnostics.h"
#include "graph/error.h"

namespace ladcast {
namespace {

struct Named {
  const char* name;
  std::vector<Region> boxes;  // north, west, south, east
};

const std::vector<Named>& named_regions() {
  static const std::vector<Named> regions = {
      {"global", {}},
      {"tropics", {{20, 0, -20, 360}}},
      {"extra-tropics", {{90, 0, 20, 360}, {-20, 0, -90, 360}}},
      {"northern-hemisphere", {{90, 0, 20, 360}}},
      {"southern-hemisphere", {{-20, 0, -90, 360}}},
      {"europe", {{75, -12.5, 35, 42.5}}},
      {"north-america", {{60, 240, 25, 285}}},
      {"north-atlantic", {{65, 290, 25, 350}}},
      {"north-pacific", {{60, 145, 25, 230}}},
      {"east-asia", {{60, 102.5, 25, 150}}},
      {"ausnz", {{-12.5, 120, -45, 175}}},
      {"arctic", {{90, 0, 60, 360}}},
      {"antarctic", {{-60, 0, -90, 360}}},
  };
  return regions;
}

// The text without " land" or " sea" at its end.
std::string_view take_surface(std::string_view text, ScoreRegion::Surface& surface) {
  using enum ScoreRegion::Surface;
  for (const auto& [suffix, meaning] : {std::pair{" land", land}, std::pair{" sea", sea}}) {
    if (!text.ends_with(suffix)) continue;
    surface = meaning;
    text.remove_suffix(std::string_view(suffix).size());
  }
  return text;
}

std::vector<std::string> names_with_surfaces() {
  std::vector<std::string> names;
  for (const std::string& name : score_region_names())
    for (const char* const surface : {"", " land", " sea"}) names.push_back(name + surface);
  return names;
}

std::optional<Region> box_of(std::string_view text) {
  std::vector<double> edges;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at != end) {
    double edge = 0;
    const auto [after, error] = std::from_chars(at, end, edge);
    if (error != std::errc{} || (after != end && *after != '/')) return {};
    edges.push_back(edge);
    at = after == end ? end : after + 1;
  }
  if (edges.size() != 4) return {};
  return parse_region(edges);
}

}  // namespace

std::vector<std::string> score_region_names() {
  std::vector<std::string> names;
  for (const Named& each : named_regions()) names.emplace_back(each.name);
  return names;
}

ScoreRegion parse_score_region(std::string_view text) {
  ScoreRegion region;
  region.name = text;
  const std::string_view place = take_surface(text, region.surface);
  for (const Named& each : named_regions()) {
    if (place != each.name) continue;
    region.boxes = each.boxes;
    return region;
  }
  const auto box = box_of(place);
  if (!box) {
    const std::string near = did_you_mean(std::string(text), names_with_surfaces());
    fail(
        "'{}' is no region; {}known are {}, a box \"60/-10/35/30\" (north/west/south/east), and "
        "each with \" land\" or \" sea\"",
        text, near.empty() ? "" : near + "; ", fmt::join(score_region_names(), ", "));
  }
  region.boxes = {*box};
  return region;
}

std::vector<double> point_weights(const ScoreRegion& region, const Grid& grid,
                                  std::span<const double> row_weights,
                                  std::span<const float> land) {
  const std::size_t columns = grid.columns();
  std::vector<double> weights(grid.points(), 0.0);
  const auto add = [&](std::size_t row, std::size_t column) {
    weights[row * columns + column] = row_weights[row];
  };
  if (region.boxes.empty())
    for (std::size_t row = 0; row < grid.rows(); ++row)
      for (std::size_t column = 0; column < columns; ++column) add(row, column);
  std::string why;
  for (const Region& box : region.boxes) try {
      const PartOfGrid part = part_of(grid, box);
      for (const std::size_t row : part.rows)
        for (const std::size_t column : part.columns) add(row, column);
    } catch (const Error& error) {
      why = error.what();
    }
  if (region.surface != ScoreRegion::Surface::any) {
    if (land.size() != weights.size())
      fail("region '{}' needs a land-sea mask on the grid of the truth", region.name);
    for (std::size_t point = 0; point < weights.size(); ++point) {
      if (std::isnan(land[point])) {
        weights[point] = 0.0;
        continue;
      }
      const auto part = static_cast<double>(land[point]);
      if (!(part >= 0.0 && part <= 1.0))
        fail(
            "the land-sea mask has the value {:g}; it is 0 over sea and 1 over land, with parts "
            "between (divide per cent by 100)",
            part);
      weights[point] *= region.surface == ScoreRegion::Surface::land ? part : 1.0 - part;
    }
    why = "the mask leaves none of its points";
  }
  if (std::all_of(weights.begin(), weights.end(), [](double weight) { return weight <= 0.0; }))
    fail("region '{}' has no point on this grid: {}", region.name, why);
  return weights;
}

}  // namespace ladcast
