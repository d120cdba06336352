// Settings: the values of a pipeline file, each with the place where it stands.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "graph/time.h"

namespace ladcast {

/// A file of settings (or one --set option), kept so that messages can show its lines.
struct Source {
  std::string name;
  std::vector<std::string> lines;
  std::filesystem::path folder;  // of the pipeline file
};

/// Where something stands, from line 1 and column 1; line 0 is "nowhere in particular".
struct Position {
  std::shared_ptr<const Source> source;
  int line = 0;
  int column = 0;
  int length = 1;
};

class Setting {
 public:
  using List = std::vector<Setting>;
  struct Entry;
  using Table = std::vector<Entry>;  // in the order of the file
  using Data = std::variant<bool, std::int64_t, double, std::string, Time, List, Table>;

  Setting();  // an empty table
  Setting(Data data, Position position);

  const Position& position() const { return position_; }
  const Data& data() const { return data_; }
  Data& data() { return data_; }
  bool is_table() const { return std::holds_alternative<Table>(data_); }
  bool is_list() const { return std::holds_alternative<List>(data_); }
  bool is_string() const { return std::holds_alternative<std::string>(data_); }

  /// The entry of a table, or null.
  const Setting* find(const std::string& key) const;
  const Table& table() const { return std::get<Table>(data_); }
  const List& list() const { return std::get<List>(data_); }

  // The value as a type; each throws Error "'x' is …, not …". Integers pass as numbers.
  bool as_bool() const;
  std::int64_t as_integer() const;
  double as_number() const;
  const std::string& as_text() const;
  Time as_time() const;

  /// As TOML: true, 3, "text", [1, 2].
  std::string to_toml() const;

 private:
  [[noreturn]] void wrong(const char* wanted) const;

  Data data_;
  Position position_;
};

struct Setting::Entry {
  std::string key;
  Position key_position;
  Setting value;
};

// Here, where Entry is complete.
inline Setting::Setting() : data_(Table{}) {}
inline Setting::Setting(Data data, Position position)
    : data_(std::move(data)), position_(std::move(position)) {}

}  // namespace ladcast
