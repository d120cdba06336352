// Parameters of a node: members that name, describe, read and check themselves.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "graph/error.h"
#include "graph/setting.h"

namespace ladcast {

class Stage;

/// A path with {init}, {member} or {lead} in it, expanded at run time.
struct PathPattern {
  std::string text;

  bool has(const std::string& name) const {
    return text.find("{" + name + "}") != std::string::npos;
  }
  /// The path for one initial time, member and lead. `member` and `lead_hours` where they are
  /// named.
  std::filesystem::path expand(Time init, int member = 0, int lead_hours = 0) const;
  bool operator==(const PathPattern&) const = default;
};

/// Files to be read. A relative path starts at the current folder; where nothing is there, it is
/// looked up beside the pipeline file, in the folder above it, and among the installed examples, so
/// that shipped pipelines run from anywhere.
struct InputFiles : PathPattern {};

/// To be specialised for each type of parameter:
///   static const char* name();                 as the documentation shows it
///   static T read(const Setting&);             throws Error with what is wrong
///   static std::string show(const T&);         as TOML
template <class T>
struct ParamTraits;

template <class T>
struct ParamOptions {
  std::optional<T> fallback{};  // the default; without it, and not optional, the key is required
  bool optional = false;        // may be left out and then has no value
  const char* unit = "";
  std::optional<T> min{};
  std::optional<T> max{};
  std::array<const char*, 6> choices{};  // of a text
};

class ParamBase {
 public:
  ParamBase(Stage* stage, const char* name, const char* doc);
  virtual ~ParamBase() = default;
  ParamBase(const ParamBase&) = delete;
  ParamBase& operator=(const ParamBase&) = delete;

  const char* name() const { return name_; }
  const char* doc() const { return doc_; }
  const Position& position() const { return position_; }

  virtual const char* type() const = 0;
  virtual const char* unit() const = 0;
  virtual bool required() const = 0;
  virtual std::string fallback() const = 0;  // as TOML; empty where there is none
  virtual std::string limits() const = 0;  // "1 to 1000", "one of a, b"; empty where there are none
  virtual std::string shown() const = 0;   // the value as TOML; empty where there is none

  /// Reads a value. Throws Error.
  void set(const Setting& setting) {
    position_ = setting.position();
    read(setting);
  }

 protected:
  virtual void read(const Setting& setting) = 0;

 private:
  const char* name_;
  const char* doc_;
  Position position_;
};

template <class T>
class Param final : public ParamBase {
 public:
  Param(Stage* stage, const char* name, const char* doc, ParamOptions<T> options = {})
      : ParamBase(stage, name, doc), options_(std::move(options)), value_(options_.fallback) {}

  /// Requires: required, with a default, or has_value().
  const T& operator*() const { return *value_; }
  const T* operator->() const { return &*value_; }
  bool has_value() const { return value_.has_value(); }

  const char* type() const override { return ParamTraits<T>::name(); }
  const char* unit() const override { return options_.unit; }
  bool required() const override { return !options_.fallback && !options_.optional; }
  std::string fallback() const override {
    return options_.fallback ? ParamTraits<T>::show(*options_.fallback) : "";
  }
  std::string shown() const override { return value_ ? ParamTraits<T>::show(*value_) : ""; }

  std::string limits() const override {
    std::string text;
    for (const char* choice : options_.choices)
      if (choice) text += fmt::format("{}\"{}\"", text.empty() ? "one of " : ", ", choice);
    if (!text.empty()) return text;
    if (options_.min && options_.max)
      return ParamTraits<T>::show(*options_.min) + " to " + ParamTraits<T>::show(*options_.max);
    if (options_.min) return "at least " + ParamTraits<T>::show(*options_.min);
    if (options_.max) return "at most " + ParamTraits<T>::show(*options_.max);
    return "";
  }

 protected:
  void read(const Setting& setting) override {
    T value = ParamTraits<T>::read(setting);
    bool good = true;
    if constexpr (requires(const T& a, const T& b) { a < b; }) {
      good = !(options_.min && value < *options_.min) && !(options_.max && *options_.max < value);
    }
    if constexpr (std::is_same_v<T, std::string>) {
      const auto& choices = options_.choices;
      good = good && (!choices[0] ||
                      std::any_of(choices.begin(), choices.end(), [&value](const char* choice) {
                        return choice && value == choice;
                      }));
    }
    if (!good) fail("{} is not allowed, take {}", setting.to_toml(), limits());
    value_ = std::move(value);
  }

 private:
  ParamOptions<T> options_;
  std::optional<T> value_;
};

template <>
struct ParamTraits<bool> {
  static const char* name() { return "boolean"; }
  static bool read(const Setting& s) { return s.as_bool(); }
  static std::string show(bool v) { return v ? "true" : "false"; }
};
template <>
struct ParamTraits<int> {
  static const char* name() { return "integer"; }
  static int read(const Setting& s);
  static std::string show(int v) { return fmt::format("{}", v); }
};
template <>
struct ParamTraits<double> {
  static const char* name() { return "number"; }
  static double read(const Setting& s) { return s.as_number(); }
  static std::string show(double v) { return fmt::format("{}", v); }
};
template <>
struct ParamTraits<std::string> {
  static const char* name() { return "text"; }
  static std::string read(const Setting& s) { return s.as_text(); }
  static std::string show(const std::string& v) { return fmt::format("\"{}\"", v); }
};
template <>
struct ParamTraits<PathPattern> {
  static const char* name() { return "path pattern"; }
  static PathPattern read(const Setting& s) { return {s.as_text()}; }
  static std::string show(const PathPattern& v) { return fmt::format("\"{}\"", v.text); }
};
template <>
struct ParamTraits<InputFiles> {
  static const char* name() { return "input files"; }
  static InputFiles read(const Setting& s);
  static std::string show(const InputFiles& v) { return fmt::format("\"{}\"", v.text); }
};

/// A list; a single value stands for a list of one.
template <class T>
struct ParamTraits<std::vector<T>> {
  static const char* name() {
    static const std::string text = std::string("list of ") + ParamTraits<T>::name();
    return text.c_str();
  }
  static std::vector<T> read(const Setting& s) {
    if (!s.is_list()) return {ParamTraits<T>::read(s)};
    std::vector<T> values;
    for (const auto& entry : s.list()) values.push_back(ParamTraits<T>::read(entry));
    return values;
  }
  static std::string show(const std::vector<T>& values) {
    std::string text;
    for (const auto& value : values)
      text += (text.empty() ? "" : ", ") + ParamTraits<T>::show(value);
    return "[" + text + "]";
  }
};

}  // namespace ladcast
