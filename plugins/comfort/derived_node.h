// The base of nodes that add channels to fields. A node tells which channels it makes of those that
// are there; the rest is here.
#pragma once

#include <fmt/ranges.h>

#include "graph/node.h"
#include "nodes/values/fields_payload.h"
#include "plugins/comfort/derived.h"

namespace ladcast {

class DerivedNode : public Node {
 protected:
  /// What follows from `channels`. Throws Error where something is missing.
  virtual std::vector<Derived> derived_from(const std::vector<Channel>& channels) const = 0;

 private:
  In<Fields> fields{this, "fields", "physical units"};
  Out<Fields> derived{this, "derived", "the derived channels, on the grid of the fields"};
  Param<bool> keep{this, "keep", "send the channels of the input too", {.fallback = false}};

  void shape(Shape& shape) override {
    const Spec& spec = shape.in(fields);
    Spec& out = shape.out(derived);
    out.shape = spec.shape;
    out.coordinates = spec.coordinates;
    if (spec.normalised)
      shape.error(fields, "the fields are normalised", "take them after 'denormalise'");
    try {
      const auto channels = channels_of(spec);
      for (const auto& channel : derived_channels(channels, derived_from(channels), *keep))
        out.channels.push_back(fmt::format("{} [{}]", to_string(channel), channel.units));
      out.bytes = spec.bytes / channels.size() * out.channels.size();
    } catch (const Error& error) {
      shape.error(fields, error.what(),
                  fmt::format("the fields have {}", fmt::join(spec.channels, ", ")));
    }
  }
  void run(Task& task) const override {
    const Fields& from = task.get(fields);
    task.send(derived, derive(from, derived_from(from.channels), *keep));
  }
};

}  // namespace ladcast
