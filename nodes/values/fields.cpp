#include "nodes/values/fields.h"

namespace ladcast {

Fields Fields::zeros_like(const Fields& like) {
  Fields result{like.grid,    like.channels,   like.init, like.lead_hours,
                like.members, like.normalised, {}};
  result.allocate();
  return result;
}

}  // namespace ladcast
