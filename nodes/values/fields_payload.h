// Fields on the edges of a pipeline.
#pragma once

#include "graph/error.h"
#include "graph/payload.h"
#include "graph/spec.h"
#include "nodes/values/fields.h"

namespace ladcast {

/// Fills in what `spec` says of fields with `members` members and `leads` leads in one payload.
void describe_fields(Spec& spec, const std::vector<Channel>& channels, const Grid& grid,
                     bool normalised, int members, int leads);

/// Fills in the channels alone.
void describe_channels(Spec& spec, const std::vector<Channel>& channels);

/// The channels of a spec that describe_fields() filled in. Throws Error.
std::vector<Channel> channels_of(const Spec& spec);

/// Members times leads of its largest payload.
int maps_of_a_channel(const Spec& spec);

template <>
struct PayloadTraits<Fields> {
  static constexpr const char* name = "Fields";
  static std::size_t bytes(const Fields& fields) { return fields.values.size() * sizeof(float); }
  static std::vector<ArrayView> arrays(const Fields& fields) {
    return {{"values",
             {fields.members.size(), fields.lead_hours.size(), fields.channels.size(),
              fields.grid.rows(), fields.grid.columns()},
             fields.values}};
  }
  static void check(const Fields& fields) {
    const std::size_t maps =
        fields.members.size() * fields.lead_hours.size() * fields.channels.size();
    if (fields.values.size() != maps * fields.grid.points())
      fail("{} values for {} members, {} leads, {} channels and {} points", fields.values.size(),
           fields.members.size(), fields.lead_hours.size(), fields.channels.size(),
           fields.grid.points());
  }
  static void describe(const Fields& fields, Spec& spec) {
    describe_fields(spec, fields.channels, fields.grid, fields.normalised,
                    static_cast<int>(fields.members.size()),
                    static_cast<int>(fields.lead_hours.size()));
  }
};

}  // namespace ladcast
