// Figures of an ensemble's fields at one lead: mean and spread, spaghetti, error, probability,
// postage stamps.
#pragma once

#include <string>
#include <vector>

#include "nodes/report/figure.h"
#include "nodes/values/event.h"
#include "nodes/values/fields.h"

namespace ladcast {

/// The maps of one channel at one lead; missing values are NaN.
struct EnsembleMaps {
  Grid grid;
  Channel channel;
  Time init{};
  int lead_hours = 0;
  std::vector<int> numbers;                 // of the members
  std::vector<std::vector<float>> members;  // by member
  std::vector<float> truth;                 // empty where there is none
};

/// Adds the members of a batch, one more EnsembleMaps for each of `channels` that it has where
/// `maps` is empty.
void append_maps(std::vector<EnsembleMaps>& maps, const Fields& batch,
                 const std::vector<Channel>& channels);

/// Takes the truth of the maps' channel, unless the fields are of a time that was not there.
void add_truth(EnsembleMaps& maps, const Fields& truth);

/// How many members have a value somewhere.
std::size_t members_there(const EnsembleMaps& maps);

/// Mean and standard deviation (over the members - 1) of those that are there at each point.
struct MapMoments {
  std::vector<float> mean, spread;
};
MapMoments moments_of(const std::vector<std::vector<float>>& members);

/// The part of the members that are there for which the event holds, 0 to 1.
std::vector<float> probability_of(const Event& event,
                                  const std::vector<std::vector<float>>& members);

/// Four maps on one sheet: the mean with the spread, one contour of each member (of precipitation
/// and the like mean and truth, or spread, instead), the error of the mean (with a truth), and the
/// probability of the first event about the channel, or of the
/// contour's value being exceeded where there is none.
Figure ensemble_sheet(const EnsembleMaps& maps, const std::vector<Event>& events);

/// All members beside the mean and the truth, small.
Figure postage_stamps(const EnsembleMaps& maps);

}  // namespace ladcast
