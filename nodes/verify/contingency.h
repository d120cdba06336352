// Scores of yes-no forecasts from their two-by-two table (Jolliffe and Stephenson, Forecast
// Verification, 2nd ed., chapter 3; symbols as of WMO's JWGFVR). A score whose denominator is 0 is
// NaN.
#pragma once

#include <span>
#include <string_view>

namespace ladcast {

/// Numbers of cases, or sums of their weights.
struct ContingencyTable {
  double hits = 0.0;
  double misses = 0.0;
  double false_alarms = 0.0;
  double correct_negatives = 0.0;

  /// Leaves out cases of which one is NaN; others are events where they are not 0.
  void add(double forecast, double outcome, double weight = 1.0);
  void merge(const ContingencyTable& other);

  double total() const { return hits + misses + false_alarms + correct_negatives; }

  double pod() const;                        // H / (H + M), probability of detection
  double false_alarm_ratio() const;          // F / (H + F), FAR
  double pofd() const;                       // F / (F + C), probability of false detection
  double success_ratio() const;              // H / (H + F), SR
  double critical_success_index() const;     // H / (H + M + F), CSI or threat score
  double equitable_threat_score() const;     // (H - R) / (H + M + F - R), ETS: R = (H + F)(H + M)/n
  double heidke_skill_score() const;         // (H + C - E) / (n - E), HSS: E correct by chance
  double peirce_skill_score() const;         // POD - POFD, PSS
  double odds_ratio() const;                 // H C / (M F), OR
  double odds_ratio_skill_score() const;     // (H C - M F) / (H C + M F), ORSS or Yule's Q
  double frequency_bias() const;             // (H + F) / (H + M)
  double extremal_dependence_index() const;  // SEDI (Ferro and Stephenson 2011,
                                             // doi:10.1175/WAF-D-10-05030.1)
};

struct ContingencyScore {
  std::string_view name;  // as in tables of scores: "pod", "far" …
  double (ContingencyTable::*value)() const;
};

/// All of them in the order above.
std::span<const ContingencyScore> contingency_scores();

}  // namespace ladcast
