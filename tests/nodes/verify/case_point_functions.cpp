#include "nodes/verify/latitude_weights.h"
#include "tests/nodes/verify/case_functions.h"

namespace ladcast {
namespace {

Json area_weights(CaseArguments& arguments) {
  const auto latitude = arguments.array("lat").values;
  const auto weighting = parse_latitude_weighting(arguments.text("convention"));
  return to_json(vector_of(latitude_weights(latitude, weighting)));
}

}  // namespace

EvaluatorTable point_functions() { return {{"area_weights", area_weights}}; }

}  // namespace ladcast
