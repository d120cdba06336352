// What an edge carries.
#pragma once

#include <cstdint>

#include "graph/key.h"
#include "graph/payload.h"
#include "graph/ticket.h"

namespace ladcast {

struct Message {
  Key key;
  Payload payload;
  Tickets tickets;
  std::uint64_t arrow = 0;  // of the trace; 0 where there is none
};

}  // namespace ladcast
