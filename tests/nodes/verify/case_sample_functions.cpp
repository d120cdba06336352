#include "tests/nodes/verify/case_functions.h"

namespace ladcast {

EvaluatorTable sample_functions() { return {}; }

}  // namespace ladcast
