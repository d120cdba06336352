// Zonal energy spectra of maps (WeatherBench 2, ZonalEnergySpectrum).
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "nodes/values/grid.h"

namespace ladcast {

/// Spectra of some rows of the maps of one grid. With L longitudes, F_k = 1/L sum_l f_l exp(-2 pi i
/// k l / L), and a circle of C = 2 pi R cos(latitude), R = 6 367 500 m:
///   S_0 = C |F_0|^2,  S_k = 2 C |F_k|^2 for k = 1 … L/2 (also where k = L/2 stands alone)
/// in metres times the square of the map's units. Thread-safe.
class ZonalSpectra {
 public:
  /// `rows`: those of the grid, by number; the poles, which are no circles, are left out. Throws
  /// Error where the longitudes are not evenly spaced around the whole circle or no row is left.
  ZonalSpectra(const Grid& grid, std::span<const std::size_t> rows);
  ~ZonalSpectra();

  const std::vector<std::size_t>& rows() const { return rows_; }
  std::size_t wavenumbers() const;  // L/2 + 1

  /// [row][wavenumber]; NaN in a row where the map has one.
  std::vector<double> of_rows(std::span<const float> map) const;

  /// By wavenumber: the mean over the rows that are complete, each counting once. NaN where none
  /// is.
  std::vector<double> mean(std::span<const float> map) const;

  /// Cycles per metre: as many as there are wavenumbers, evenly spaced from 0 to the highest that
  /// all rows hold.
  const std::vector<double>& frequencies() const { return frequencies_; }

  /// The same mean by frequency: row k is at k / C, between them the spectrum is linear.
  std::vector<double> mean_by_frequency(std::span<const float> map) const;

 private:
  struct Plan;

  std::vector<std::size_t> rows_;
  std::size_t columns_;
  std::vector<double> circles_;  // C by row
  std::vector<double> frequencies_;
  std::unique_ptr<const Plan> plan_;
};

/// All rows, or those with 30 < |latitude| < 60, over which WeatherBench 2 averages.
std::vector<std::size_t> all_rows(const Grid& grid);
std::vector<std::size_t> mid_latitude_rows(const Grid& grid);

}  // namespace ladcast
