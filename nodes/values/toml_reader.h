// Reads a TOML table key by key; wrong types and keys that nobody asked for become Errors with
// file:line.
#pragma once

#include <toml++/toml.h>

#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

namespace ladcast {

/// Borrows the table. Call done() after the last key was read.
class TomlReader {
 public:
  /// `name` is the table's path, as messages have it; empty for a file's root.
  TomlReader(const toml::table& table, std::string file, std::string name);

  bool has(const char* key) const { return table_.contains(key); }

  std::string text(const char* key);
  double number(const char* key);
  int whole(const char* key);  // an integer greater than 0
  std::vector<double> numbers(const char* key);
  std::vector<int> wholes(const char* key);
  std::vector<std::string> texts(const char* key);
  TomlReader table(const char* key);
  std::vector<TomlReader> tables(const char* key);

  /// Throws Error at the first key of this table that was not read.
  void done() const;

  /// Throws Error "file:line: message", with the line of `key`, or of the table if it has no such
  /// key.
  [[noreturn]] void fail_at(const char* key, const std::string& message) const;

 private:
  const toml::node& node(const char* key);
  template <class T>
  T value(const char* key, const char* type);
  template <class T>
  std::vector<T> values(const char* key, const char* type);
  std::string path_of(const std::string& key) const {
    return name_.empty() ? key : name_ + "." + key;
  }

  const toml::table& table_;
  std::string file_;
  std::string name_;
  std::unordered_set<std::string> read_;
};

}  // namespace ladcast
