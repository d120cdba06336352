// What an edge carries.
#pragma once

#include "graph/key.h"
#include "graph/payload.h"
#include "graph/ticket.h"

namespace ladcast {

struct Message {
  Key key;
  Payload payload;
  Tickets tickets;
};

}  // namespace ladcast
