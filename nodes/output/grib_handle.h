// One GRIB2 message in memory. Thread rule: ecCodes is thread-safe only where it was built so; all
// calls of the process belong to one thread at a time (the lane "eccodes").
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

struct grib_handle;

namespace ladcast {

/// Move-only. All functions throw Error, which names the key and the value.
class GribHandle {
 public:
  static GribHandle from_sample();
  /// A copy of a whole message.
  static GribHandle from_bytes(std::string_view bytes);
  GribHandle clone() const;

  void set(const char* key, long value);
  void set(const char* key, double value);
  void set(const char* key, const std::string& value);
  void set_values(std::span<const double> values);

  long whole(const char* key) const;
  double number(const char* key) const;
  std::string text(const char* key) const;
  std::vector<double> values() const;

  /// Valid until the handle changes.
  std::string_view bytes() const;

 private:
  struct Delete {
    void operator()(grib_handle* handle) const;
  };
  explicit GribHandle(grib_handle* handle) : handle_(handle) {}

  std::unique_ptr<grib_handle, Delete> handle_;
};

/// The 2 n latitudes of a Gaussian grid, from north to south. Throws Error.
std::vector<double> gaussian_latitudes(std::size_t n);

}  // namespace ladcast
