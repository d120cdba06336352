// The text of requests for ERA5.
#pragma once

#include <map>
#include <string>

#include "nodes/retrieve/needs.h"

namespace ladcast {

/// A Python program for the Climate Data Store, without its head.
std::string cds_requests(const Needs& needs);

/// MARS requests.
std::string mars_requests(const Needs& needs);

/// The files that the requests write, each of a name of its own.
class Targets {
 public:
  explicit Targets(const Needs& needs) : node_(needs.nodes.front()) {}

  /// "era5_analysis_pressure_200201.grib", and "…_2.grib" the next time.
  std::string next(const std::string& kind, const Dates& dates);

 private:
  std::string node_;
  std::map<std::string, int> used_;
};

}  // namespace ladcast
