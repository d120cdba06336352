// What the report says of the run itself.
#pragma once

#include <string>
#include <vector>

#include "graph/plan.h"
#include "graph/run_origin.h"
#include "nodes/report/page.h"
#include "nodes/report/score_series.h"

namespace ladcast {

/// "50 members, 2002-01-11T00, every 6 h to day 15.".
std::string what_was_run(const Plan& plan);

/// "Scored at 60 leads for 20 channels (climatology and model).".
std::string what_was_scored(const std::vector<SeriesPoint>& points);

/// Which file holds the rows that were drawn, by the csv_out node of the pipeline.
/// `has_comparison`: with another run, whose rows are others.
std::string where_numbers_are(const RunOrigin& origin, bool has_comparison);

/// "Of these scores no figure is drawn: brier, fss." Empty where there is none.
std::string what_is_not_drawn(const std::vector<SeriesPoint>& points);

/// Program, pipeline, seed, files, libraries; without times and folders, so that equal runs write
/// equal pages.
std::vector<PageFacts> run_facts(const RunOrigin& origin, const Plan& plan);

}  // namespace ladcast
