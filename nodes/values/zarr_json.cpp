#include "nodes/values/zarr_json.h"

#include <bit>
#include <charconv>
#include <cstdint>
#include <limits>
#include <string_view>

#include "graph/error.h"
#include "graph/nesting.h"
#include "graph/whole_file.h"

namespace ladcast {

using nlohmann::json;

namespace {

/// Python writes NaN and Infinity, which JSON does not have, as bare words: here they get quotes.
std::string with_quoted_words(const std::string& text) {
  std::string result;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted && c == '\\') {
      result.append(text, i++, 2);
      continue;
    }
    if (c == '"') quoted = !quoted;
    bool found = false;
    for (const char* word : {"NaN", "-Infinity", "Infinity"}) {
      const std::string_view view(word);
      if (quoted || found || text.compare(i, view.size(), view) != 0) continue;
      result.append("\"").append(view).append("\"");
      i += view.size() - 1;
      found = true;
    }
    if (!found) result += c;
  }
  return result;
}

}  // namespace

json read_json(const std::filesystem::path& file) {
  const std::string text = with_quoted_words(read_whole_file(file));
  try {
    require_shallow_json(text);
    return json::parse(text);
  } catch (const json::exception& error) {
    fail("cannot read {}: it is cut off or no JSON ({})", file.string(), error.what());
  } catch (const Error& error) {
    throw error.in("cannot read " + file.string());
  }
}

const json& member(const json& object, const char* name) {
  if (!object.is_object() || !object.contains(name)) fail("there is no \"{}\"", name);
  return object[name];
}

std::string text_of(const json& object, const char* name, const std::string& fallback) {
  if (!object.is_object() || !object.contains(name)) return fallback;
  if (!object[name].is_string()) fail("\"{}\" is {}, not a text", name, object[name].dump());
  return object[name];
}

std::vector<std::size_t> sizes_of(const json& object, const char* name) {
  constexpr std::size_t kMostDimensions = 32, kLongest = 1'000'000'000'000;
  const json& list = member(object, name);
  if (!list.is_array() || list.size() > kMostDimensions)
    fail("\"{}\" is {}, not a list of up to {} lengths", name, list.dump(), kMostDimensions);
  std::vector<std::size_t> sizes;
  for (const json& each : list) {
    if (!each.is_number_unsigned() || each.get<std::size_t>() > kLongest)
      fail("\"{}\" holds {}, which is no length", name, each.dump());
    sizes.push_back(each);
  }
  return sizes;
}

std::optional<double> named_number(const std::string& text) {
  if (text == "NaN") return std::numeric_limits<double>::quiet_NaN();
  if (text == "Infinity") return std::numeric_limits<double>::infinity();
  if (text == "-Infinity") return -std::numeric_limits<double>::infinity();
  return {};
}

std::optional<double> base64_number(const std::string& text) {
  static const std::string kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  if (text.size() != 12 || text.back() != '=') return {};
  std::uint64_t bits = 0;
  int count = 0;
  unsigned last = 0;
  for (std::size_t i = 0; i < 11; ++i) {
    const auto digit = kDigits.find(text[i]);
    if (digit == std::string::npos) return {};
    last = (last << 6 | static_cast<unsigned>(digit)) & 0xFFFF;
    if (i % 4 == 0) continue;
    const unsigned shift = i % 4 == 1 ? 4 : i % 4 == 2 ? 2 : 0;
    bits |= std::uint64_t{last >> shift & 0xFF} << (8 * count++);
  }
  return std::bit_cast<double>(bits);
}

std::optional<double> hexadecimal_number(const std::string& text, std::size_t bytes) {
  std::uint64_t bits = 0;
  if (!text.starts_with("0x") || text.size() != 2 + 2 * bytes) return {};
  const auto [end, failed] = std::from_chars(text.data() + 2, text.data() + text.size(), bits, 16);
  if (failed != std::errc{} || end != text.data() + text.size()) return {};
  if (bytes == 4) return std::bit_cast<float>(static_cast<std::uint32_t>(bits));
  return std::bit_cast<double>(bits);
}

}  // namespace ladcast
