#include "graph/lane.h"

#include <unistd.h>

#include "graph/error.h"

namespace ladcast {
namespace {

// Of a program without a numerical library: everything is the CPU.

std::string resolve_cpu(const std::string& device) {
  if (device.starts_with("cuda")) fail("this program was built without support for {}", device);
  return "cpu";
}
std::string nothing_to_tell(const std::string&) { return ""; }
std::uint64_t memory_of_machine(const std::string&) { return machine_memory(); }
void one_mode(bool) {}
std::string no_mode(const std::string&, bool) { return ""; }
std::shared_ptr<void> nothing_to_enter(const std::string&) { return nullptr; }

DeviceSupport& support() {
  static DeviceSupport value{resolve_cpu, nothing_to_tell, memory_of_machine,
                             one_mode,    no_mode,         nothing_to_enter};
  return value;
}

thread_local std::string device_of_thread = "cpu";

}  // namespace

std::uint64_t machine_memory() {
  return static_cast<std::uint64_t>(::sysconf(_SC_PHYS_PAGES)) *
         static_cast<std::uint64_t>(::sysconf(_SC_PAGE_SIZE));
}

const std::string& current_device() { return device_of_thread; }

void set_device_support(DeviceSupport value) { support() = value; }
const DeviceSupport& device_support() { return support(); }

std::vector<std::string> resolve_devices(const std::vector<std::string>& devices) {
  std::vector<std::string> resolved;
  for (const auto& device : devices) resolved.push_back(device_support().resolve(device));
  return resolved;
}

Lane::Lane(std::string name, std::string device, int threads)
    : name_(std::move(name)), device_(std::move(device)) {
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { serve(); });
}

Lane::~Lane() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  wake_.notify_all();
  for (auto& thread : threads_) thread.join();
}

void Lane::post(std::function<void()> work) {
  {
    const std::lock_guard lock(mutex_);
    queue_.push_back(std::move(work));
  }
  wake_.notify_one();
}

void Lane::call(const std::function<void()>& work) {
  // The promise is shared, for the caller may go on before set_value has returned. The exception
  // is the caller's alone once its handler has ended.
  const auto done = std::make_shared<std::promise<void>>();
  std::exception_ptr error;
  post([done, &work, &error] {
    std::exception_ptr thrown;
    try {
      work();
    } catch (...) {
      thrown = std::current_exception();
    }
    error = std::move(thrown);
    done->set_value();
  });
  done->get_future().wait();
  if (error) std::rethrow_exception(std::move(error));
}

void Lane::serve() {
  std::shared_ptr<void> device;
  if (!device_.empty()) {
    device = device_support().enter(device_);
    device_of_thread = device_;
  }
  for (;;) {
    std::function<void()> work;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return closing_ || !queue_.empty(); });
      if (queue_.empty()) return;
      work = std::move(queue_.front());
      queue_.pop_front();
    }
    work();
  }
}

}  // namespace ladcast
