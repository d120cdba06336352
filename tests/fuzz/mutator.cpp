#include "tests/fuzz/mutator.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>
#include <utility>

namespace ladcast::fuzz {
namespace {

constexpr std::size_t kLongest = 200'000, kLongestKept = 16'384, kMostKept = 500;

/// Numbers at which arithmetic goes wrong.
constexpr std::array kNumbers = {"0",
                                 "-1",
                                 "1",
                                 "2",
                                 "255",
                                 "256",
                                 "32768",
                                 "65536",
                                 "1000000",
                                 "2147483647",
                                 "2147483648",
                                 "4294967295",
                                 "4294967296",
                                 "4294967299",
                                 "1000000000000",
                                 "-2147483648",
                                 "9223372036854775807",
                                 "9223372036854775808",
                                 "-9223372036854775808",
                                 "18446744073709551615",
                                 "18446744073709551616",
                                 "99999999999999999999999999",
                                 "0.5",
                                 "1e-400",
                                 "1e308",
                                 "1e400",
                                 "-1e400",
                                 "1e5",
                                 "NaN",
                                 "nan",
                                 "inf",
                                 "Infinity",
                                 "-Infinity",
                                 "null",
                                 "true",
                                 "0x7fc00000",
                                 "007"};

/// What means something in one format or another.
const std::vector<std::string> kWords = {"[",
                                         "]",
                                         "{",
                                         "}",
                                         "(",
                                         ")",
                                         "\"",
                                         "'",
                                         ",",
                                         ":",
                                         "=",
                                         ".",
                                         "/",
                                         "\\",
                                         "\n",
                                         "\t",
                                         " ",
                                         "#",
                                         "|",
                                         "${",
                                         "..",
                                         "[]",
                                         "{}",
                                         "\"\"",
                                         "[[",
                                         "]]",
                                         "\"\"\"",
                                         std::string(1, '\0'),
                                         "\xff",
                                         "\xc3\xa9",
                                         "\xe2\x82\xac",
                                         "\xed\xa0\x80",
                                         "\xef\xbb\xbf",
                                         "\\u0000",
                                         "\\ud800",
                                         "null",
                                         "true",
                                         "false",
                                         "%",
                                         "%s",
                                         "*",
                                         "?",
                                         "..",
                                         "NaN"};

bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }
bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

/// Begin and end of the runs of characters for which `part` holds.
template <class Part>
std::vector<std::pair<std::size_t, std::size_t>> runs(std::string_view text, Part part) {
  std::vector<std::pair<std::size_t, std::size_t>> found;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!part(text[i])) continue;
    const std::size_t begin = i;
    while (i < text.size() && part(text[i])) ++i;
    found.emplace_back(begin, i);
  }
  return found;
}

}  // namespace

std::uint64_t Random::next() {
  std::uint64_t z = state_ += 0x9e3779b97f4a7c15ULL;
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
  return z ^ z >> 31;
}

Mutator::Mutator(std::uint64_t seed, std::vector<std::string> valid, std::vector<std::string> words)
    : random_(seed), read_(std::move(valid)), words_(std::move(words)) {
  words_.insert(words_.end(), kWords.begin(), kWords.end());
}

std::string Mutator::next() {
  std::string text = other();
  do {
    change(text);
  } while (random_.one_in(2));
  if (text.size() > kLongest) text.resize(kLongest);
  return text;
}

void Mutator::keep(const std::string& input, bool was_read) {
  auto& known = was_read ? read_ : refused_;
  if (known.size() < kMostKept && input.size() <= kLongestKept) known.push_back(input);
}

const std::string& Mutator::other() {
  const auto& known = refused_.empty() || !random_.one_in(4) ? read_ : refused_;
  return known[random_.below(known.size())];
}

void Mutator::change(std::string& text) {
  if (random_.one_in(1000)) return repeat_word(text);
  switch (random_.below(8)) {
    case 0:
    case 1:
      return change_bytes(text);
    case 2:
      return change_slices(text);
    case 3:
    case 4:
      return change_words(text);
    case 5:
    case 6:
      return change_number(text);
    default:
      return write_integer(text);
  }
}

