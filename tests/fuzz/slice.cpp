// The child counts in memory that it shares with its parent and leaves each input there before the
// parser sees it, so that the parent has it when the child dies.
#include "tests/fuzz/slice.h"

#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <chrono>
#include <cstring>
#include <functional>
#include <set>
#include <typeinfo>

#include "graph/error.h"
#include "tests/fuzz/mutator.h"

#if defined(__SANITIZE_ADDRESS__)
extern "C" const char* __asan_default_options();
/// The sanitizer stops at one large `new` and at many small ones; a large malloc is refused.
extern "C" const char* __asan_default_options() {
  return "max_allocation_size_mb=1024:hard_rss_limit_mb=3072:quarantine_size_mb=16:"
         "allocator_may_return_null=1";
}
#endif

namespace ladcast::fuzz {
namespace {

constexpr int kSeconds = 2, kLibrarySeconds = 20;  // of processor time for one input
constexpr std::size_t kLongestInput = std::size_t{4} << 20;

struct Shared {
  std::uint64_t inputs, refused, read;
  char finding[4096];
  std::size_t size;  // of the input
  char input[kLongestInput];
};

class SharedMemory {
 public:
  SharedMemory()
      : memory_(static_cast<Shared*>(::mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE,
                                            MAP_SHARED | MAP_ANONYMOUS, -1, 0))) {
    if (memory_ == MAP_FAILED) throw std::bad_alloc();
  }
  SharedMemory(const SharedMemory&) = delete;
  SharedMemory& operator=(const SharedMemory&) = delete;
  ~SharedMemory() { ::munmap(memory_, sizeof(Shared)); }
  Shared* operator->() const { return memory_; }
  Shared& operator*() const { return *memory_; }

 private:
  Shared* memory_;
};

[[noreturn]] void report(Shared& shared, const std::string& finding) {
  std::strncpy(shared.finding, finding.c_str(), sizeof shared.finding - 1);
  std::_Exit(1);
}

int seconds_for(const Parser& parser) { return parser.is_library ? kLibrarySeconds : kSeconds; }

/// The process ends by SIGPROF where an input takes longer.
void start_clock(int seconds) {
  const itimerval limit{{0, 0}, {seconds, 0}};
  ::setitimer(ITIMER_PROF, &limit, nullptr);
}

/// What an Error says but for names and numbers.
std::string kind_of(const std::string& message) {
  std::string kind;
  bool quoted = false;
  for (const char c : message) {
    if (c == '\'' || c == '"') quoted = !quoted;
    if (!quoted && (std::isalpha(static_cast<unsigned char>(c)) != 0 || c == ' ')) kind += c;
    if (kind.size() > 150) break;
  }
  return kind;
}

/// True if the parser read the input; else `message` says why not.
bool reads(const Parser& parser, const std::string& input, Shared& shared, std::string& message) {
  shared.size = std::min(input.size(), kLongestInput);
  std::memcpy(shared.input, input.data(), shared.size);
  start_clock(seconds_for(parser));
  ++shared.inputs;
  try {
    parser.read(input);
    ++shared.read;
    return true;
  } catch (const Error& error) {
    ++shared.refused;
    message = error.what();
    return false;
  } catch (const std::exception& error) {
    report(shared, fmt::format("{}: {}", typeid(error).name(), error.what()));
  }
}

void run_all(const Parser& parser, std::uint64_t count, std::uint64_t seed, Shared& shared) {
  const auto valid = parser.valid();
  std::string message;
  for (const auto& input : valid)
    if (!reads(parser, input, shared, message)) report(shared, "refused, but valid: " + message);
  Mutator mutator(seed, valid, parser.words);
  std::set<std::string> kinds;
  for (std::uint64_t read = 0; shared.inputs < count;) {
    const std::string input = mutator.next();
    const bool fine = reads(parser, input, shared, message);
    if (fine ? ++read % 16 == 1 : kinds.insert(kind_of(message)).second) mutator.keep(input, fine);
  }
}

/// How a process ended, where it did not end well.
std::string death(const Parser& parser, int status) {
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return "";
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGPROF)
    return fmt::format("it takes more than {} s", seconds_for(parser));
  if (WIFSIGNALED(status)) return fmt::format("it crashes: {}", ::strsignal(WTERMSIG(status)));
  return fmt::format("it ends the process with status {}", WEXITSTATUS(status));
}

/// Where there is no sanitizer: memory of one's own, which LibTorch and others have some of.
void limit_memory() {
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  const rlimit limit{std::size_t{2} << 30, std::size_t{2} << 30};
  ::setrlimit(RLIMIT_DATA, &limit);
#endif
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
}

/// The sanitizer looks for leaks at the end, but not for those of libraries.
Slice in_child(const Parser& parser, const std::function<void(Shared&)>& work) {
  const SharedMemory shared;
  scratch();
  const auto begin = std::chrono::steady_clock::now();
  const pid_t child = ::fork();
  if (child < 0) throw std::runtime_error("cannot fork");
  if (child == 0) {
    limit_memory();
    work(*shared);
    const itimerval off{};
    ::setitimer(ITIMER_PROF, &off, nullptr);
    if (parser.is_library) std::_Exit(0);
    std::exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  Slice slice{shared->inputs,
              shared->refused,
              shared->read,
              std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count(),
              shared->finding,
              ""};
  if (slice.finding.empty()) slice.finding = death(parser, status);
  if (!slice.finding.empty()) slice.input.assign(shared->input, shared->size);
  return slice;
}

}  // namespace

Slice run_slice(const Parser& parser, std::uint64_t count, std::uint64_t seed) {
  return in_child(parser, [&](Shared& shared) { run_all(parser, count, seed, shared); });
}

Slice run_input(const Parser& parser, const std::string& input) {
  return in_child(parser, [&](Shared& shared) {
    std::string message;
    if (!reads(parser, input, shared, message)) fmt::print(stderr, "refused: {}\n", message);
  });
}

}  // namespace ladcast::fuzz
