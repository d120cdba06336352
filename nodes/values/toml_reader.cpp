#include "nodes/values/toml_reader.h"

#include <cmath>
#include <limits>

#include "graph/error.h"

namespace ladcast {

TomlReader::TomlReader(const toml::table& table, std::string file, std::string name)
    : table_(table), file_(std::move(file)), name_(std::move(name)) {}

void TomlReader::fail_at(const char* key, const std::string& message) const {
  const toml::node* at = table_.get(key);
  const auto line = (at ? at->source() : table_.source()).begin.line;
  fail("{}:{}: {}", file_, line, message);
}

const toml::node& TomlReader::node(const char* key) {
  read_.insert(key);
  const toml::node* found = table_.get(key);
  if (!found) fail_at(key, fmt::format("'{}' is missing", path_of(key)));
  return *found;
}

template <class T>
T TomlReader::value(const char* key, const char* type) {
  const auto value = node(key).value<T>();
  if (!value) fail_at(key, fmt::format("'{}' must be {}", path_of(key), type));
  return *value;
}

template <class T>
std::vector<T> TomlReader::values(const char* key, const char* type) {
  const auto wrong = fmt::format("'{}' must be a list of {}", path_of(key), type);
  const toml::array* array = node(key).as_array();
  if (!array) fail_at(key, wrong);
  std::vector<T> result;
  for (const toml::node& item : *array) {
    const auto value = item.value<T>();
    if (!value) fail_at(key, wrong);
    result.push_back(*value);
  }
  return result;
}

std::string TomlReader::text(const char* key) { return value<std::string>(key, "text"); }

double TomlReader::number(const char* key) {
  const double number = value<double>(key, "a number");
  if (!std::isfinite(number))
    fail_at(key, fmt::format("'{}' is {}, it must be finite", path_of(key), number));
  return number;
}

int TomlReader::whole(const char* key) {
  const auto number = value<std::int64_t>(key, "a whole number");
  if (number < 1 || number > std::numeric_limits<int>::max()) {
    fail_at(key, fmt::format("'{}' is {}, it must be 1 or more", path_of(key), number));
  }
  return static_cast<int>(number);
}

std::vector<double> TomlReader::numbers(const char* key) {
  std::vector<double> numbers = values<double>(key, "numbers");
  for (const double number : numbers)
    if (!std::isfinite(number))
      fail_at(key, fmt::format("'{}' holds {}, which is not finite", path_of(key), number));
  return numbers;
}

std::vector<int> TomlReader::wholes(const char* key) {
  std::vector<int> result;
  for (const auto number : values<std::int64_t>(key, "whole numbers")) {
    if (number < 0 || number > std::numeric_limits<int>::max()) {
      fail_at(key, fmt::format("'{}' holds {}, out of range", path_of(key), number));
    }
    result.push_back(static_cast<int>(number));
  }
  return result;
}

std::vector<std::string> TomlReader::texts(const char* key) {
  return values<std::string>(key, "texts");
}

TomlReader TomlReader::table(const char* key) {
  const toml::table* found = node(key).as_table();
  if (!found) fail_at(key, fmt::format("'{}' must be a table", path_of(key)));
  return {*found, file_, path_of(key)};
}

std::vector<TomlReader> TomlReader::tables(const char* key) {
  const auto wrong = fmt::format("'{}' must be a list of tables", path_of(key));
  const toml::array* array = node(key).as_array();
  if (!array) fail_at(key, wrong);
  std::vector<TomlReader> result;
  for (const toml::node& item : *array) {
    if (!item.as_table()) fail_at(key, wrong);
    result.emplace_back(*item.as_table(), file_, path_of(key));
  }
  return result;
}

void TomlReader::done() const {
  for (const auto& [key, value] : table_) {
    const std::string name(key.str());
    if (read_.contains(name)) continue;
    fail("{}:{}: unknown key '{}'", file_, value.source().begin.line, path_of(name));
  }
}

}  // namespace ladcast
