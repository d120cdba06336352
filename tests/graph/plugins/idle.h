// A source that does nothing, for plugins that differ elsewhere.
#pragma once

#include "graph/node.h"
#include "graph/plugin.h"
#include "nodes/values/fields_payload.h"

namespace ladcast {

class Idle : public Node {
  Out<Fields> fields{this, "fields", "nothing"};
  void run(Task& task) const override { task.send(fields, Fields{}); }
};

}  // namespace ladcast
