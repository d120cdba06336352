// What is known of a crash inside of a library or a plugin, which no exception reports.
#pragma once

namespace ladcast {

/// From now on a crash prints one line that names what the thread was doing, and then takes its
/// course. For main().
void report_crashes();

/// What this thread is doing, in words that outlive the object: Doing("node", "analysis").
class Doing {
 public:
  Doing(const char* what, const char* name);
  ~Doing();
  Doing(const Doing&) = delete;
  Doing& operator=(const Doing&) = delete;

 private:
  const char* outer_what_;
  const char* outer_name_;
};

}  // namespace ladcast
