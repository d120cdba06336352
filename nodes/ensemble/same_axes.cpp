#include "nodes/ensemble/same_axes.h"

#include "graph/error.h"

namespace ladcast {

Fields without_values(const Fields& batch) {
  return {batch.grid, batch.channels, batch.init, batch.lead_hours, {0}, batch.normalised, {}};
}

void require_same_axes(const Fields& batch, const Fields& like) {
  if (batch.grid == like.grid && batch.channels == like.channels && batch.init == like.init &&
      batch.lead_hours == like.lead_hours && batch.normalised == like.normalised)
    return;
  fail("members {} differ in grid, channels, times or scaling from those before them",
       fmt::join(batch.members, ", "));
}

}  // namespace ladcast
