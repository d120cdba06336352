// Fields on one row of points, for nodes that look at one point at a time.
#pragma once

#include <vector>

#include "nodes/values/fields_payload.h"

namespace ladcast {

struct Row {
  Channel channel;
  std::vector<float> values;
};

/// One member, one lead, a channel for each row.
inline Fields one_row(const std::vector<Row>& rows) {
  Fields fields{{{0.0}, {}}, {}, parse_time("2002-01-11"), {6}, {1}, false, {}};
  for (std::size_t x = 0; x < rows.front().values.size(); ++x)
    fields.grid.longitude.push_back(10.0 * static_cast<double>(x));
  for (const auto& row : rows) {
    fields.channels.push_back(row.channel);
    fields.values.insert(fields.values.end(), row.values.begin(), row.values.end());
  }
  return fields;
}

}  // namespace ladcast
