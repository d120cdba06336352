#include "nodes/verify/zonal_spectra.h"

#include <algorithm>
#include <cmath>
#include <kissfft/kissfft.hh>
#include <limits>
#include <numbers>
#include <numeric>

#include "graph/error.h"

namespace ladcast {
namespace {

constexpr double kEarthRadius = 6367500.0;

void require_whole_circle(const std::vector<double>& longitude) {
  const double spacing = 360.0 / static_cast<double>(longitude.size());
  for (std::size_t i = 1; i < longitude.size(); ++i)
    if (std::abs(longitude[i] - longitude[i - 1] - spacing) > 1e-3)
      fail(
          "zonal spectra need longitudes evenly spaced around the whole circle; {} and {} are not "
          "360 / {} degrees apart",
          longitude[i - 1], longitude[i], longitude.size());
}

// The mean of those of the rows [row][column] that have no NaN.
std::vector<double> mean_of_rows(const std::vector<double>& rows, std::size_t columns) {
  std::vector<double> sums(columns, 0.0);
  double count = 0.0;
  for (std::size_t start = 0; start < rows.size(); start += columns) {
    const std::span row(&rows[start], columns);
    if (std::any_of(row.begin(), row.end(), [](double value) { return std::isnan(value); }))
      continue;
    for (std::size_t i = 0; i < columns; ++i) sums[i] += row[i];
    ++count;
  }
  for (double& sum : sums)
    sum = count > 0.0 ? sum / count : std::numeric_limits<double>::quiet_NaN();
  return sums;
}

}  // namespace

// An even number of real values is transformed as half as many complex ones.
struct ZonalSpectra::Plan {
  kissfft<double> transform;
};

ZonalSpectra::ZonalSpectra(const Grid& grid, std::span<const std::size_t> rows)
    : columns_(grid.columns()),
      plan_(new Plan{kissfft<double>(columns_ % 2 == 0 ? columns_ / 2 : columns_, false)}) {
  require_whole_circle(grid.longitude);
  for (const std::size_t row : rows) {
    if (std::abs(grid.latitude.at(row)) > 90.0 - 1e-6) continue;
    rows_.push_back(row);
    const double cosine = std::cos(grid.latitude[row] * std::numbers::pi / 180.0);
    circles_.push_back(2.0 * std::numbers::pi * kEarthRadius * cosine);
  }
  if (rows_.empty()) fail("zonal spectra need a row of latitude that is no pole");
  const double longest = *std::max_element(circles_.begin(), circles_.end());
  for (std::size_t k = 0; k < wavenumbers(); ++k)
    frequencies_.push_back(static_cast<double>(k) / longest);
}

ZonalSpectra::~ZonalSpectra() = default;

std::size_t ZonalSpectra::wavenumbers() const { return columns_ / 2 + 1; }

std::vector<double> ZonalSpectra::of_rows(std::span<const float> map) const {
  // A copy, as kissfft keeps room for its work in the object.
  const kissfft<double> transform = plan_->transform;
  const bool even = columns_ % 2 == 0;
  std::vector<double> values(columns_);
  std::vector<std::complex<double>> complex_values(even ? 0 : columns_);
  std::vector<std::complex<double>> waves(columns_);
  std::vector<double> spectra;
  spectra.reserve(rows_.size() * wavenumbers());
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    const auto row = map.subspan(rows_[i] * columns_, columns_);
    if (even) {
      std::copy(row.begin(), row.end(), values.begin());
      transform.transform_real(values.data(), waves.data());
      // It keeps the last wave, which is real, beside the first.
      waves[columns_ / 2] = waves[0].imag();
      waves[0] = waves[0].real();
    } else {
      std::copy(row.begin(), row.end(), complex_values.begin());
      transform.transform(complex_values.data(), waves.data());
    }
    const double factor = circles_[i] / static_cast<double>(columns_ * columns_);
    for (std::size_t k = 0; k < wavenumbers(); ++k)
      spectra.push_back((k == 0 ? 1.0 : 2.0) * factor * std::norm(waves[k]));
  }
  return spectra;
}

std::vector<double> ZonalSpectra::mean(std::span<const float> map) const {
  return mean_of_rows(of_rows(map), wavenumbers());
}

std::vector<double> ZonalSpectra::mean_by_frequency(std::span<const float> map) const {
  auto spectra = of_rows(map);
  const std::size_t last = wavenumbers() - 1;
  std::vector<double> row(wavenumbers());
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    double* const spectrum = &spectra[i * row.size()];
    std::copy(spectrum, spectrum + row.size(), row.begin());
    for (std::size_t j = 0; j < row.size(); ++j) {
      const double k = std::min(frequencies_[j] * circles_[i], static_cast<double>(last));
      const auto below = static_cast<std::size_t>(k);
      const std::size_t above = std::min(below + 1, last);
      spectrum[j] = row[below] + (k - std::floor(k)) * (row[above] - row[below]);
    }
  }
  return mean_of_rows(spectra, row.size());
}

std::vector<std::size_t> all_rows(const Grid& grid) {
  std::vector<std::size_t> rows(grid.rows());
  std::iota(rows.begin(), rows.end(), 0);
  return rows;
}

std::vector<std::size_t> mid_latitude_rows(const Grid& grid) {
  auto rows = all_rows(grid);
  std::erase_if(rows, [&](std::size_t row) {
    const double latitude = std::abs(grid.latitude[row]);
    return !(latitude > 30.0 && latitude < 60.0);
  });
  return rows;
}

}  // namespace ladcast
