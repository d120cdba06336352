#include "nodes/output/score_names.h"

#include <algorithm>

namespace ladcast {
namespace {

constexpr std::string_view kNone = "1", kUnits = "channel_units", kSquares = "(channel_units)2";

// <.> is the weighted mean over the region, H, M, F, C the four shares of a two-by-two table.
constexpr ScoreName kNames[] = {
    {"mse", "mean square error of the ensemble mean", "<(xbar - y)^2>", kSquares, ""},
    {"rmse", "root mean square error of the ensemble mean", "sqrt(mse)", kUnits, ""},
    {"bias", "mean error of the ensemble mean", "<xbar - y>", kUnits, ""},
    {"mae", "mean absolute error of the ensemble mean", "<|xbar - y|>", kUnits, ""},
    {"variance", "ensemble variance", "<s2>, s2 = sum (x_i - xbar)^2 / (M - 1)", kSquares, ""},
    {"spread", "ensemble spread", "sqrt(variance)", kUnits, ""},
    {"expected_mse", "mean square error expected of a reliable ensemble", "<(M + 1) / M s2>",
     kSquares, ""},
    {"spread_skill", "spread-skill ratio", "sqrt(expected_mse / mse)", kNone, ""},
    {"debiased_mse", "mean square error without that of the finite ensemble",
     "<(xbar - y)^2 - s2 / M>", kSquares, ""},
    {"spread_skill_debiased", "spread-skill ratio, debiased", "sqrt(variance / debiased_mse)",
     kNone, ""},
    {"acc", "anomaly correlation coefficient, uncentred",
     "<(xbar - c)(y - c)> / sqrt(<(xbar - c)^2> <(y - c)^2>)", kNone, ""},
    {"acc_centred", "anomaly correlation coefficient, centred",
     "acc after the regional means of both anomalies are removed", kNone, ""},
    {"crps_fair", "continuous ranked probability score, fair",
     "<mean_i |x_i - y| - sum_ij |x_i - x_j| / (2 M (M - 1))>", kUnits, ""},
    {"crps_ecdf", "continuous ranked probability score of the empirical distribution",
     "<mean_i |x_i - y| - sum_ij |x_i - x_j| / (2 M^2)>", kUnits, ""},
    {"crps_skill", "mean absolute error of the members", "<mean_i |x_i - y|>", kUnits, ""},
    {"crps_spread", "mean absolute difference of members", "<sum_ij |x_i - x_j| / (M (M - 1))>",
     kUnits, ""},
    {"crps_under", "part of crps_skill from members below the truth", "<mean_i max(y - x_i, 0)>",
     kUnits, ""},
    {"crps_over", "part of crps_skill from members above the truth", "<mean_i max(x_i - y, 0)>",
     kUnits, ""},
    {"error_spread", "error-spread score as scoringrules 0.x",
     "<(s2 - e^2 - e s g)^2>, e = xbar - y, g = sum ((x_i - xbar) / s)^3 / ((M - 1) (M - 2)); "
     "Christensen et al. 2015, doi:10.1002/qj.2375, have M g in place of g",
     "(channel_units)4", ""},
    {"dawid_sebastiani", "Dawid-Sebastiani score", "<(xbar - y)^2 / s2 + ln s2>", kNone, ""},
    {"rank_histogram", "share of the points by the rank of the truth among the members",
     "every point with all members counts once; of k members equal to the truth, k + 1 ranks get a "
     "part each",
     kNone, "rank"},
    {"rank_reliability_index", "how far the rank histogram is from flat",
     "sum_k |f_k - 1 / (M + 1)|, Delle Monache et al. 2006, doi:10.1029/2005JD006917", kNone, ""},
    {"rank_outliers", "share of truths outside the ensemble beyond those expected",
     "f_0 + f_M - 2 / (M + 1)", kNone, ""},
    {"rank_entropy", "entropy of the rank histogram; 1 is flat", "-sum_k f_k ln f_k / ln (M + 1)",
     kNone, ""},
    {"central_share", "share of the points in the central ranks, by their part of all ranks",
     "sum of f_k over the central ranks", kNone, "central_part"},
    {"pit_histogram", "share of the points by the probability integral transform of the truth",
     "(rank + u) / (M + 1), u even from 0 to 1; every point counts once", kNone, "transform"},
    {"pit_reliability_index", "how far the histogram of the transform is from flat",
     "sum_k |f_k - 0.1|", kNone, ""},
    {"efi", "extreme forecast index beside in.climate_members",
     "<(2 / pi) integral (p - F) / sqrt(p (1 - p)) dp>, F the part of the members at or below the "
     "climate's quantile p",
     kNone, ""},
    {"sot", "shift of tails beside in.climate_members",
     "<(Qf - Qc(99)) / (Qc(99) - Qc)> of percentile 90, with 1 for 99 of percentile 10", kNone,
     "percentile"},
    {"seeps", "stable equitable error in probability space, mean over members",
     "Rodwell et al. 2010, doi:10.1002/qj.656", kNone, ""},
    {"quantile_score", "quantile score", "<(y - q)(tau - 1[y < q])>", kUnits, "quantile"},
    {"energy_fair", "energy score, fair",
     "mean_i ||x_i - y|| - sum_ij ||x_i - x_j|| / (2 M (M - 1)), ||.|| = sqrt(<(.)^2>)", kUnits,
     ""},
    {"variogram", "variogram score, p = 0.5, fair", "over all pairs of the region's points", kUnits,
     ""},
    {"spectrum", "zonal power spectrum, mean over members and mid-latitude rows",
     "2 C |F_k|^2, C the length of the circle, F_k the Fourier coefficient", "m (channel_units)2",
     "wavenumber"},
    {"fbs", "fractions Brier score of the members' probabilities",
     "<(P - O)^2>, means over squares", kNone, "neighbourhood_width"},
    {"fbs_reference", "fractions Brier score at worst", "<P^2> + <O^2>", kNone,
     "neighbourhood_width"},
    {"fss", "fractions skill score of the members' probabilities (pFSS)", "1 - fbs / fbs_reference",
     kNone, "neighbourhood_width"},
    {"brier", "Brier score", "<(p - o)^2>", kNone, ""},
    {"brier_fair", "Brier score, fair", "<(p - o)^2 - p (1 - p) / (M - 1)>", kNone, ""},
    {"brier_reliability", "reliability part of the Brier score", "sum_p n_p (p - o_p)^2", kNone,
     ""},
    {"brier_resolution", "resolution part of the Brier score", "sum_p n_p (o_p - o)^2", kNone, ""},
    {"brier_uncertainty", "uncertainty part of the Brier score", "o (1 - o)", kNone, ""},
    {"brier_skill", "Brier skill score against the sample's frequency",
     "(resolution - reliability) / uncertainty", kNone, ""},
    {"twcrps_fair", "threshold-weighted continuous ranked probability score, fair",
     "crps_fair of max(x, threshold), or of min(x, threshold) for an event below it", kUnits, ""},
    {"forecast_share", "share of the weight by forecast probability", "n_p", kNone,
     "forecast_probability"},
    {"observed_share", "share of the weight where the event came, by forecast probability",
     "n_p o_p", kNone, "forecast_probability"},
    {"observed_frequency", "observed frequency by forecast probability",
     "o_p = observed_share / forecast_share", kNone, "forecast_probability"},
    {"roc_area", "area under the relative operating characteristic", "trapezia over thresholds p",
     kNone, ""},
    {"members_used", "members that are there, mean over the points", "<M>", kNone, ""},
    {"ignorance", "ignorance: minus the logarithm of the probability of what was observed",
     "<-ln p where the event came, -ln(1 - p) elsewhere>", kNone, ""},
    {"rps", "ranked probability score over the thresholds of the events", "sum of brier", kNone,
     ""},
    {"rps_fair", "ranked probability score, fair", "sum of brier_fair", kNone, ""},
    {"pod", "probability of detection, warned where p >= 0.5", "H / (H + M)", kNone, ""},
    {"far", "false alarm ratio, warned where p >= 0.5", "F / (H + F)", kNone, ""},
    {"pofd", "probability of false detection, warned where p >= 0.5", "F / (F + C)", kNone, ""},
    {"sr", "success ratio, warned where p >= 0.5", "H / (H + F)", kNone, ""},
    {"csi", "critical success index, warned where p >= 0.5", "H / (H + M + F)", kNone, ""},
    {"ets", "equitable threat score, warned where p >= 0.5", "(H - R) / (H + M + F - R)", kNone,
     ""},
    {"hss", "Heidke skill score, warned where p >= 0.5", "(H + C - E) / (1 - E)", kNone, ""},
    {"pss", "Peirce skill score, warned where p >= 0.5", "pod - pofd", kNone, ""},
    {"or", "odds ratio, warned where p >= 0.5", "H C / (M F)", kNone, ""},
    {"orss", "odds ratio skill score, warned where p >= 0.5", "(H C - M F) / (H C + M F)", kNone,
     ""},
    {"frequency_bias", "frequency bias, warned where p >= 0.5", "(H + F) / (H + M)", kNone, ""},
    {"sedi", "symmetric extremal dependence index, warned where p >= 0.5",
     "Ferro and Stephenson 2011, doi:10.1175/WAF-D-10-05030.1", kNone, ""},
};

constexpr BinAxis kBins[] = {
    {"rank", "rank of the truth: members below it", true},
    {"quantile", "level tau of the quantile", false},
    {"central_part", "part of all ranks that the central ones are", false},
    {"transform", "lower end of a tenth of the probability integral transform", false},
    {"percentile", "percentile of the forecast and the climate", true},
    {"wavenumber", "zonal wavenumber", true},
    {"neighbourhood_width", "width of the squares in points", true},
    {"forecast_probability", "p, the share of members with the event", false},
};

template <class Named, std::size_t size>
const Named* find(const Named (&all)[size], std::string_view name) {
  const auto* const found = std::find_if(std::begin(all), std::end(all),
                                         [&](const Named& each) { return each.name == name; });
  return found == std::end(all) ? nullptr : found;
}

}  // namespace

const ScoreName* find_score_name(std::string_view name) { return find(kNames, name); }

const BinAxis* find_bin_axis(std::string_view name) { return find(kBins, name); }

}  // namespace ladcast
