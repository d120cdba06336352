// Lanes: named service threads for a device or a thread-hostile library.
#pragma once

#include <condition_variable>
#include <cstdint>
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
  /// What a resolved device is, for the reader of a run's first lines; empty for the CPU.
  std::string (*describe)(const std::string& device);
  /// Bytes of memory of a resolved device, in all.
  std::uint64_t (*memory)(const std::string& device);
  /// Before a run, once its devices are resolved: whether results may differ in their last bits
  /// from run to run for speed.
  void (*set_mode)(bool fast);
  /// What a mode means on a resolved device, for the history of files; empty where modes are one.
  std::string (*describe_mode)(const std::string& device, bool fast);
  /// Called on each thread of a lane; what it returns lives as long as the thread.
  std::shared_ptr<void> (*enter)(const std::string& device);
};
void set_device_support(DeviceSupport support);
const DeviceSupport& device_support();

/// Bytes of this machine's memory.
std::uint64_t machine_memory();

/// Each resolved, as DeviceSupport does.
std::vector<std::string> resolve_devices(const std::vector<std::string>& devices);

/// Where the calling thread computes: its lane's device, "cpu" on threads of no such lane.
const std::string& current_device();

/// A queue with its own threads, all of one device. Thread-safe.
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
