#include "nodes/output/step_zero.h"

#include <algorithm>

#include "nodes/values/variables.h"

namespace ladcast {

void check_step_zero(Shape& shape, const InPort& analysis, const InPort& fields) {
  const Spec &start = shape.in(analysis), &spec = shape.in(fields);
  if (spec.axes.leads.empty() || spec.axes.leads.first == 0) {
    shape.error(analysis, "the fields have a step 0 of their own", "leave in.analysis out");
  }
  Spec like = start;
  like.channels = spec.channels;
  if (const std::string difference = like.difference(spec); !difference.empty()) {
    shape.error(analysis, "the analysis and the fields differ: " + difference,
                "take both before, or both after, 'normalise' and 'select'");
  }
}

Fields as_step_zero(const Fields& analysis, const std::vector<Channel>& wanted) {
  Fields fields{analysis.grid, {}, analysis.init, {0}, {0}, analysis.normalised, {}};
  for (std::size_t c = 0; c < analysis.channels.size(); ++c) {
    const Channel& channel = analysis.channels[c];
    const Variable* known = find_variable(channel.name);
    const bool is_wanted = std::find(wanted.begin(), wanted.end(), channel) != wanted.end();
    if (!is_wanted || (known && known->accumulation_hours > 0)) continue;
    fields.channels.push_back(channel);
    const auto map = analysis.map(0, 0, c);
    fields.values.insert(fields.values.end(), map.begin(), map.end());
  }
  return fields;
}

}  // namespace ladcast
