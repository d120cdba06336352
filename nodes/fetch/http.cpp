#include "nodes/fetch/http.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <cctype>
#include <charconv>
#include <exception>

#include "graph/error.h"
#include "graph/version.h"

namespace ladcast {
namespace {

const VersionNote version{"libcurl", [] {
                            const auto* info = curl_version_info(CURLVERSION_NOW);
                            return fmt::format("{}, {}", info->version, info->ssl_version);
                          }};

constexpr long kPart = 206;
constexpr int kLastAnswer = -1;

bool is_transient(long status) {
  for (const long busy : {408L, 429L, 500L, 502L, 503L, 504L})
    if (status == busy) return true;
  return false;
}

Answer::Kind kind_of(CURLcode code) {
  switch (code) {
    case CURLE_OK:
      return Answer::Kind::whole;
    case CURLE_ABORTED_BY_CALLBACK:
      return Answer::Kind::interrupted;
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
      return Answer::Kind::unreachable;
    case CURLE_PARTIAL_FILE:
    case CURLE_OPERATION_TIMEDOUT:
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
      return Answer::Kind::broken;
    default:
      return Answer::Kind::refused;
  }
}

/// A header of one of the answers that the redirections led through.
std::optional<std::string> header(CURL* curl, const char* name, int answer) {
  curl_header* found = nullptr;
  if (curl_easy_header(curl, name, 0, CURLH_HEADER, answer, &found) != CURLHE_OK) return {};
  return found->value;
}

bool was_answered(CURL* curl, int answer) {
  curl_header* ignored = nullptr;
  const CURLHcode code = curl_easy_header(curl, "Date", 0, CURLH_HEADER, answer, &ignored);
  return code == CURLHE_OK || code == CURLHE_MISSING;
}

/// "abc" of W/"abc": a server that may compress marks its tags so.
std::string without_quotes(std::string tag) {
  if (tag.starts_with("W/")) tag.erase(0, 2);
  if (tag.size() >= 2 && tag.front() == '"' && tag.back() == '"')
    tag = tag.substr(1, tag.size() - 2);
  return tag;
}

std::optional<std::uintmax_t> whole_number(const std::string& text) {
  std::uintmax_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return {};
  return number;
}

/// The size of the whole file in "bytes 100-199/200"; nothing where it is not said.
std::optional<std::uintmax_t> size_in(const std::string& content_range) {
  const auto slash = content_range.find('/');
  if (slash == std::string::npos) return {};
  return whole_number(content_range.substr(slash + 1));
}

Stated stated_by(CURL* curl) {
  Stated stated;
  for (int answer = 0; was_answered(curl, answer); ++answer) {
    if (const auto linked = header(curl, "X-Linked-Etag", answer)) {
      stated.hash = without_quotes(*linked);
      if (const auto size = header(curl, "X-Linked-Size", answer))
        stated.size = whole_number(*size);
      return stated;
    }
    if (header(curl, "X-Repo-Commit", answer))
      if (const auto tag = header(curl, "ETag", answer)) stated.hash = without_quotes(*tag);
  }
  return stated;
}

/// What the callbacks see of one transfer.
struct Transfer {
  CURL* curl;
  const Body& body;
  std::uintmax_t asked_from;
  bool began = false;
  std::exception_ptr failure = nullptr;

  void begin() {
    began = true;
    long status = 0;
    curl_off_t length = -1;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(curl, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
    Head head{status == kPart ? asked_from : 0, {}, stated_by(curl)};
    const auto range = header(curl, "Content-Range", kLastAnswer);
    if (status == kPart && range)
      head.size = size_in(*range);
    else if (length >= 0)
      head.size = head.first + static_cast<std::uintmax_t>(length);
    body.begin(head);
  }

  static std::size_t write(char* bytes, std::size_t, std::size_t count, void* self) {
    auto& transfer = *static_cast<Transfer*>(self);
    try {
      if (!transfer.began) transfer.begin();
      transfer.body.write({bytes, count});
      return count;
    } catch (...) {  // no exception may pass through libcurl
      transfer.failure = std::current_exception();
      return CURL_WRITEFUNC_ERROR;
    }
  }
};

}  // namespace

struct Http::Handle {
  CURL* curl;
  std::function<bool()> interrupted;
  int timeout_s;
  char message[CURL_ERROR_SIZE] = "";

