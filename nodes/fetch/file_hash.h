// A hash that a file must have: the SHA-256 that model.toml lists, or what a repository states.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace ladcast {

struct FileHash {
  enum class Kind {
    sha256,
    git_blob  // SHA-1 of "blob SIZE", a zero and the bytes: git's name of a file
  };
  Kind kind;
  std::string digits;  // hexadecimal, lower case

  bool operator==(const FileHash&) const = default;
};

/// Of 64 or 40 hexadecimal digits in either case; nothing for other text.
std::optional<FileHash> read_hash(const std::string& text);

/// "SHA-256" or "git blob SHA-1".
const char* name_of(FileHash::Kind kind);

/// Throws Error where the file cannot be read.
FileHash hash_file(const std::filesystem::path& file, FileHash::Kind kind);

/// Whether the file is there with that hash.
bool has_hash(const std::filesystem::path& file, const FileHash& hash);

}  // namespace ladcast
