#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "nodes/verify/scorecard.h"

namespace ladcast {
namespace {

std::string quoted(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string result = "\"";
  for (const char c : text) result.append(c == '"' ? 2 : 1, c);
  return result + '"';
}

// Empty where there is none.
std::string number(double value) { return std::isnan(value) ? "" : fmt::format("{:.10g}", value); }

std::string test_columns(const MeanTest& test) {
  return fmt::format("{},{},{},{},{}", number(test.standard_error), number(test.dof),
                     number(test.p), number(test.low), number(test.high));
}

std::string lead_label(int hours) {
  return hours > 0 && hours % 24 == 0 ? fmt::format("{} d", hours / 24)
                                      : fmt::format("{} h", hours);
}

char mark_of(Judgement judgement) {
  switch (judgement) {
    case Judgement::better:
      return '+';
    case Judgement::worse:
      return '-';
    case Judgement::larger:
      return '>';
    case Judgement::smaller:
      return '<';
    case Judgement::no_difference:
      return ' ';
    case Judgement::too_few:
      return '?';
  }
  return ' ';
}

std::string cell_text(const ComparedScore& cell) {
  if (!std::isfinite(cell.relative)) return fmt::format("n/a {}", mark_of(cell.judgement));
  const double percent = 100.0 * cell.relative;
  return std::abs(percent) < 999.95 ? fmt::format("{:+.1f} {}", percent, mark_of(cell.judgement))
                                    : fmt::format("{:+.0e} {}", percent, mark_of(cell.judgement));
}

std::string row_label(const ScoreRow& name) {
  std::string label = to_string(name.channel);
  if (!name.event.empty()) label += " " + name.event;
  if (name.bin) label += fmt::format(" {:g}", *name.bin);
  return label;
}

constexpr std::size_t kColumn = 10;
constexpr std::size_t kWidth = 100;

// One region and score: a line for each channel, a column for each lead, in blocks that fit.
std::string block(const std::vector<const ComparedScore*>& cells) {
  std::set<int> leads;
  std::vector<std::string> labels;
  std::map<std::pair<std::string, int>, const ComparedScore*> places;
  std::size_t width = 4;
  for (const ComparedScore* const cell : cells) {
    leads.insert(cell->name.lead_hours);
    const auto label = row_label(cell->name);
    if (std::find(labels.begin(), labels.end(), label) == labels.end()) labels.push_back(label);
    places[{label, cell->name.lead_hours}] = cell;
    width = std::max(width, label.size());
  }
  const std::size_t columns = width + kColumn < kWidth ? (kWidth - width) / kColumn : 1;
  const std::vector<int> all(leads.begin(), leads.end());
  std::string text = fmt::format("{}, {}\n", cells[0]->name.score, cells[0]->name.region);
  for (std::size_t first = 0; first < all.size(); first += columns) {
    const std::size_t end = std::min(first + columns, all.size());
    text += fmt::format("{:{}}", "lead", width);
    for (std::size_t i = first; i < end; ++i)
      text += fmt::format("{:>{}}", lead_label(all[i]) + "  ", kColumn);
    while (text.ends_with(' ')) text.pop_back();
    for (const auto& label : labels) {
      text += fmt::format("\n{:{}}", label, width);
      for (std::size_t i = first; i < end; ++i) {
        const auto place = places.find({label, all[i]});
        text +=
            fmt::format("{:>{}}", place == places.end() ? "" : cell_text(*place->second), kColumn);
      }
      while (text.ends_with(' ')) text.pop_back();
    }
    text += '\n';
  }
  return text;
}

}  // namespace

std::string scorecard_csv(const RunComparison& comparison) {
  std::string text =
      "lead_hours,region,variable,level,score,event,bin,run,reference,difference,relative,verdict,"
      "count,unpaired,gaps";
  for (const char* const test : {"iid", "geer", "ewc"})
    text += fmt::format(",{0}_standard_error,{0}_dof,{0}_p,{0}_low,{0}_high", test);
  text += ",geer_significant,ewc_significant\n";
  for (const auto& cell : comparison.cells) {
    const ScoreRow& name = cell.name;
    text += fmt::format("{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}\n",
                        name.lead_hours, quoted(name.region), quoted(name.channel.name),
                        name.channel.level ? std::to_string(*name.channel.level) : "", name.score,
                        quoted(name.event), name.bin ? fmt::format("{:.10g}", *name.bin) : "",
                        number(cell.run), number(cell.reference), number(cell.difference),
                        std::isfinite(cell.relative) ? number(cell.relative) : "",
                        to_string(cell.judgement), cell.iid.count, cell.unpaired, cell.gaps,
                        test_columns(cell.iid), test_columns(cell.geer), test_columns(cell.ewc),
                        cell.geer_significant, cell.ewc_significant);
  }
  return text;
}

bool ScorecardView::shows(const RunComparison& comparison, const ComparedScore& cell) const {
  const auto has = [](const auto& list, const auto& value) {
    return list.empty() || std::find(list.begin(), list.end(), value) != list.end();
  };
  return cell.name.region == comparison.cells.front().name.region && has(scores, cell.name.score) &&
         has(lead_hours, cell.name.lead_hours);
}

std::string scorecard_table(const RunComparison& comparison, const ScorecardView& view) {
  std::vector<std::vector<const ComparedScore*>> blocks;
  std::map<std::pair<std::string, std::string>, std::size_t> places;
  std::map<Judgement, std::size_t> counts;
  std::size_t most = 0, unpaired = 0, uneven = 0;
  for (const auto& cell : comparison.cells) {
    if (view.shows(comparison, cell)) {
      const auto [place, is_new] =
          places.try_emplace({cell.name.region, cell.name.score}, blocks.size());
      if (is_new) blocks.emplace_back();
      blocks[place->second].push_back(&cell);
    }
    ++counts[cell.judgement];
    most = std::max(most, cell.iid.count);
    unpaired = std::max(unpaired, cell.unpaired);
    uneven += static_cast<std::size_t>(cell.gaps > 0);
  }
  std::string text = fmt::format(
      "scorecard of {} cells, up to {} initial times: relative difference in %\n"
      "+ better, - worse, > larger, < smaller: Geer's AR(2) test and equal-weighted cosines both "
      "find it\nat a false discovery rate of {:g} %; no mark: not significant; ?: too few initial "
      "times\n",
      comparison.cells.size(), most, 200.0 * comparison.settings.alpha);
  for (const auto& cells : blocks) text += "\n" + block(cells);
  text +=
      fmt::format("\n{} better, {} worse, {} larger or smaller, {} not significant, {} too few\n",
                  counts[Judgement::better], counts[Judgement::worse],
                  counts[Judgement::larger] + counts[Judgement::smaller],
                  counts[Judgement::no_difference], counts[Judgement::too_few]);
  if (unpaired > 0)
    text +=
        fmt::format("up to {} initial times are in one run alone and were left out\n", unpaired);
  if (uneven > 0)
    text += fmt::format(
        "the initial times of {} cells are not evenly spaced: the tests take them for one series\n",
        uneven);
  if (comparison.only_in_one > 0)
    text += fmt::format("{} cells are in one run alone\n", comparison.only_in_one);
  if (!comparison.left_out.empty())
    text += fmt::format("not compared: {}\n", fmt::join(comparison.left_out, ", "));
  return text;
}

}  // namespace ladcast
