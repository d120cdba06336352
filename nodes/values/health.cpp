#include "nodes/values/health.h"

#include <array>
#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>

#include "graph/error.h"

namespace ladcast {
namespace {

using nlohmann::json;

constexpr std::array kSignatures{
    "blurring", "ensemble collapse", "poles",     "drift", "range", "noise",
    "frozen",   "orientation",       "not finite"};
constexpr std::array kVerdicts{"ok", "warn", "fail"};

// JSON has no word for infinity and NaN: numbers travel as text.
std::string text_of(double value) { return fmt::format("{}", value); }

json row_of(const HealthCheck& check) {
  return {format_time(check.init),
          check.lead_hours,
          static_cast<int>(check.signature),
          check.measure,
          check.channel.name,
          check.channel.level ? json(*check.channel.level) : json(),
          check.channel.units,
          check.member ? json(*check.member) : json(),
          check.where,
          text_of(check.value),
          text_of(check.lower),
          text_of(check.upper),
          static_cast<int>(check.verdict),
          check.advice};
}

std::optional<int> number_or_none(const json& value) {
  return value.is_null() ? std::optional<int>{} : value.get<int>();
}

HealthCheck check_from(const json& row) {
  return {parse_time(row.at(0).get<std::string>()),
          row.at(1),
          static_cast<Signature>(row.at(2).get<int>()),
          row.at(3),
          {row.at(4), number_or_none(row.at(5)), row.at(6)},
          number_or_none(row.at(7)),
          row.at(8),
          std::stod(row.at(9).get<std::string>()),
          std::stod(row.at(10).get<std::string>()),
          std::stod(row.at(11).get<std::string>()),
          static_cast<Verdict>(row.at(12).get<int>()),
          row.at(13)};
}

}  // namespace

const char* to_string(Signature signature) {
  return kSignatures.at(static_cast<std::size_t>(signature));
}

const char* to_string(Verdict verdict) { return kVerdicts.at(static_cast<std::size_t>(verdict)); }

std::size_t PayloadTraits<Health>::bytes(const Health& health) {
  return health.checks.size() * sizeof(HealthCheck);
}

std::vector<ArrayView> PayloadTraits<Health>::arrays(const Health& health) {
  auto values = std::make_shared<std::vector<float>>();
  for (const auto& check : health.checks) values->push_back(static_cast<float>(check.value));
  return {{"value", {values->size()}, *values, values}};
}

std::string to_text(const std::vector<HealthCheck>& checks) {
  json rows = json::array();
  for (const auto& check : checks) rows.push_back(row_of(check));
  return rows.dump();
}

std::vector<HealthCheck> checks_from(const std::string& text) try {
  std::vector<HealthCheck> checks;
  for (const auto& row : json::parse(text)) checks.push_back(check_from(row));
  return checks;
} catch (const std::exception& error) {
  fail("saved health checks are damaged: {}", error.what());
}

}  // namespace ladcast
