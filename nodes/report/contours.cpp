#include "nodes/report/contours.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <utility>

namespace ladcast {
namespace {

/// An edge between two grid points: 2 x point for the one to the next column, + 1 to the next row.
using Edge = std::size_t;
using Segment = std::pair<Edge, Edge>;

class Squares {
 public:
  Squares(std::span<const float> values, std::size_t columns, double level)
      : values_(values), columns_(columns), level_(level) {}

  /// The segments of the square whose lower left point is row, column.
  void append(std::size_t row, std::size_t column, std::vector<Segment>& segments) const {
    const std::size_t point = row * columns_ + column;
    const std::array<std::size_t, 4> corners = {point, point + 1, point + columns_ + 1,
                                                point + columns_};
    const std::array<Edge, 4> edges = {2 * point, 2 * (point + 1) + 1, 2 * (point + columns_),
                                       2 * point + 1};
    std::array<bool, 4> above{};
    double sum = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      const double value = values_[corners[i]];
      if (std::isnan(value)) return;
      above[i] = value >= level_;
      sum += value;
    }
    std::vector<Edge> crossed;
    for (std::size_t i = 0; i < 4; ++i)
      if (above[i] != above[(i + 1) % 4]) crossed.push_back(edges[i]);
    if (crossed.size() == 2) {
      segments.emplace_back(crossed[0], crossed[1]);
    } else if (crossed.size() == 4) {  // a saddle: corners 0 and 2 are alike
      const bool joined = (sum / 4 >= level_) == above[0];
      segments.emplace_back(crossed[0], crossed[joined ? 1 : 3]);
      segments.emplace_back(crossed[2], crossed[joined ? 3 : 1]);
    }
  }

  SvgPoint place(Edge edge) const {
    const std::size_t first = edge / 2;
    const bool upward = edge % 2 == 1;
    const double a = values_[first], b = values_[first + (upward ? columns_ : 1)];
    const double part = (level_ - a) / (b - a);
    const auto column = static_cast<double>(first % columns_);
    const auto row = static_cast<double>(first / columns_);
    return upward ? SvgPoint{column, row + part} : SvgPoint{column + part, row};
  }

 private:
  std::span<const float> values_;
  std::size_t columns_;
  double level_;
};

/// Follows segments from edge to edge; each edge belongs to two at most.
class Chains {
 public:
  explicit Chains(const std::vector<Segment>& segments) {
    for (const auto& [a, b] : segments) {
      next_[a].push_back(b);
      next_[b].push_back(a);
    }
  }

  std::vector<std::vector<Edge>> all() {
    std::vector<std::vector<Edge>> chains;
    for (const bool from_ends : {true, false})
      for (auto& [edge, neighbours] : next_)
        if (!neighbours.empty() && (!from_ends || neighbours.size() == 1))
          chains.push_back(follow(edge));
    return chains;
  }

 private:
  std::vector<Edge> follow(Edge edge) {
    std::vector<Edge> chain = {edge};
    while (!next_[edge].empty()) {
      const Edge other = next_[edge].back();
      next_[edge].pop_back();
      auto& back = next_[other];
      back.erase(std::find(back.begin(), back.end(), edge));
      chain.push_back(other);
      edge = other;
    }
    return chain;
  }

  std::map<Edge, std::vector<Edge>> next_;
};

}  // namespace

std::vector<std::vector<SvgPoint>> contour_lines(std::span<const float> values, std::size_t rows,
                                                 std::size_t columns, double level) {
  const Squares squares(values, columns, level);
  std::vector<Segment> segments;
  for (std::size_t row = 0; row + 1 < rows; ++row)
    for (std::size_t column = 0; column + 1 < columns; ++column)
      squares.append(row, column, segments);
  std::vector<std::vector<SvgPoint>> lines;
  for (const auto& chain : Chains(segments).all()) {
    lines.emplace_back();
    for (const Edge edge : chain) lines.back().push_back(squares.place(edge));
  }
  return lines;
}

}  // namespace ladcast
