// Makes broken inputs of valid ones.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace ladcast::fuzz {

/// SplitMix64 (Steele et al. 2014): the same numbers on every machine.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next();
  /// From 0 to below `count`. Requires: count > 0.
  std::size_t below(std::size_t count) { return static_cast<std::size_t>(next() % count); }
  bool one_in(std::size_t count) { return below(count) == 0; }

 private:
  std::uint64_t state_;
};

class Mutator {
 public:
  /// `valid` are inputs that are read; `words` are those of the format, beside those that every
  /// format has.
  Mutator(std::uint64_t seed, std::vector<std::string> valid, std::vector<std::string> words);

  /// A known input with some changes. Equal seeds and calls give equal inputs.
  std::string next();

  /// `input` is worth changing further: it was read, or it was refused in a way of its own.
  void keep(const std::string& input, bool was_read);

 private:
  void change(std::string& text);
  void change_bytes(std::string& text);
  void change_slices(std::string& text);
  void change_words(std::string& text);
  void change_number(std::string& text);
  void write_integer(std::string& text);
  void repeat_word(std::string& text);

  std::size_t place(const std::string& text) { return random_.below(text.size() + 1); }
  std::size_t length(std::size_t most);
  const std::string& word() { return words_[random_.below(words_.size())]; }
  const std::string& other();
  std::string slice_of(const std::string& text);

  Random random_;
  std::vector<std::string> read_;
  std::vector<std::string> refused_;
  std::vector<std::string> words_;
};

}  // namespace ladcast::fuzz
