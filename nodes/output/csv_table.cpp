#include "nodes/output/csv_table.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>
#include <utility>

namespace ladcast {
namespace {

constexpr std::size_t kColumn = 9;
constexpr std::size_t kScore = 13;
constexpr std::size_t kWidth = 100;

using Series = std::map<int, double>;  // by lead in hours

std::string lead_label(int hours) {
  return hours > 0 && hours % 24 == 0 ? fmt::format("{} d", hours / 24)
                                      : fmt::format("{} h", hours);
}

// Four digits, or fewer and an exponent, in at most 8 characters so that columns stay apart.
std::string four_digits(double value) {
  if (std::isnan(value)) return "-";
  const double size = std::abs(value);
  if (size == 0.0) return "0";
  if (size < 1e-2 || size >= 99999.5) return fmt::format("{:.{}e}", value, value < 0 ? 1 : 2);
  const int decimals = std::max(0, 3 - static_cast<int>(std::floor(std::log10(size))));
  return fmt::format("{:.{}f}", value, decimals);
}

template <class T>
void add_once(std::vector<T>& list, const T& value) {
  if (std::find(list.begin(), list.end(), value) == list.end()) list.push_back(value);
}

class Table {
 public:
  explicit Table(std::span<const ScoreRow> rows) : region_(rows.front().region) {
    std::set<int> leads;
    for (const auto& row : rows) {
      has_others_ |= row.region != region_;
      if (row.region != region_ || row.bin) continue;
      leads.insert(row.lead_hours);
      add_once(channels_, row.channel);
      add_once(forecasts_, row.forecast);
      auto& inits = inits_[row.lead_hours];
      inits = std::max(inits, row.count);
      series_[{to_string(row.channel), row.score, row.forecast}][row.lead_hours] = row.value;
    }
    for (const auto& forecast : forecasts_) name_ = std::max(name_, forecast.size() + 1);
    name_ = std::min(name_, kWidth - kScore - 2 - kColumn);
    leads_ = shown_leads(leads, std::min(kMostColumns, (kWidth - 2 - kScore - name_) / kColumn));
  }

  std::string text(const std::vector<std::string>& scores) const {
    std::string head = fmt::format("{:{}}", "lead", label());
    std::string inits = fmt::format("{:{}}", "initial times", label());
    for (const int lead : leads_) {
      head += fmt::format("{:>{}}", lead_label(lead), kColumn);
      inits += fmt::format("{:>{}}", inits_.at(lead), kColumn);
    }
    std::string result = head + "\n" + inits + "\n";
    if (has_others_) result += fmt::format("{:{}}{}\n", "region", label() + 1, region_);
    for (const auto& channel : channels_) {
      result += fmt::format("{} [{}]\n", to_string(channel), channel.units);
      for (const auto& score : scores) result += lines(to_string(channel), score);
    }
    return result;
  }

 private:
  std::size_t label() const { return 2 + kScore + name_; }

  std::string lines(const std::string& channel, const std::string& score) const {
    std::string result;
    for (const auto& forecast : forecasts_) {
      const auto series = series_.find({channel, score, forecast});
      if (series == series_.end()) continue;
      result += fmt::format("  {:{}}{:{}}", result.empty() ? score : "", kScore,
                            forecast.substr(0, name_ - 1), name_);
      for (const int lead : leads_) {
        const auto value = series->second.find(lead);
        result += fmt::format(
            "{:>{}}", value == series->second.end() ? "-" : four_digits(value->second), kColumn);
      }
      result += "\n";
    }
    return result;
  }

