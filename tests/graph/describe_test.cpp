#include "graph/describe.h"

#include <doctest/doctest.h>

#include "tests/graph/toy_nodes.h"

using namespace ladcast;

namespace {

class Everything final : public Ordered {
 public:
  Everything() : Ordered(Within::item) { on_process_lane("files"); }

 private:
  Collect<Numbers> all{this, "all", Axis::member, "the ensemble"};
  Fold<Numbers> leads{this, "leads", Axis::lead, "one | by one", kOptional};
  Many<Numbers> more{this, "more", "anything else"};
  Out<Numbers> out{this, "out", "what comes of it"};
  Param<int> steps{
      this, "steps", "of the solver", {.fallback = 20, .unit = "steps", .min = 1, .max = 1000}};
  Param<std::string> mode{this, "mode", "how", {.optional = true, .choices = {"fast", "slow"}}};
  Param<double> scale{this, "scale", "of noise"};
  void run(Task&) override {}
};

const NodeType kEverything{"everything", "Takes all there is.",
                           [] { return std::make_unique<Everything>(); }};

}  // namespace

TEST_CASE("a type describes its ports, parameters, lane and order, and shows a table to copy") {
  CHECK(describe_type(kEverything) == R"(everything: Takes all there is.

inputs
  all    Numbers  collects members       the ensemble
  leads  Numbers  folds leads, optional  one | by one
  more   Numbers  many                   anything else

outputs
  out  Numbers  what comes of it

parameters
  steps  integer  20        steps, 1 to 1000       of the solver
  mode   text     optional  one of "fast", "slow"  how
  scale  number   required                         of noise

It runs on the lane 'files', which needs no entry in [lanes].

It sees each initial time in order, one message at a time.

[nodes.everything]
type        = "everything"
in.all      = "node.port"    # Numbers: the ensemble
# in.leads  = "node.port"    # Numbers: one | by one
in.more     = ["node.port"]  # Numbers: anything else
# steps     = 20             # of the solver
# mode      = "fast"         # how
scale       = 1.0            # of noise
)");
}

TEST_CASE("the reference page has a section for each type") {
  CHECK(types_as_markdown({&kEverything}) == R"(## Stages

### everything

Takes all there is.

It runs on the lane 'files', which needs no entry in [lanes].

It sees each initial time in order, one message at a time.

| input | payload | takes | |
|---|---|---|---|
| `all` | Numbers | collects members | the ensemble |
| `leads` | Numbers | folds leads, optional | one \| by one |
| `more` | Numbers | many | anything else |

| output | payload | |
|---|---|---|
| `out` | Numbers | what comes of it |

| parameter | type | default | limits | |
|---|---|---|---|---|
| `steps` | integer | `20` | steps, 1 to 1000 | of the solver |
| `mode` | text | optional | one of "fast", "slow" | how |
| `scale` | number | required | | of noise |

```toml
[nodes.everything]
type        = "everything"
in.all      = "node.port"    # Numbers: the ensemble
# in.leads  = "node.port"    # Numbers: one | by one
in.more     = ["node.port"]  # Numbers: anything else
# steps     = 20             # of the solver
# mode      = "fast"         # how
scale       = 1.0            # of noise
```
)");
}

TEST_CASE("JSON tells the same") {
  CHECK(types_as_json({&kEverything}) == R"([
  {"name": "everything", "doc": "Takes all there is.", "role": "stage", "lane": "runs on the lane 'files', which needs no entry in [lanes]", "order": "sees each initial time in order, one message at a time",
    "inputs": [
      {"name": "all", "payload": "Numbers", "takes": "collects members", "doc": "the ensemble"},
      {"name": "leads", "payload": "Numbers", "takes": "folds leads, optional", "doc": "one | by one"},
      {"name": "more", "payload": "Numbers", "takes": "many", "doc": "anything else"}],
    "outputs": [
      {"name": "out", "payload": "Numbers", "doc": "what comes of it"}],
    "parameters": [
      {"name": "steps", "type": "integer", "default": "20", "required": false, "unit": "steps", "limits": "1 to 1000", "doc": "of the solver"},
      {"name": "mode", "type": "text", "default": "", "required": false, "unit": "", "limits": "one of \"fast\", \"slow\"", "doc": "how"},
      {"name": "scale", "type": "number", "default": "", "required": true, "unit": "", "limits": "", "doc": "of noise"}]}
]
)");
}

TEST_CASE("the list goes from sources to sinks") {
  CHECK(list_types({find_node_type("toy_sink"), find_node_type("toy_analysis"), &kEverything}) ==
        R"(Sources
  toy_analysis  -> Numbers          Numbers for each initial time.

Stages
  everything    Numbers -> Numbers  Takes all there is.

Sinks
  toy_sink      Numbers ->          Sees all in plan order.
)");
}

TEST_CASE("a type with a device lane shows the lane in its example") {
  CHECK(describe_type(*find_node_type("toy_device")).ends_with("lane     = \"model\"\n"));
}
