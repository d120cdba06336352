// Numbers and tables as people read them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ladcast {

/// "512 B", "1.2 MiB", "3.4 GiB".
std::string format_bytes(std::uint64_t bytes);

/// "7.3 s", "2 min 05 s", "3 h 12 min". Negative durations count as 0.
std::string format_duration(double seconds);

/// "12 us", "3.4 ms", and from one second on as format_duration.
std::string format_microseconds(double microseconds);

/// "1 node", "3 nodes".
std::string format_count(std::int64_t count, const std::string& noun);

/// A JSON string with its quotes.
std::string quote_json(std::string_view text);

using TableRow = std::vector<std::string>;

/// Lines with columns two spaces apart. `align` has 'l' or 'r' for each column, 'l' beyond its end.
std::string format_table(const std::vector<TableRow>& rows, std::string_view align, int indent = 0);

}  // namespace ladcast
