// GET by libcurl, for large files: a part can be asked for, and what broke off is told apart from
// what will never work.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace ladcast {

/// What a repository such as Hugging Face says of a file before it sends a client on to the place
/// that holds the bytes: X-Linked-Etag and X-Linked-Size, or for a small file the ETag beside
/// X-Repo-Commit. The ETag of that other place is none of these.
struct Stated {
  std::string hash;  // without quotes; empty where nothing is stated
  std::optional<std::uintmax_t> size;
};

/// Of an answer that has bytes of the file.
struct Head {
  std::uintmax_t first = 0;            // which byte of the file comes first
  std::optional<std::uintmax_t> size;  // of the whole file
  Stated stated;
};

/// What takes the bytes. Both may throw: the transfer then ends, and get() throws the same.
struct Body {
  std::function<void(const Head&)> begin;  // once, before the first byte
  std::function<void(std::span<const char>)> write;
};

struct Answer {
  enum class Kind {
    whole,   // all that was asked for has come
    broken,  // it may work when asked again: the connection broke or stalled, the server is busy
    unreachable,  // no connection was made
    refused,      // an answer that will stay the same, or an error of TLS
    interrupted
  };
  Kind kind = Kind::whole;
  std::string reason;
  long status = 0;         // of HTTP
  long retry_after_s = 0;  // as the server asks; 0 where it does not
  Stated stated = {};
};

/// Connections that are kept from one file to the next. Proxies are taken from the environment as
/// libcurl does (https_proxy, no_proxy, …). One thread at a time.
class Http {
 public:
  /// `timeout_s`: how long no data may come. `interrupted` is asked about once a second.
  Http(int timeout_s, std::function<bool()> interrupted);
  ~Http();
  Http(const Http&) = delete;
  Http& operator=(const Http&) = delete;

  /// The file from byte `first` on; a server that knows no parts sends it from byte 0.
  Answer get(const std::string& url, std::uintmax_t first, const Body& body);

 private:
  struct Handle;
  std::unique_ptr<Handle> handle_;
};

/// `path` with what a URL may not hold as it is, such as a space, written as %20.
std::string escape_path(const std::string& path);

/// "huggingface.co:8080" of "https://huggingface.co:8080/x".
std::string host_of(const std::string& url);

}  // namespace ladcast
