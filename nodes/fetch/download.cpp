#include "nodes/fetch/download.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <thread>

#include "graph/interrupt.h"
#include "graph/models.h"
#include "graph/runtime.h"
#include "graph/text.h"
#include "nodes/fetch/hub.h"
#include "nodes/fetch/part_file.h"

namespace ladcast {
namespace {

namespace fs = std::filesystem;

constexpr int kTries = 6;  // without a byte more than before
constexpr long kNotFound = 404;
constexpr long kNotInFile = 416;
constexpr double kLongestPause = 60.0;  // s

[[noreturn]] void stop(const PartFile& part) {
  throw Interrupted(fmt::format("stopped: the {} of {} are kept; the same command goes on there",
                                format_bytes(part.size()), part.path().string()));
}

void pause(double seconds, const PartFile& part) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
  while (std::chrono::steady_clock::now() < end) {
    if (InterruptGuard::interrupted()) stop(part);
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
}

std::string cure_of(const Answer& answer, const PartFile& part) {
  if (answer.kind == Answer::Kind::unreachable)
    return "without a network, copy the folder from a machine that has one; a proxy is named by "
           "https_proxy";
  if (answer.kind == Answer::Kind::broken)
    return part.size() > 0 ? format_bytes(part.size()) + " are kept; the same command goes on there"
                           : "try again later, or name another source with --mirror URL";
  if (answer.status == kNotFound) return "the file is not there; --mirror URL names another source";
  if (answer.status == 401 || answer.status == 403 || answer.status == 407)
    return "access is not allowed; --mirror URL names another source";
  return "--mirror URL names another source";
}

/// Asks until all has come.
class Fetching {
 public:
  Fetching(Http& http, const Download& wanted, PartFile& part, TransferProgress& progress)
      : http_(http), wanted_(wanted), part_(part), progress_(progress) {}

  /// Returns the hash that the file must have.
  FileHash fetch() {
    std::uintmax_t most = part_.size();
    for (int tries = 1;; ++tries) {
      const Answer answer = http_.get(wanted_.url, part_.size(), body());
      if (answer.kind == Answer::Kind::whole) return *hash_;
      if (answer.kind == Answer::Kind::interrupted) stop(part_);
      if (answer.status == kNotInFile && part_.size() > 0) {  // it may be whole already
        learn_hash(answer.stated);
        if (has_hash(part_.path(), *hash_)) return *hash_;
        part_.restart();
        continue;
      }
      const bool may_work = answer.kind == Answer::Kind::broken ||
                            (answer.kind == Answer::Kind::unreachable && received_);
      if (part_.size() > most) tries = 1;
      most = std::max(most, part_.size());
      if (!may_work || tries == kTries) give_up(answer);
      wait(answer, tries);
    }
  }

  /// Whether the server stated another hash when it was asked again.
  bool has_changed() const { return has_changed_; }

 private:
  Body body() {
    return {[this](const Head& head) {
              learn_hash(head.stated);
              check_size(head);
              if (head.first != part_.size()) part_.restart();  // this server knows no parts
              size_ = head.size;
              if (head.size && *head.size > part_.size())
                part_.require_space(*head.size - part_.size());
            },
            [this](std::span<const char> bytes) {
              part_.append(bytes);
              received_ = true;
              progress_.update(part_.size(), size_);
            }};
  }

  void learn_hash(const Stated& stated) {
    const std::string& text = wanted_.sha256.empty() ? stated.hash : wanted_.sha256;
    const auto hash = read_hash(text);
    if (!hash)
      fail(
          "{}: no hash to check this file by: model.toml lists no sha256, and {} states {}\n"
          "      = write its sha256, as its publisher gives it, beside its path in [fetch] of {}",
          wanted_.url, host_of(wanted_.url),
          text.empty() ? "none" : fmt::format("'{}', which is none", text), wanted_.list.string());
    has_changed_ |= hash_ && hash_ != hash;
    hash_ = hash;
  }

  void check_size(const Head& head) const {
    if (head.stated.size && head.size && *head.stated.size != *head.size)
      fail("{}: {} states {} bytes, and {} are offered\n      = --mirror URL names another source",
           wanted_.url, host_of(wanted_.url), *head.stated.size, *head.size);
  }

  [[noreturn]] void give_up(const Answer& answer) {
    const bool unreachable = answer.kind == Answer::Kind::unreachable;
    std::string cures = "\n      = " + cure_of(answer, part_);
    if (answer.status == kNotFound)
      if (const auto others = files_of_same_name(http_, wanted_.url); !others.empty())
        cures +=
            fmt::format("\n      = the repository has {}; the url in [fetch] of {} may name one",
                        fmt::join(others, ", "), wanted_.list.string());
    throw NotFetched(fmt::format(
        "error: {}: {}{}", unreachable ? host_of(wanted_.url) + " cannot be reached" : wanted_.url,
        answer.reason, cures));
  }

  void wait(const Answer& answer, int tries) {
    const double seconds =
        std::min(kLongestPause, std::max(static_cast<double>(answer.retry_after_s),
                                         wanted_.first_pause_s * std::pow(2.0, tries - 1)));
    progress_.say(fmt::format("  {} after {}; asking again in {}", answer.reason,
                              format_bytes(part_.size()), format_duration(seconds)));
    pause(seconds, part_);
  }

  Http& http_;
  const Download& wanted_;
  PartFile& part_;
  TransferProgress& progress_;
  std::optional<FileHash> hash_;  // once an answer has come
  bool has_changed_ = false;
  std::optional<std::uintmax_t> size_;
  bool received_ = false;  // so that there is a network
};

[[noreturn]] void refuse(const Download& wanted, const FileHash& hash, PartFile& part) {
  const std::string found = hash_file(part.path(), hash.kind).digits;
  part.remove();
  fail(
      "{} has another {} than {}, and is removed\n      = expected {}\n      = found    {}\n"
      "      = the server has another version, or something between changed it; --mirror URL "
      "names another source",
      wanted.url, name_of(hash.kind),
      wanted.sha256.empty() ? host_of(wanted.url) + " states" : "model.toml says", hash.digits,
      found);
}

FileHash download_part(Http& http, const Download& wanted, TransferProgress& progress) {
  PartFile part(wanted.file);
  bool may_be_mixed = part.size() > 0;
  for (;;) {
    Fetching fetching(http, wanted, part, progress);
    const FileHash hash = fetching.fetch();
    if (has_hash(part.path(), hash)) {
      part.finish();
      return hash;
    }
    if (!may_be_mixed && !fetching.has_changed()) refuse(wanted, hash, part);
    progress.say("  what was there of " + wanted.file.filename().string() +
                 " does not fit; it is fetched anew");
    part.restart();
    may_be_mixed = false;
  }
}

}  // namespace

FileHash download(Http& http, const Download& wanted, TransferProgress& progress) {
  try {
    return download_part(http, wanted, progress);
  } catch (const Interrupted&) {
    throw;
  } catch (const NotFetched&) {
    throw;
  } catch (const Error& error) {
    throw NotFetched("error: " + std::string(error.what()));
  }
}

}  // namespace ladcast
