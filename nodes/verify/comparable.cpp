#include "nodes/verify/comparable.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

namespace ladcast {
namespace {

std::string grid_of(const Spec& spec) {
  if (spec.coordinates.size() == 2 && !spec.coordinates[0].empty() && !spec.coordinates[1].empty())
    return to_string(Grid{spec.coordinates[0], spec.coordinates[1]});
  return fmt::format("{} points", fmt::join(spec.shape, " x "));
}

// The channels of `a` that `b` has not, the first few by name.
std::string lacking(const Spec& a, const Spec& b) {
  constexpr std::size_t kShown = 5;
  std::vector<std::string> names;
  for (const std::string& channel : a.channels)
    if (std::find(b.channels.begin(), b.channels.end(), channel) == b.channels.end())
      names.push_back(channel);
  const std::size_t count = names.size();
  names.resize(std::min(count, kShown));
  return fmt::format("{}{}", fmt::join(names, ", "),
                     count > kShown ? fmt::format(" and {} more", count - kShown) : "");
}

}  // namespace

std::string to_string(const Grid& grid) {
  return fmt::format("{} x {} points, {:.6g} to {:.6g} N, {:.6g} to {:.6g} E", grid.rows(),
                     grid.columns(), grid.latitude.front(), grid.latitude.back(),
                     grid.longitude.front(), grid.longitude.back());
}

std::optional<Mismatch> mismatch(const std::string& name, const Spec& fields,
                                 const std::string& other_name, const Spec& other) {
  if (fields.difference(other).empty()) return {};
  Spec placed = fields;  // with the other's channels and scaling, so that grids alone differ
  placed.channels = other.channels;
  placed.normalised = other.normalised;
  std::vector<std::string> whats, cures;
  if (fields.normalised != other.normalised) {
    whats.push_back(fields.difference(other));
    cures.emplace_back("take both before, or both after, 'normalise'");
  }
  if (!placed.difference(other).empty()) {
    whats.push_back(fmt::format("'{}' is on a grid of {}, '{}' on one of {}", name, grid_of(fields),
                                other_name, grid_of(other)));
    cures.push_back(fmt::format(
        "let both be read on the model's grid (leave out grid = \"file\"), or send '{}' through a "
        "node 'regrid', or through 'select' where it holds more than the region of '{}'",
        name, other_name));
  }
  const std::string absent = lacking(other, fields), more = lacking(fields, other);
  if (!absent.empty())
    whats.push_back(fmt::format("'{}' has no {}, which '{}' has", name, absent, other_name));
  if (!more.empty())
    whats.push_back(fmt::format("'{}' has no {}, which '{}' has", other_name, more, name));
  if (!absent.empty() || !more.empty())
    cures.emplace_back(
        "name the same channels in the nodes that read them, or put a node 'select' behind the one "
        "with more");
  if (whats.empty()) {
    whats.push_back(fields.difference(other));
    cures.emplace_back("name the channels in one order in the nodes that read them");
  }
  return Mismatch{
      fmt::format("'{}' and '{}' cannot be compared: {}", name, other_name, fmt::join(whats, "; ")),
      fmt::format("{}", fmt::join(cures, "; "))};
}

}  // namespace ladcast