/// Mostly short, at times up to `most`.
std::size_t Mutator::length(std::size_t most) {
  const std::size_t usual = 1 + random_.below(8);
  return std::min(most, random_.one_in(4) ? random_.below(most + 1) : usual);
}

std::string Mutator::slice_of(const std::string& text) {
  const std::size_t begin = place(text);
  return text.substr(begin, length(text.size() - begin));
}

void Mutator::change_bytes(std::string& text) {
  if (text.empty()) return;
  char& byte = text[random_.below(text.size())];
  const auto value = static_cast<unsigned char>(byte);
  switch (random_.below(4)) {
    case 0:
      byte = static_cast<char>(value ^ 1U << random_.below(8));
      return;
    case 1:
      byte = static_cast<char>(value + 1);
      return;
    case 2:
      byte = static_cast<char>(value - 1);
      return;
    default:
      byte = static_cast<char>(random_.next());
  }
}

void Mutator::change_slices(std::string& text) {
  const std::size_t at = place(text);
  switch (random_.below(6)) {
    case 0:
      text.resize(at);
      return;
    case 1:
      text.erase(at, length(text.size() - at));
      return;
    case 2:
      text.insert(place(text), slice_of(text));
      return;
    case 3:
      text.insert(at, slice_of(other()));
      return;
    case 4: {
      const std::string& tail = other();
      text = text.substr(0, at) + tail.substr(std::min(at, tail.size()));
      return;
    }
    default: {
      const std::string from = slice_of(other());
      text.replace(at, std::min(from.size(), text.size() - at), from);
    }
  }
}

/// Replaces, removes or adds a word.
void Mutator::change_words(std::string& text) {
  const auto found = runs(text, is_word);
  if (found.empty() || random_.one_in(3)) {
    text.insert(place(text), word());
    return;
  }
  const auto [begin, end] = found[random_.below(found.size())];
  const auto [from, to] = found[random_.below(found.size())];
  const std::string another = text.substr(from, to - from);
  text.replace(begin, end - begin, random_.one_in(2) ? another : word());
}

void Mutator::change_number(std::string& text) {
  const auto found = runs(text, [](char c) { return is_digit(c) || c == '-' || c == '.'; });
  if (found.empty()) return change_bytes(text);
  const auto [begin, end] = found[random_.below(found.size())];
  text.replace(begin, end - begin, kNumbers[random_.below(kNumbers.size())]);
}

/// A whole number of 1, 2, 4 or 8 bytes of either order, as binary headers have them.
void Mutator::write_integer(std::string& text) {
  const std::size_t bytes = std::size_t{1} << random_.below(4);
  if (text.size() < bytes) return;
  static constexpr std::array<std::uint64_t, 12> kEdges = {0,
                                                           1,
                                                           0x7f,
                                                           0x80,
                                                           0xff,
                                                           0x7fff,
                                                           0xffff,
                                                           0x7fffffff,
                                                           0x80000000,
                                                           0xffffffff,
                                                           0x7fffffffffffffff,
                                                           0xffffffffffffffff};
  const std::uint64_t value = kEdges[random_.below(kEdges.size())] + random_.below(3) - 1;
  const std::size_t at = random_.below(text.size() - bytes + 1);
  const bool big_endian = random_.one_in(2);
  for (std::size_t i = 0; i < bytes; ++i)
    text[at + (big_endian ? bytes - 1 - i : i)] = static_cast<char>(value >> 8 * i);
}

/// Deep nesting and long words.
void Mutator::repeat_word(std::string& text) {
  const auto found = runs(text, is_word);
  std::string unit = word();
  if (!found.empty() && random_.one_in(2)) {
    const auto [begin, end] = found[random_.below(found.size())];
    unit = text.substr(begin, end - begin) + (random_.one_in(2) ? "." : "");
  }
  const std::size_t most = kLongest / std::max<std::size_t>(unit.size(), 1);
  std::string run;
  for (std::size_t count = random_.below(most) + 1; count > 0; --count) run += unit;
  text.insert(place(text), run);
}

}  // namespace ladcast::fuzz
