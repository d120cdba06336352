#include "nodes/health/blurring.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "nodes/health/limits.h"
#include "nodes/values/regrid.h"
#include "nodes/verify/zonal_spectra.h"

namespace ladcast {
namespace {

constexpr std::size_t kBands = 3;
using BandPowers = std::array<double, kBands>;

struct Band {
  std::size_t first, last;  // wavenumbers
};

std::array<Band, kBands> bands_of(const Grid& grid) {
  const std::size_t shortest = grid.columns() / 2;
  return {{{shortest / 2 + 1, shortest},
           {shortest / 4 + 1, shortest / 2},
           {shortest / 8 + 1, shortest / 4}}};
}

const char* advice_for(double ratio) {
  return ratio < 1
             ? "Short waves are lost: check the autoencoder's reconstruction of the analysis, "
               "whether the sampler has enough steps and its last sigma is low, and that "
               "members, not their mean, are written."
             : "Noise is in the short waves: check the precision of the networks, the number of "
               "solver steps, and whether the statistics belong to the weights.";
}

constexpr const char* kSmoothMember =
    "One member is smoother than the others: look whether it is a mean, or of another model.";
constexpr const char* kNoisyMember =
    "One member is noisier than the others: look at its noise and whether its last solver steps "
    "were taken.";

Signature signature_of(double ratio) { return ratio < 1 ? Signature::blurring : Signature::noise; }

// The geometric mean over channels of ratios, by band.
class MeanRatio {
 public:
  void add(std::size_t band, double ratio) {
    if (!std::isfinite(std::log(ratio))) return;
    logarithms_[band] += std::log(ratio);
    counts_[band] += 1;
  }
  double operator[](std::size_t band) const { return std::exp(logarithms_[band] / counts_[band]); }
  bool of_many_channels(std::size_t band) const { return counts_[band] >= 8; }

 private:
  std::array<double, kBands> logarithms_{}, counts_{};
};

class Blurring {
 public:
  Blurring(const HealthInput& input, HealthChecks& checks)
      : input_(input),
        checks_(checks),
        spectra_(input.grid(), mid_latitude_rows(input.grid())),
        bands_(bands_of(input.grid())),
        natural_(natural_change(input.lead_hours())),
        of_members_(member_maps(input, 0).size()) {}

  void check_channel(std::size_t channel) {
    const auto reference = input_.reference().map(0, 0, channel);
    const double rounding = 1e-4 * global_moments(input_.grid(), reference).standard_deviation;
    constexpr double kCircle = 2e7;  // metres around at 60 degrees: in the unit of the spectra
    const double least = rounding * rounding * kCircle;
    if (!(least > 0)) return;
    const BandPowers wanted = powers_of(reference);
    std::vector<BandPowers> powers;
    BandPowers mean{};
    for (const auto& member : member_maps(input_, channel)) {
      powers.push_back(powers_of(member.values));
      for (std::size_t band = 0; band < kBands; ++band)
        mean[band] += powers.back()[band] / static_cast<double>(of_members_.size());
    }
    for (std::size_t band = 0; band < kBands; ++band) {
      const double ratio = (mean[band] + least) / (wanted[band] + least);
      const double s = 0.36 * natural_;
      add(signature_of(ratio), "power", input_.channels()[channel], band, {}, ratio,
          within_factor(std::exp(4 * s), std::exp(6 * s)), advice_for(ratio));
      all_.add(band, ratio);
      const double median = median_of(powers, band);
      for (std::size_t member = 0; member < powers.size(); ++member)
        of_members_[member].add(band, (powers[member][band] + least) / (median + least));
    }
  }

  void check_all_channels(std::size_t band) {
    if (!all_.of_many_channels(band)) return;
    const double s = 0.25 * natural_;
    add(signature_of(all_[band]), "power, all channels", {}, band, {}, all_[band],
        within_factor(std::exp(3.2 * s), std::exp(5 * s)), advice_for(all_[band]));
  }

  void check_members(std::size_t band) {
    if (of_members_.size() < 3) return;
    const auto [weakest, strongest] =
        std::minmax_element(of_members_.begin(), of_members_.end(),
                            [&](const auto& a, const auto& b) { return a[band] < b[band]; });
    const double s = all_.of_many_channels(band) ? 0.25 : 0.36;
    add(Signature::blurring, "power, weakest member", {}, band, number_of(weakest),
        (*weakest)[band], at_least(std::exp(-4 * s), std::exp(-6 * s)), kSmoothMember);
    add(Signature::noise, "power, strongest member", {}, band, number_of(strongest),
        (*strongest)[band], at_most(std::exp(4 * s), std::exp(6 * s)), kNoisyMember);
  }

 private:
  BandPowers powers_of(std::span<const float> map) const {
    const auto spectrum = spectra_.mean(map);
    BandPowers powers{};
    for (std::size_t band = 0; band < kBands; ++band)
      for (std::size_t k = bands_[band].first; k <= bands_[band].last; ++k)
        powers[band] += spectrum[k];
    return powers;
  }

  static double median_of(const std::vector<BandPowers>& members, std::size_t band) {
    std::vector<double> powers;
    for (const auto& member : members) powers.push_back(member[band]);
    const auto middle = powers.begin() + static_cast<std::ptrdiff_t>(powers.size() / 2);
    std::nth_element(powers.begin(), middle, powers.end());
    return *middle;
  }

  int number_of(std::vector<MeanRatio>::const_iterator member) const {
    return member_maps(input_, 0)[static_cast<std::size_t>(member - of_members_.begin())].number;
  }

  void add(Signature signature, const char* measure, const Channel& channel, std::size_t band,
           std::optional<int> member, double value, const Limits& limits, const char* advice) {
    auto check = new_check(input_, signature, measure, channel);
    check.where = fmt::format("wavenumbers {} to {}", bands_[band].first, bands_[band].last);
    check.member = member;
    checks_.push_back(judged(std::move(check), value, limits, advice));
  }

  const HealthInput& input_;
  HealthChecks& checks_;
  ZonalSpectra spectra_;
  std::array<Band, kBands> bands_;
  double natural_;
  MeanRatio all_;
  std::vector<MeanRatio> of_members_;
};

}  // namespace

void check_blurring(const HealthInput& input, HealthChecks& checks) {
  const Grid& grid = input.grid();
  if (!covers_globe(grid) || grid.columns() < 16 || mid_latitude_rows(grid).empty()) return;
  Blurring blurring(input, checks);
  for (std::size_t channel = 0; channel < input.channels().size(); ++channel)
    blurring.check_channel(channel);
  for (std::size_t band = 0; band < kBands; ++band) {
    blurring.check_all_channels(band);
    blurring.check_members(band);
  }
}

}  // namespace ladcast