  static int poll(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return static_cast<Handle*>(self)->interrupted() ? 1 : 0;
  }

  template <class T>
  void set(CURLoption option, T value) {
    if (const CURLcode code = curl_easy_setopt(curl, option, value); code != CURLE_OK)
      fail("libcurl does not take option {}: {}", static_cast<int>(option),
           curl_easy_strerror(code));
  }
};

Http::Http(int timeout_s, std::function<bool()> interrupted) {
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
  CURL* curl = started == CURLE_OK ? curl_easy_init() : nullptr;
  if (!curl) fail("libcurl does not start: {}", curl_easy_strerror(started));
  handle_ = std::make_unique<Handle>(Handle{curl, std::move(interrupted), timeout_s});
}

Http::~Http() { curl_easy_cleanup(handle_->curl); }

Answer Http::get(const std::string& url, std::uintmax_t first, const Body& body) {
  CURL* curl = handle_->curl;
  Transfer transfer{curl, body, first};
  const std::string range = fmt::format("{}-", first);
  const char* protocols = url.starts_with("https:") ? "https" : "http,https";
  curl_easy_reset(curl);  // options; connections are kept
  handle_->message[0] = '\0';
  handle_->set(CURLOPT_URL, url.c_str());
  handle_->set(CURLOPT_PROTOCOLS_STR, protocols);
  handle_->set(CURLOPT_REDIR_PROTOCOLS_STR, protocols);
  handle_->set(CURLOPT_FOLLOWLOCATION, 1L);
  handle_->set(CURLOPT_MAXREDIRS, 10L);
  handle_->set(CURLOPT_FAILONERROR, 1L);
  handle_->set(CURLOPT_NOSIGNAL, 1L);
  handle_->set(CURLOPT_USERAGENT, ("ladcast-flow/" + program_version().substr(13)).c_str());
  handle_->set(CURLOPT_ERRORBUFFER, handle_->message);
  if (first > 0) handle_->set(CURLOPT_RANGE, range.c_str());
  handle_->set(CURLOPT_CONNECTTIMEOUT, static_cast<long>(handle_->timeout_s));
  handle_->set(CURLOPT_LOW_SPEED_LIMIT, 1L);
  handle_->set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(handle_->timeout_s));
  handle_->set(CURLOPT_WRITEFUNCTION, &Transfer::write);
  handle_->set(CURLOPT_WRITEDATA, &transfer);
  handle_->set(CURLOPT_NOPROGRESS, 0L);
  handle_->set(CURLOPT_XFERINFOFUNCTION, &Handle::poll);
  handle_->set(CURLOPT_XFERINFODATA, handle_.get());
  const CURLcode code = curl_easy_perform(curl);
  if (transfer.failure) std::rethrow_exception(transfer.failure);
  Answer answer{kind_of(code), *handle_->message ? handle_->message : curl_easy_strerror(code)};
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer.status);
  answer.stated = stated_by(curl);
  if (code == CURLE_HTTP_RETURNED_ERROR) {
    curl_off_t seconds = 0;
    curl_easy_getinfo(curl, CURLINFO_RETRY_AFTER, &seconds);
    answer.retry_after_s = static_cast<long>(seconds);
    answer.kind = is_transient(answer.status) ? Answer::Kind::broken : Answer::Kind::refused;
    answer.reason = fmt::format("HTTP {}", answer.status);
  }
  if (code == CURLE_OK && !transfer.began) transfer.begin();  // an empty file
  return answer;
}

std::string escape_path(const std::string& path) {
  std::string text;
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) || std::string_view("/-._~").find(c) != std::string_view::npos)
      text += c;
    else
      text += fmt::format("%{:02X}", byte);
  }
  return text;
}

std::string host_of(const std::string& url) {
  const auto begin = url.find("://");
  if (begin == std::string::npos) return url;
  return url.substr(begin + 3, url.find('/', begin + 3) - begin - 3);
}

}  // namespace ladcast
