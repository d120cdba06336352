// Lanes: named service threads for a device or a thread-hostile library.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace ladcast {

/// What a numerical library does for lanes. Set once before main by the library that the nodes use.
struct DeviceSupport {
  /// Turns "auto" into "cpu" or "cuda:0" and loads what the device needs. Throws Error with the
  /// cure.
  std::string (*resolve)(const std::string& device);
  /// Called on each thread of a lane; what it returns lives as long as the thread.
  std::shared_ptr<void> (*enter)(const std::string& device);
};
void set_device_support(DeviceSupport support);
const DeviceSupport& device_support();

/// A queue with its own threads. Thread-safe.
class Lane {
 public:
  /// `device` is resolved; empty for a service thread.
  Lane(std::string name, std::string device, int threads);
  /// Finishes what was posted, then joins.
  ~Lane();
  Lane(const Lane&) = delete;
  Lane& operator=(const Lane&) = delete;

  const std::string& device() const { return device_; }
  int threads() const { return static_cast<int>(threads_.size()); }

  /// Requires: `work` throws nothing.
  void post(std::function<void()> work);
  /// Runs `work` on one of the lane's threads, waits, and throws what it throws.
  void call(const std::function<void()>& work);

 private:
  void serve();

  std::string name_;
  std::string device_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> queue_;
  bool closing_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace ladcast
