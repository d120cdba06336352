// Values for the rows at the poles that the networks do not see.
#pragma once

#include "nodes/values/fields.h"
#include "nodes/values/model.h"

namespace ladcast {

/// Throws Error unless the rows that the model crops are poles, and there are any.
void require_pole_rows(const Model& model);

/// Fills the cropped rows of physical fields on the model's grid with the mean of the nearest row
/// that the networks see, over its points that are not missing. Wind components stay missing: at a
/// pole east and north are no directions. Requires: require_pole_rows() does not throw.
void fill_pole_rows(Fields& fields, const Model& model);

}  // namespace ladcast
