#include "nodes/output/grib_handle.h"

#include <eccodes.h>

#include <array>

#include "graph/error.h"

namespace ladcast {
namespace {

template <class Value>
void check_set(int status, const char* key, const Value& value) {
  if (status != CODES_SUCCESS)
    fail("cannot set {} = {} in a GRIB message: {}", key, value, codes_get_error_message(status));
}

void check(int status, const char* what) {
  if (status != CODES_SUCCESS)
    fail("cannot {} a GRIB message: {}", what, codes_get_error_message(status));
}

void check_get(int status, const char* key) {
  if (status != CODES_SUCCESS)
    fail("cannot read '{}' of a GRIB message: {}", key, codes_get_error_message(status));
}

/// Our Errors say it; ecCodes would also write to the terminal.
void silence(const grib_context*, int, const char*) {}

grib_context* context() {
  grib_context* context = codes_context_get_default();
  codes_context_set_logging_proc(context, silence);
  return context;
}

}  // namespace

void GribHandle::Delete::operator()(grib_handle* handle) const { codes_handle_delete(handle); }

GribHandle GribHandle::from_sample() {
  grib_handle* handle = codes_grib_handle_new_from_samples(context(), "GRIB2");
  if (!handle) fail("ecCodes has no sample 'GRIB2'; is its package complete?");
  return GribHandle(handle);
}

GribHandle GribHandle::from_bytes(std::string_view bytes) {
  grib_handle* handle = codes_handle_new_from_message_copy(context(), bytes.data(), bytes.size());
  if (!handle) fail("what was written is no GRIB message");
  return GribHandle(handle);
}

GribHandle GribHandle::clone() const {
  grib_handle* handle = codes_handle_clone(handle_.get());
  if (!handle) fail("cannot copy a GRIB message");
  return GribHandle(handle);
}

void GribHandle::set(const char* key, long value) {
  check_set(codes_set_long(handle_.get(), key, value), key, value);
}

void GribHandle::set(const char* key, double value) {
  check_set(codes_set_double(handle_.get(), key, value), key, value);
}

void GribHandle::set(const char* key, const std::string& value) {
  std::size_t length = value.size();
  check_set(codes_set_string(handle_.get(), key, value.c_str(), &length), key, value);
}

void GribHandle::set_values(std::span<const double> values) {
  check(codes_set_double_array(handle_.get(), "values", values.data(), values.size()), "pack");
}

long GribHandle::whole(const char* key) const {
  long value = 0;
  check_get(codes_get_long(handle_.get(), key, &value), key);
  return value;
}

double GribHandle::number(const char* key) const {
  double value = 0;
  check_get(codes_get_double(handle_.get(), key, &value), key);
  return value;
}

std::string GribHandle::text(const char* key) const {
  std::array<char, 256> buffer{};
  std::size_t length = buffer.size();
  check_get(codes_get_string(handle_.get(), key, buffer.data(), &length), key);
  return buffer.data();
}

std::vector<double> GribHandle::values() const {
  std::size_t size = 0;
  check_get(codes_get_size(handle_.get(), "values", &size), "values");
  std::vector<double> values(size);
  check_get(codes_get_double_array(handle_.get(), "values", values.data(), &size), "values");
  return values;
}

std::string_view GribHandle::bytes() const {
  const void* message = nullptr;
  std::size_t size = 0;
  check(codes_get_message(handle_.get(), &message, &size), "make");
  return {static_cast<const char*>(message), size};
}

std::vector<double> gaussian_latitudes(std::size_t n) {
  std::vector<double> latitudes(2 * n);
  check(codes_get_gaussian_latitudes(static_cast<long>(n), latitudes.data()),
        "find the Gaussian latitudes of");
  return latitudes;
}

}  // namespace ladcast
