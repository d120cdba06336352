#include "nodes/fetch/download.h"

#include <algorithm>
#include <cctype>
#include <chrono>
#include <cmath>
#include <thread>

#include "graph/fingerprint.h"
#include "graph/interrupt.h"
#include "graph/models.h"
#include "graph/runtime.h"
#include "graph/text.h"
#include "nodes/fetch/part_file.h"

namespace ladcast {
namespace {

namespace fs = std::filesystem;

constexpr int kTries = 6;  // without a byte more than before
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
  if (answer.status == 404) return "the file is not there; --mirror URL names another source";
  if (answer.status == 401 || answer.status == 403 || answer.status == 407)
    return "access is not allowed; --mirror URL names another source";
  return "--mirror URL names another source";
}

[[noreturn]] void give_up(const std::string& url, const Answer& answer, const PartFile& part) {
  const std::string what =
      answer.kind == Answer::Kind::unreachable ? host_of(url) + " cannot be reached" : url;
  throw NotFetched(
      fmt::format("error: {}: {}\n      = {}", what, answer.reason, cure_of(answer, part)));
}

/// Asks until all has come.
class Fetching {
 public:
  Fetching(Http& http, const Download& wanted, PartFile& part, TransferProgress& progress)
      : http_(http), wanted_(wanted), part_(part), progress_(progress) {}

  void fetch() {
    std::uintmax_t most = part_.size();
    for (int tries = 1;; ++tries) {
      const Answer answer = http_.get(wanted_.url, part_.size(), body());
      if (answer.kind == Answer::Kind::whole) return;
      if (answer.kind == Answer::Kind::interrupted) stop(part_);
      if (answer.status == kNotInFile && part_.size() > 0) {  // it may be whole already
        if (has_hash(part_.path(), wanted_.sha256)) return;
        part_.restart();
        continue;
      }
      const bool may_work = answer.kind == Answer::Kind::broken ||
                            (answer.kind == Answer::Kind::unreachable && received_);
      if (part_.size() > most) tries = 1;
      most = std::max(most, part_.size());
      if (!may_work || tries == kTries) give_up(wanted_.url, answer, part_);
      wait(answer, tries);
    }
  }

 private:
  Body body() {
    return {[this](std::uintmax_t first, std::optional<std::uintmax_t> size) {
              if (first != part_.size()) part_.restart();  // this server knows no parts
              size_ = size;
              if (size && *size > part_.size()) part_.require_space(*size - part_.size());
            },
            [this](std::span<const char> bytes) {
              part_.append(bytes);
              received_ = true;
              progress_.update(part_.size(), size_);
            }};
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
  std::optional<std::uintmax_t> size_;
  bool received_ = false;  // so that there is a network
};

void download_part(Http& http, const Download& wanted, TransferProgress& progress) {
  PartFile part(wanted.file);
  bool resumed = part.size() > 0;
  for (;;) {
    Fetching(http, wanted, part, progress).fetch();
    if (has_hash(part.path(), wanted.sha256)) break;
    if (!resumed) {
      const std::string found = sha256_of_file(part.path());
      part.remove();
      fail(
          "{} has another SHA-256 than model.toml says, and is removed\n      = expected {}\n"
          "      = found    {}\n      = the server has another version, or something between "
          "changed it; --mirror URL names another source",
          wanted.url, wanted.sha256, found);
    }
    progress.say("  what was there of " + wanted.file.filename().string() +
                 " does not fit; it is fetched anew");
    part.restart();
    resumed = false;
  }
  part.finish();
}

}  // namespace

bool has_hash(const fs::path& file, const std::string& sha256) {
  std::error_code ignored;
  if (!fs::is_regular_file(file, ignored)) return false;
  std::string digits = sha256;
  std::transform(digits.begin(), digits.end(), digits.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return sha256_of_file(file) == digits;
}

void download(Http& http, const Download& wanted, TransferProgress& progress) {
  try {
    download_part(http, wanted, progress);
  } catch (const Interrupted&) {
    throw;
  } catch (const NotFetched&) {
    throw;
  } catch (const Error& error) {
    throw NotFetched("error: " + std::string(error.what()));
  }
}

}  // namespace ladcast
