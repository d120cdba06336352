#include "nodes/ingest/grib_message.h"

#include <eccodes.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "graph/error.h"
#include "graph/version.h"
#include "nodes/ingest/grib_sections.h"

namespace ladcast {
namespace {

const VersionNote version{"ecCodes", [] {
                            const long v = codes_get_api_version();
                            return fmt::format("{}.{}.{}", v / 10000, v / 100 % 100, v % 100);
                          }};

/// Our Errors say it; ecCodes would also write to the terminal.
void silence(const grib_context*, int, const char*) {}

}  // namespace

void GribMessage::Delete::operator()(grib_handle* handle) const { codes_handle_delete(handle); }

GribMessage::GribMessage(grib_handle* handle, std::string name)
    : handle_(handle), name_(std::move(name)) {}

void GribMessage::check(int status, const char* key) const {
  if (status != CODES_SUCCESS) {
    fail("cannot read '{}' of {}: {}", key, name_, codes_get_error_message(status));
  }
}

long GribMessage::whole(const char* key) const {
  long value = 0;
  check(codes_get_long(handle_.get(), key, &value), key);
  return value;
}

double GribMessage::number(const char* key) const {
  double value = 0;
  check(codes_get_double(handle_.get(), key, &value), key);
  return value;
}

std::string GribMessage::text(const char* key) const {
  std::array<char, 256> buffer{};
  std::size_t length = buffer.size();
  check(codes_get_string(handle_.get(), key, buffer.data(), &length), key);
  return buffer.data();
}

std::string GribMessage::find_text(const char* key) const {
  std::array<char, 256> buffer{};
  std::size_t length = buffer.size();
  const int status = codes_get_string(handle_.get(), key, buffer.data(), &length);
  if (status == CODES_NOT_FOUND) return "";
  check(status, key);
  return buffer.data();
}

std::optional<long> GribMessage::find_whole(const char* key) const {
  long value = 0;
  const int status = codes_get_long(handle_.get(), key, &value);
  if (status == CODES_NOT_FOUND) return {};
  check(status, key);
  return value;
}

/// Of an array. A damaged message says anything.
std::size_t GribMessage::size_of(const char* key) const {
  constexpr std::size_t kMost = std::size_t{1} << 25;
  std::size_t size = 0;
  check(codes_get_size(handle_.get(), key, &size), key);
  if (size > kMost) fail("'{}' of {} has {} values, more than {}", key, name_, size, kMost);
  return size;
}

std::vector<long> GribMessage::whole_array(const char* key) const {
  std::size_t size = size_of(key);
  std::vector<long> values(size);
  check(codes_get_long_array(handle_.get(), key, values.data(), &size), key);
  values.resize(size);
  return values;
}

std::vector<double> GribMessage::array(const char* key) const {
  std::size_t size = size_of(key);
  std::vector<double> values(size);
  check(codes_get_double_array(handle_.get(), key, values.data(), &size), key);
  values.resize(size);
  return values;
}

std::vector<double> GribMessage::values(double missing) const {
  check(codes_set_double(handle_.get(), "missingValue", missing), "missingValue");
  return array("values");
}

std::string GribMessage::describe() const {
  return fmt::format("{} ({}, {} {}, step {}, {})", name_, find_text("shortName"),
                     find_text("typeOfLevel"), find_text("level"), find_text("stepRange"),
                     find_text("gridType"));
}

Time GribMessage::valid() const {
  using namespace std::chrono;
  const long date = whole("validityDate"), clock = whole("validityTime");
  const year_month_day day{year{static_cast<int>(date / 10000)},
                           month{static_cast<unsigned>(date / 100 % 100)},
                           std::chrono::day{static_cast<unsigned>(date % 100)}};
  if (!day.ok()) fail("the date {} of {} does not exist", date, name_);
  return sys_days{day} + hours{clock / 100} + minutes{clock % 100};
}

void GribReader::Close::operator()(std::FILE* file) const {
  codes_grib_multi_support_reset_file(codes_context_get_default(), file);
  std::fclose(file);
}

GribReader::GribReader(const std::filesystem::path& path)
    : path_(path), file_(std::fopen(path.c_str(), "rb")) {
  if (!file_) fail("cannot open {}: {}", path.string(), std::strerror(errno));
  require_whole_sections(path);
  codes_context_set_logging_proc(codes_context_get_default(), silence);
  codes_grib_multi_support_on(nullptr);
}

std::optional<GribMessage> GribReader::next() {
  int status = CODES_SUCCESS;
  grib_handle* handle = codes_handle_new_from_file(nullptr, file_.get(), PRODUCT_GRIB, &status);
  ++count_;
  const auto name = fmt::format("message {} of {}", count_, path_.string());
  if (!handle && status == CODES_SUCCESS) return {};
  if (!handle) fail("{} is damaged: {}", name, codes_get_error_message(status));
  return GribMessage(handle, name);
}

}  // namespace ladcast
