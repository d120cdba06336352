#include "graph/setting.h"

#include <algorithm>

#include "graph/error.h"

namespace ladcast {
namespace {

const char* kind_of(const Setting::Data& data) {
  static constexpr const char* kinds[] = {"a boolean", "an integer", "a number", "a text",
                                          "a time",    "a list",     "a table"};
  return kinds[data.index()];
}

}  // namespace

const Setting* Setting::find(const std::string& key) const {
  const auto* entries = std::get_if<Table>(&data_);
  if (!entries) return nullptr;
  const auto found = std::find_if(entries->begin(), entries->end(),
                                  [&](const Entry& entry) { return entry.key == key; });
  return found == entries->end() ? nullptr : &found->value;
}

void Setting::wrong(const char* wanted) const {
  fail("{} is {}, {} is needed", to_toml(), kind_of(data_), wanted);
}

bool Setting::as_bool() const {
  if (const auto* value = std::get_if<bool>(&data_)) return *value;
  wrong("true or false");
}

std::int64_t Setting::as_integer() const {
  if (const auto* value = std::get_if<std::int64_t>(&data_)) return *value;
  wrong("an integer");
}

double Setting::as_number() const {
  if (const auto* value = std::get_if<double>(&data_)) return *value;
  if (const auto* value = std::get_if<std::int64_t>(&data_)) return static_cast<double>(*value);
  wrong("a number");
}

const std::string& Setting::as_text() const {
  if (const auto* value = std::get_if<std::string>(&data_)) return *value;
  wrong("a text");
}

Time Setting::as_time() const {
  if (const auto* value = std::get_if<Time>(&data_)) return *value;
  if (const auto* value = std::get_if<std::string>(&data_)) return parse_time(*value);
  wrong("a time");
}

std::string Setting::to_toml() const {
  struct Printer {
    std::string operator()(bool value) const { return value ? "true" : "false"; }
    std::string operator()(std::int64_t value) const { return fmt::format("{}", value); }
    std::string operator()(double value) const { return fmt::format("{}", value); }
    std::string operator()(const std::string& value) const { return fmt::format("\"{}\"", value); }
    std::string operator()(Time value) const { return format_time(value); }
    std::string operator()(const List& values) const {
      std::string text;
      for (const auto& value : values) text += (text.empty() ? "" : ", ") + value.to_toml();
      return "[" + text + "]";
    }
    std::string operator()(const Table& entries) const {
      std::string text;
      for (const auto& entry : entries)
        text += (text.empty() ? "" : ", ") + entry.key + " = " + entry.value.to_toml();
      return "{ " + text + " }";
    }
  };
  return std::visit(Printer{}, data_);
}

}  // namespace ladcast
