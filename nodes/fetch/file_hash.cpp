#include "nodes/fetch/file_hash.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <fstream>
#include <memory>
#include <string_view>

#include "graph/error.h"
#include "graph/fingerprint.h"

namespace ladcast {
namespace {

namespace fs = std::filesystem;

void check(int ok) {
  if (ok != 1) fail("OpenSSL cannot compute SHA-1");
}

std::string git_blob_of(const fs::path& file) {
  std::error_code failed;
  const auto size = fs::file_size(file, failed);
  std::ifstream in(file, std::ios::binary);
  if (failed || !in) fail("cannot read {}", file.string());
  const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> sha1(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  check(EVP_DigestInit_ex(sha1.get(), EVP_sha1(), nullptr));
  const std::string head = fmt::format("blob {}", size);
  check(EVP_DigestUpdate(sha1.get(), head.c_str(), head.size() + 1));  // with the zero
  std::array<char, 1 << 16> buffer;
  while (in.read(buffer.data(), buffer.size()) || in.gcount() > 0)
    check(EVP_DigestUpdate(sha1.get(), buffer.data(), static_cast<std::size_t>(in.gcount())));
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned length = 0;
  check(EVP_DigestFinal_ex(sha1.get(), digest.data(), &length));
  std::string digits;
  for (unsigned i = 0; i < length; ++i) digits += fmt::format("{:02x}", digest[i]);
  return digits;
}

}  // namespace

std::optional<FileHash> read_hash(const std::string& text) {
  std::string digits = text;
  std::transform(digits.begin(), digits.end(), digits.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (digits.find_first_not_of("0123456789abcdef") != std::string::npos) return {};
  if (digits.size() == 64) return FileHash{FileHash::Kind::sha256, digits};
  if (digits.size() == 40) return FileHash{FileHash::Kind::git_blob, digits};
  return {};
}

const char* name_of(FileHash::Kind kind) {
  return kind == FileHash::Kind::sha256 ? "SHA-256" : "git blob SHA-1";
}

FileHash hash_file(const fs::path& file, FileHash::Kind kind) {
  return {kind, kind == FileHash::Kind::sha256 ? sha256_of_file(file) : git_blob_of(file)};
}

bool has_hash(const fs::path& file, const FileHash& hash) {
  std::error_code ignored;
  return fs::is_regular_file(file, ignored) && hash_file(file, hash.kind) == hash;
}

}  // namespace ladcast
