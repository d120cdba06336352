#include "graph/time.h"

#include <charconv>
#include <optional>

#include "graph/error.h"

namespace ladcast {
namespace {

using namespace std::chrono;

struct Parts {
  int year, month, day, hour, minute, second;
};

Parts parts(Time time) {
  const auto day = floor<days>(time);
  const year_month_day date{day};
  const hh_mm_ss clock{time - day};
  return {static_cast<int>(date.year()),
          static_cast<int>(static_cast<unsigned>(date.month())),
          static_cast<int>(static_cast<unsigned>(date.day())),
          static_cast<int>(clock.hours().count()),
          static_cast<int>(clock.minutes().count()),
          static_cast<int>(clock.seconds().count())};
}

/// Takes `digits` digits from the front of `text`; nothing if they are not there.
std::optional<int> take_number(std::string_view& text, std::size_t digits) {
  int value = 0;
  if (text.size() < digits) return {};
  const auto [end, error] = std::from_chars(text.data(), text.data() + digits, value);
  if (error != std::errc{} || end != text.data() + digits || text[0] == '-') return {};
  text.remove_prefix(digits);
  return value;
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text[0] != c) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<Time> try_parse(std::string_view text) {
  const auto y = take_number(text, 4);
  if (!y || !take(text, '-')) return {};
  const auto m = take_number(text, 2);
  if (!m || !take(text, '-')) return {};
  const auto d = take_number(text, 2);
  if (!d) return {};
  int clock[3] = {0, 0, 0};
  if (take(text, 'T') || take(text, ' ')) {
    for (int i = 0; i < 3; ++i) {
      const auto value = take_number(text, 2);
      if (!value || *value > (i == 0 ? 23 : 59)) return {};
      clock[i] = *value;
      if (!take(text, ':')) break;
    }
  }
  if (!take(text, 'Z') && text.substr(0, 6) == "+00:00") text.remove_prefix(6);
  const year_month_day date{year{*y}, month{static_cast<unsigned>(*m)},
                            day{static_cast<unsigned>(*d)}};
  if (!text.empty() || !date.ok()) return {};
  return sys_days{date} + hours{clock[0]} + minutes{clock[1]} + seconds{clock[2]};
}

}  // namespace

Time parse_time(std::string_view text) {
  if (const auto time = try_parse(text)) return *time;
  fail("'{}' is not a time; write it as 2018-01-03T06:00:00Z", text);
}

std::string format_time(Time time) {
  const Parts p = parts(time);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", p.year, p.month, p.day, p.hour,
                     p.minute, p.second);
}

std::string compact_time(Time time) {
  const Parts p = parts(time);
  auto text = fmt::format("{:04}{:02}{:02}T{:02}", p.year, p.month, p.day, p.hour);
  return p.minute == 0 ? text : text + fmt::format("{:02}", p.minute);
}

std::string short_time(Time time) {
  const Parts p = parts(time);
  auto text = fmt::format("{:04}-{:02}-{:02}T{:02}", p.year, p.month, p.day, p.hour);
  return p.minute == 0 ? text : text + fmt::format(":{:02}", p.minute);
}

}  // namespace ladcast
