#include "graph/fingerprint.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <memory>
#include <utility>
#include <vector>

#include "graph/error.h"
#include "graph/version.h"

namespace ladcast {
namespace {

const VersionNote version{"OpenSSL",
                          [] { return std::string(OpenSSL_version(OPENSSL_FULL_VERSION_STRING)); }};

constexpr std::uintmax_t kWhole = std::uintmax_t{4} << 30;
constexpr std::uintmax_t kEnd = std::uintmax_t{64} << 20;

class Sha256 {
 public:
  Sha256() : context_(EVP_MD_CTX_new(), EVP_MD_CTX_free) {
    check(EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr));
  }
  void add(std::string_view bytes) {
    check(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()));
  }
  std::string digits() {
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    check(EVP_DigestFinal_ex(context_.get(), digest, &length));
    std::string text;
    for (unsigned i = 0; i < length; ++i) text += fmt::format("{:02x}", digest[i]);
    return text;
  }

 private:
  static void check(int ok) {
    if (ok != 1) fail("OpenSSL cannot compute SHA-256");
  }
  std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context_;
};

/// Adds `count` bytes of `stream` from `offset`.
void add_part(Sha256& hash, std::ifstream& stream, std::uintmax_t offset, std::uintmax_t count) {
  std::vector<char> buffer(1 << 20);
  stream.seekg(static_cast<std::streamoff>(offset));
  while (count > 0 && stream) {
    stream.read(buffer.data(),
                static_cast<std::streamsize>(std::min<std::uintmax_t>(count, buffer.size())));
    const auto read = static_cast<std::size_t>(stream.gcount());
    hash.add({buffer.data(), read});
    count -= read;
  }
  if (count > 0) fail("the file ends early");
}

std::pair<std::ifstream, std::uintmax_t> open_file(const std::filesystem::path& file) {
  std::error_code failed;
  const auto size = std::filesystem::file_size(file, failed);
  std::ifstream stream(file, std::ios::binary);
  if (failed || !stream)
    fail("cannot read {}: {}", file.string(), failed ? failed.message() : "no permission");
  return {std::move(stream), size};
}

}  // namespace

std::string sha256(std::string_view bytes) {
  Sha256 hash;
  hash.add(bytes);
  return hash.digits();
}

std::string sha256_of_file(const std::filesystem::path& file, std::uintmax_t offset) {
  auto [stream, size] = open_file(file);
  if (offset > size) fail("{} ends early", file.string());
  Sha256 hash;
  add_part(hash, stream, offset, size - offset);
  return hash.digits();
}

std::string fingerprint(const std::filesystem::path& file) {
  auto [stream, size] = open_file(file);
  Sha256 hash;
  if (size <= kWhole) {
    add_part(hash, stream, 0, size);
    return "sha256:" + hash.digits();
  }
  add_part(hash, stream, 0, kEnd);
  add_part(hash, stream, size - kEnd, kEnd);
  return fmt::format("size {}, sha256 of both ends:{}", size, hash.digits());
}

}  // namespace ladcast
