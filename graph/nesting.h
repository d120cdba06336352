// How deeply the values of a text are nested. Libraries read, copy and free nested values by
// recursion, for which a damaged or malicious file makes the stack too short.
#pragma once

#include <string_view>

namespace ladcast {

/// Throws Error where lists and objects are nested more than 100 deep.
void require_shallow_json(std::string_view text);

/// Throws Error where a key has more than 100 dots. (toml++ bounds lists and tables itself.)
void require_shallow_toml(std::string_view text);

}  // namespace ladcast
