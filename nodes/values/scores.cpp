#include "nodes/values/scores.h"

#include <fmt/ranges.h>

#include <charconv>
#include <cmath>
#include <iterator>
#include <limits>
#include <memory>
#include <sstream>

#include "graph/error.h"

namespace ladcast {
namespace {

constexpr char kSeparator = '\x1f';  // ASCII's own, which no name holds

std::vector<std::string> fields_of(const std::string& line) {
  std::vector<std::string> fields;
  std::istringstream stream(line);
  for (std::string field; std::getline(stream, field, kSeparator);) fields.push_back(field);
  return fields;
}

double number_from(const std::string& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size())
    fail("a saved row of scores is damaged: '{}' is no number", text);
  return value;
}

ScoreRow row_from(const std::string& line) {
  const auto fields = fields_of(line);
  if (fields.size() != 13) fail("a saved row of scores is damaged: '{}'", line);
  ScoreRow row;
  if (!fields[0].empty()) row.init = parse_time(fields[0]);
  row.lead_hours = std::stoi(fields[1]);
  row.forecast = fields[2];
  row.region = fields[3];
  row.channel = {fields[4], {}, fields[6]};
  if (!fields[5].empty()) row.channel.level = std::stoi(fields[5]);
  row.score = fields[7];
  row.event = fields[8];
  if (!fields[9].empty()) row.bin = number_from(fields[9]);
  row.value = number_from(fields[10]);
  row.weight = number_from(fields[11]);
  row.count = std::stoull(fields[12]);
  return row;
}

}  // namespace

std::string to_text(const std::vector<ScoreRow>& rows) {
  std::string text;
  for (const auto& row : rows)
    text += fmt::format(
        "{}\n", fmt::join(
                    std::vector<std::string>{
                        row.init ? format_time(*row.init) : "", std::to_string(row.lead_hours),
                        row.forecast, row.region, row.channel.name,
                        row.channel.level ? std::to_string(*row.channel.level) : "",
                        row.channel.units, row.score, row.event,
                        row.bin ? fmt::format("{}", *row.bin) : "", fmt::format("{}", row.value),
                        fmt::format("{}", row.weight), std::to_string(row.count)},
                    std::string(1, kSeparator)));
  return text;
}

std::vector<ScoreRow> rows_from(const std::string& text) {
  std::vector<ScoreRow> rows;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) rows.push_back(row_from(line));
  return rows;
}

std::string to_text(const Conventions& conventions) {
  std::string text;
  for (const auto& [name, words] : conventions)
    text += fmt::format("{}{}{}\n", name, kSeparator, words);
  return text;
}

Conventions conventions_from(const std::string& text) {
  Conventions conventions;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    const auto fields = fields_of(line);
    if (fields.size() != 2) fail("a saved convention of scores is damaged: '{}'", line);
    conventions[fields[0]] = fields[1];
  }
  return conventions;
}

std::vector<ArrayView> PayloadTraits<Scores>::arrays(const Scores& scores) {
  auto values = std::make_shared<std::vector<float>>();
  for (const auto& row : scores.rows) values->push_back(static_cast<float>(row.value));
  return {{"value", {values->size()}, *values, values}};
}

namespace {

/// Means over members and storms: `count` says over how many.
bool is_storm_error(const ScoreRow& row) {
  return row.channel.name == "cyclone_position" || row.channel.name == "cyclone_central_pressure";
}

}  // namespace

void MeanScores::add(const ScoreRow& row) {
  const Name name{row.forecast, row.region, row.channel.name, row.channel.level.value_or(0),
                  row.score,    row.event,  row.bin};
  const auto [place, is_new] = index_.try_emplace(name, names_.size());
  if (is_new) {
    names_.push_back(row);
    names_.back().init.reset();
  }
  auto& sums = sums_[row.lead_hours];
  if (sums.size() < names_.size()) sums.resize(names_.size());
  Sum& sum = sums[place->second];
  sum.came = true;
  if (std::isnan(row.value)) return;
  const double cases = is_storm_error(row) ? static_cast<double>(row.count) : 1.0;
  sum.value += cases * row.value;
  sum.cases += cases;
  sum.weight += row.weight;
  ++sum.count;
}

std::set<int> MeanScores::leads() const {
  std::set<int> leads;
  for (const auto& [lead, sums] : sums_) leads.insert(lead);
  return leads;
}

std::vector<ScoreRow> MeanScores::rows(int lead_hours) const {
  std::vector<ScoreRow> means;
  const auto& sums = sums_.at(lead_hours);
  for (std::size_t i = 0; i < sums.size(); ++i) {
    if (sums[i].count == 0) continue;
    ScoreRow row = names_[i];
    row.lead_hours = lead_hours;
    row.value = sums[i].value / sums[i].cases;
    row.weight = sums[i].weight / static_cast<double>(sums[i].count);
    row.count = sums[i].count;
    means.push_back(std::move(row));
  }
  return means;
}

std::vector<ScoreRow> MeanScores::rows() const {
  std::vector<ScoreRow> all;
  for (const int lead : leads()) {
    auto means = rows(lead);
    all.insert(all.end(), std::make_move_iterator(means.begin()),
               std::make_move_iterator(means.end()));
  }
  return all;
}

std::vector<ScoreRow> MeanScores::missing(int lead_hours) const {
  std::vector<ScoreRow> missing;
  const auto& sums = sums_.at(lead_hours);
  for (std::size_t i = 0; i < sums.size(); ++i) {
    if (!sums[i].came || sums[i].count > 0) continue;
    ScoreRow& row = missing.emplace_back(names_[i]);
    row.lead_hours = lead_hours;
    row.value = std::numeric_limits<double>::quiet_NaN();
    row.weight = 0.0;
    row.count = 0;
  }
  return missing;
}

}  // namespace ladcast
