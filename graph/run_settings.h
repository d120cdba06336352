// The [run] and [engine] tables of a pipeline, read into a plan.
#pragma once

#include <string>

#include "graph/graph.h"

namespace ladcast {

/// Fills `plan` from [run] and [engine]. What is wrong goes to `diagnostics`.
void read_plan(const Pipeline& pipeline, const Selection& selection, Plan& plan,
               Diagnostics& diagnostics);

/// Reports each key of `table` that is not in `known`.
void check_keys(const Setting& table, const std::string& where,
                const std::vector<std::string>& known, Diagnostics& diagnostics);

/// Whether run.batch is "auto"; read_plan() then takes all members as one batch.
bool asks_for_batch(const Pipeline& pipeline);

}  // namespace ladcast
