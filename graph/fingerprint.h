// Fingerprints: how a run says exactly what it was made from.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace ladcast {

/// SHA-256 in hexadecimal digits, as `sha256sum` prints it.
std::string sha256(std::string_view bytes);

/// The same of the bytes of a file from `offset` on. Throws Error, also where it ends before.
std::string sha256_of_file(const std::filesystem::path& file, std::uintmax_t offset = 0);

/// "sha256:…" of a file's bytes. Of a file above 4 GiB: "size N, sha256 of both ends:…", which are
/// its first and last 64 MiB. Throws Error.
std::string fingerprint(const std::filesystem::path& file);

}  // namespace ladcast
