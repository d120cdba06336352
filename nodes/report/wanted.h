// What a pipeline asks of a report, and what of it there is.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "graph/stage.h"

namespace ladcast {

/// Whether the pipeline sets a parameter; what it has by itself need not be there.
bool is_set(const ParamBase& param);

/// Refuses leads that a run in the plan's steps never has, where the pipeline sets them. Those
/// beyond its end remain.
void require_steps(Shape& shape, const Param<std::vector<int>>& leads);

/// "regions asks for europa, which is not there; there are global, europe: did you mean 'europe'?"
/// Empty where all that are wanted are there.
std::string absent_names(const std::string& key, const std::vector<std::string>& wanted,
                         const std::vector<std::string>& there);

/// "24 h".
std::vector<std::string> lead_names(const std::vector<int>& lead_hours);

/// The same of leads; a near number is no hint.
std::string absent_leads(const std::string& key, const std::vector<int>& wanted,
                         const std::set<int>& there);

}  // namespace ladcast
