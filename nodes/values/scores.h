// Scores of forecasts: rows of numbers, and their mean over initial times.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "graph/payload.h"
#include "graph/time.h"
#include "nodes/values/channel.h"

namespace ladcast {

/// One score of one forecast. Between nodes `score` is a statistic that can be averaged over
/// initial times (verify/map_scorer.h lists them). published_scores() makes rmse, spread and other
/// scores of them, after averaging.
struct ScoreRow {
  std::optional<Time> init;  // none where initial times are averaged
  int lead_hours = 0;
  std::string forecast;  // "model", "persistence", "climatology" or a name
  std::string region;    // "global", a name, or "34.5 to 72 N -12 to 30 E"
  Channel channel;
  std::string score;
  std::string event;          // what a probability is of: "> 273.15"; empty for most scores
  std::optional<double> bin;  // place in a histogram, spectrum or diagram: a rank, a wavenumber, a
                              // forecast probability
  double value = 0.0;         // NaN where there was no point to score
  double weight = 0.0;        // part of the region's area that was used, 0 to 1
  std::size_t count = 0;      // points used; in a mean over initial times: initial times
};

/// How scores were made, in words by what they tell of: {"preset", "wb2"}. What is told of one
/// forecast or region alone has its name at the end: {"members of model", "50"}.
using Conventions = std::map<std::string, std::string>;

struct Scores {
  std::vector<ScoreRow> rows;
  Conventions conventions = {};  // empty where they are not known
};

template <>
struct PayloadTraits<Scores> {
  static constexpr const char* name = "Scores";
  static std::size_t bytes(const Scores& scores) { return scores.rows.size() * sizeof(ScoreRow); }
  static std::vector<ArrayView> arrays(const Scores& scores);
};

/// Rows, and conventions, as text, exactly, and back. Throws Error where the text is none.
std::string to_text(const std::vector<ScoreRow>& rows);
std::vector<ScoreRow> rows_from(const std::string& text);
std::string to_text(const Conventions& conventions);
Conventions conventions_from(const std::string& text);

/// The mean over initial times, each counting once, but errors of storms as often as they have
/// cases; those without a value are left out. Keeps some numbers for each score and lead, whatever
/// the number of initial times.
class MeanScores {
 public:
  void add(const ScoreRow& row);

  std::set<int> leads() const;
  /// Of one lead, in the order in which the scores first came.
  std::vector<ScoreRow> rows(int lead_hours) const;
  /// Of all leads, by lead.
  std::vector<ScoreRow> rows() const;
  /// Those of one lead that had no value at any initial time, with NaN and a count of 0.
  std::vector<ScoreRow> missing(int lead_hours) const;

 private:
  struct Sum {
    double value = 0.0;   // sum over cases
    double cases = 0.0;   // 1 for each initial time, but of storms
    double weight = 0.0;  // sum over initial times
    std::size_t count = 0;
    bool came = false;
  };
  using Name = std::tuple<std::string, std::string, std::string, int, std::string, std::string,
                          std::optional<double>>;

  std::map<Name, std::size_t> index_;
  std::vector<ScoreRow> names_;           // what the rows of every lead share
  std::map<int, std::vector<Sum>> sums_;  // by lead, then as names_
};

}  // namespace ladcast
