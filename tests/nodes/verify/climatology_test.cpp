#include <doctest/doctest.h>

#include "graph/harness.h"
#include "nodes/values/fields_payload.h"
#include "nodes/values/model.h"
#include "nodes/verify/climatology_terms.h"
#include "tests/nodes/error_message.h"

using namespace ladcast;

namespace {

const char* const kTwoLeads =
    "inits = [\"2002-01-11T00:00:00Z\"]\nlead = { step_hours = 6, until_hours = 12 }";

}  // namespace

TEST_CASE("climatology emits the terms' values at each valid time of the plan") {
  const auto model = Model::read("pipelines/models/small-planet");
  const auto fields =
      Harness("climatology").plan(kTwoLeads).set("model", "\"small-planet\"").all<Fields>("fields");
  REQUIRE(fields.size() == 2);
  const auto terms = ClimatologyTerms::read(model.climatology, model.channels, model.grid);
  CHECK(fields[0].values == terms.at(parse_time("2002-01-11"), 6).values);
  CHECK(fields[1].values == terms.at(parse_time("2002-01-11"), 12).values);
  CHECK(fields[1].lead_hours == std::vector<int>{12});
  CHECK(fields[0].values != fields[1].values);
}

TEST_CASE("a model without a climatology is refused before the run") {
  const auto error = error_of([] {
    Harness("climatology").plan(kTwoLeads).set("model", "\"ladcast-375m\"").all<Fields>("fields");
  });
  CHECK(contains(error, "model 'ladcast-375m' has no climatology"));
}
