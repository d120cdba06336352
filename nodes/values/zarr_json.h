// The JSON of Zarr stores. All functions throw Error with what is wrong.
#pragma once

#include <cstddef>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace ladcast {

/// A whole file. The bare words NaN and Infinity, which Python writes, become texts.
nlohmann::json read_json(const std::filesystem::path& file);

/// A member that has to be there.
const nlohmann::json& member(const nlohmann::json& object, const char* name);

/// A member that is a text, or `fallback` where it is absent.
std::string text_of(const nlohmann::json& object, const char* name, const std::string& fallback);

/// A member that is a list of lengths.
std::vector<std::size_t> sizes_of(const nlohmann::json& object, const char* name);

/// "NaN", "Infinity" or "-Infinity".
std::optional<double> named_number(const std::string& text);

/// The number whose bytes, little-endian, are written in base64, as xarray has them in version 3.
std::optional<double> base64_number(const std::string& text);

/// The real number of `bytes` bytes with the bits "0x7fc00000".
std::optional<double> hexadecimal_number(const std::string& text, std::size_t bytes);

}  // namespace ladcast
