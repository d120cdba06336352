// Collects intermediate results of a network by module path, to compare them with a reference.
#pragma once

#include <ATen/core/Tensor.h>

#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace ladcast {

/// A default-constructed ModuleTrace collects nothing and costs a null check.
class ModuleTrace {
 public:
  using Record = std::map<std::string, at::Tensor>;

  ModuleTrace() = default;
  explicit ModuleTrace(Record& record) : record_(&record) {}

  explicit operator bool() const { return record_ != nullptr; }

  /// The same record, one module deeper.
  ModuleTrace in(std::string_view module) const {
    return on() ? ModuleTrace(*record_, path(module)) : ModuleTrace();
  }
  ModuleTrace in(std::string_view list, std::size_t index) const {
    return on() ? in(std::string(list) + '.' + std::to_string(index)) : ModuleTrace();
  }

  /// Records the output of the module itself, or of the named part of it.
  void operator()(const at::Tensor& tensor) const {
    if (on()) (*record_)[prefix_] = tensor;
  }
  void operator()(std::string_view part, const at::Tensor& tensor) const {
    if (on()) (*record_)[path(part)] = tensor;
  }

 private:
  ModuleTrace(Record& record, std::string prefix) : record_(&record), prefix_(std::move(prefix)) {}
  bool on() const { return record_ != nullptr; }
  std::string path(std::string_view name) const {
    return prefix_.empty() ? std::string(name) : prefix_ + '.' + std::string(name);
  }

  Record* record_ = nullptr;
  std::string prefix_;
};

}  // namespace ladcast
