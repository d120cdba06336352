#include "nodes/transform/pole_rows.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "graph/error.h"
#include "nodes/values/variables.h"

namespace ladcast {
namespace {

bool is_cropped(const Model& model, std::size_t row) {
  return std::binary_search(model.crop_rows.begin(), model.crop_rows.end(), row);
}

bool is_wind_component(const Channel& channel) {
  const Variable* known = find_variable(channel.name);
  return known &&
         (known->standard_name == "eastward_wind" || known->standard_name == "northward_wind");
}

/// Of the points that are not missing; missing where all are.
float mean_of(std::span<const float> row) {
  double sum = 0;
  int count = 0;
  for (const float value : row) {
    if (std::isnan(value)) continue;
    sum += static_cast<double>(value);
    ++count;
  }
  return count ? static_cast<float>(sum / count) : std::numeric_limits<float>::quiet_NaN();
}

}  // namespace

void require_pole_rows(const Model& model) {
  if (model.crop_rows.empty()) fail("the model '{}' crops no row", model.name);
  for (const std::size_t row : model.crop_rows)
    if (std::abs(model.grid.latitude[row]) < 90)
      fail("the model '{}' crops the row at {} N, which is not a pole", model.name,
           model.grid.latitude[row]);
}

void fill_pole_rows(Fields& fields, const Model& model) {
  const std::size_t columns = fields.grid.columns(), last = fields.grid.rows() - 1;
  for (std::size_t m = 0; m < fields.members.size(); ++m)
    for (std::size_t l = 0; l < fields.lead_hours.size(); ++l)
      for (std::size_t c = 0; c < fields.channels.size(); ++c) {
        if (is_wind_component(fields.channels[c])) continue;
        const auto map = fields.map(m, l, c);
        const auto row_at = [&](std::size_t row) { return map.subspan(row * columns, columns); };
        for (const auto& [pole, nearest] :
             {std::pair{std::size_t{0}, std::size_t{1}}, {last, last - 1}})
          if (is_cropped(model, pole)) {
            const auto row = row_at(pole);
            std::fill(row.begin(), row.end(), mean_of(row_at(nearest)));
          }
      }
}

}  // namespace ladcast
