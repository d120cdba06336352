// Keys and axes: which part of the run a message belongs to.
#pragma once

#include <compare>

namespace ladcast {

/// Indices into the plan, ordered as the plan is.
struct Key {
  int item = 0;   // an initial time in a forecast, an analysis time in an encoding run, an
                  // iteration of an optimiser in training
  int lead = 0;   // the first lead of the payload in units of the plan's step; 0 is the analysis
  int batch = 0;  // a range of members

  auto operator<=>(const Key&) const = default;
};

enum class Axis { item, lead, member };

/// An arithmetic sequence of leads, in units of the plan's step. Empty where an edge has no lead
/// axis.
struct Leads {
  int first = 0;
  int stride = 1;
  int count = 0;

  bool empty() const { return count == 0; }
  int at(int i) const { return first + i * stride; }
  bool contains(int lead) const {
    return lead >= first && (lead - first) % stride == 0 && (lead - first) / stride < count;
  }
  bool operator==(const Leads&) const = default;
};

/// Over what the messages of an edge, or the tasks of a node, range.
struct Axes {
  bool item = true;
  Leads leads;
  bool batch = false;

  bool operator==(const Axes&) const = default;

  /// `key` with the indices of axes that are not here set to 0.
  Key project(const Key& key) const {
    return {item ? key.item : 0, leads.empty() ? 0 : key.lead, batch ? key.batch : 0};
  }
};

}  // namespace ladcast