  std::string region_;
  bool has_others_ = false;
  std::vector<Channel> channels_;
  std::vector<std::string> forecasts_;
  std::map<int, std::size_t> inits_;  // by lead
  std::map<std::tuple<std::string, std::string, std::string>, Series> series_;
  std::vector<int> leads_;
  std::size_t name_ = 0;  // width of the longest name of a forecast and a blank
};

}  // namespace

std::vector<int> shown_leads(const std::set<int>& leads, std::size_t most) {
  std::vector<int> shown;
  if (leads.size() > most)
    for (const int hours : {6, 24, 48, 72, 120, 168, 240, 360})
      if (leads.contains(hours)) shown.push_back(hours);
  if (shown.empty()) shown.assign(leads.begin(), leads.end());
  if (!shown.empty() && shown.back() != *leads.rbegin()) shown.push_back(*leads.rbegin());
  if (shown.size() <= most) return shown;
  std::vector<int> thinned;  // evenly, from the first to the last
  for (std::size_t i = 0; i < most; ++i)
    thinned.push_back(shown[most == 1 ? shown.size() - 1 : i * (shown.size() - 1) / (most - 1)]);
  return thinned;
}

std::string score_table(std::span<const ScoreRow> rows, const std::vector<std::string>& scores) {
  return rows.empty() ? "no scores: there was no truth for any lead\n" : Table(rows).text(scores);
}

namespace {

std::string names_of_first(const std::vector<std::string>& names) {
  constexpr std::size_t kShown = 3;
  return fmt::format(
      "{}{}", fmt::join(names.begin(), names.begin() + std::min(names.size(), kShown), ", "),
      names.size() > kShown ? fmt::format(" and {} more", names.size() - kShown) : std::string());
}

// How many initial times each score had at the lead with the fewest, where the most that any
// forecast has a root mean square error for are more.
std::string partly_timed(std::span<const ScoreRow> rows) {
  using Map = std::tuple<std::string, std::string, int>;  // channel, region, lead
  std::map<Map, std::size_t> all;
  std::map<std::pair<std::string, Map>, std::size_t> of_forecast;
  std::map<std::tuple<std::string, std::string, Map>, std::size_t>
      of_score;  // the most of its bins
  for (const ScoreRow& row : rows) {
    if (!row.event.empty()) continue;
    const Map map{to_string(row.channel), row.region, row.lead_hours};
    const auto count_in = [&](std::size_t& most) { most = std::max(most, row.count); };
    count_in(of_score[{row.forecast, row.score, map}]);
    if (row.score == "rmse") count_in(of_forecast[{row.forecast, map}]), count_in(all[map]);
  }
  struct Fewest {
    std::size_t count, of;
  };
  std::map<std::tuple<std::string, std::string, std::string, std::string>, Fewest> fewest;
  for (const auto& [key, count] : of_score) {
    const auto& [forecast, score, map] = key;
    const auto& [channel, region, lead] = map;
    const auto whole = of_forecast.find({forecast, map});
    if (whole == of_forecast.end()) continue;
    const bool is_whole = score == "rmse";
    const std::size_t of = is_whole ? all[map] : whole->second;
    if (count >= of) continue;
    const auto [place, is_new] =
        fewest.try_emplace({forecast, region, is_whole ? "" : score, channel}, Fewest{count, of});
    if (!is_new && count < place->second.count) place->second = {count, of};
  }
  std::map<std::string, std::vector<std::string>> channels;  // by what is told of them
  for (const auto& [key, few] : fewest) {
    const auto& [forecast, region, score, channel] = key;
    channels[fmt::format("of {}, {}: {}{} of {} initial times were scored, the rest is missing",
                         forecast, region, score.empty() ? "" : score + ", ", few.count, few.of)]
        .push_back(channel);
  }
  std::string text;
  for (const auto& [what, names] : channels)
    text += fmt::format("{} {}\n", names_of_first(names), what);
  return text;
}

}  // namespace

std::string partly_scored(std::span<const ScoreRow> rows, int members) {
  constexpr double kWhole = 0.9995;
  struct Part {
    double least = 1.0, most = 0.0;
  };
  std::map<std::string, Part> parts;     // by channel, forecast and region
  std::map<std::string, double> fewest;  // the same
  for (const ScoreRow& row : rows) {
    const std::string what =
        fmt::format("{} of {}, {}", to_string(row.channel), row.forecast, row.region);
    if (row.score == "members_used" && row.value > 0 && row.forecast != "probabilistic_climatology")
      fewest[what] = fewest.contains(what) ? std::min(fewest[what], row.value) : row.value;
    if (row.score != "rmse" || std::isnan(row.value)) continue;
    Part& part = parts[what];
    part.least = std::min(part.least, row.weight);
    part.most = std::max(part.most, row.weight);
  }
  std::string text;
  for (const auto& [what, part] : parts) {
    if (part.least >= kWhole) continue;
    const std::string least = fmt::format("{:.1f}", 100 * part.least);
    const std::string most = fmt::format("{:.1f}", 100 * part.most);
    text += fmt::format("{}: {} % of the area was scored, the rest is missing\n", what,
                        least == most ? least : least + " to " + most);
  }
  for (const auto& [what, count] : fewest)
    if (count < members * kWhole)
      text += fmt::format("{}: {:.1f} of {} members were there on average, the rest is missing\n",
                          what, count, members);
  return text + partly_timed(rows);
}

std::string unscored(std::span<const ScoreRow> missing) {
  std::map<std::string, std::vector<std::string>> leads;  // by channel, forecast and region
  for (const ScoreRow& row : missing)
    if (row.score == "rmse")
      leads[fmt::format("{} of {}, {}", to_string(row.channel), row.forecast, row.region)]
          .push_back(lead_label(row.lead_hours));
  std::string text;
  for (const auto& [what, at] : leads)
    text += fmt::format("{}: nothing was there to be scored at {}\n", what, fmt::join(at, ", "));
  return text;
}

std::string unknown_scores(std::span<const ScoreRow> rows, const std::vector<std::string>& scores) {
  std::set<std::string> known;
  for (const ScoreRow& row : rows)
    if (!row.bin) known.insert(row.score);
  std::vector<std::string> unknown;
  for (const auto& score : scores)
    if (!known.contains(score)) unknown.push_back(score);
  if (unknown.empty() || known.empty()) return "";
  return fmt::format("table names {}, which no forecast has; there are {}\n",
                     fmt::join(unknown, ", "), fmt::join(known, ", "));
}

}  // namespace ladcast
