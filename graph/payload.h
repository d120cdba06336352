// Payloads: immutable shared values that travel along edges, known by their registered names.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace ladcast {

/// A view of the numbers in a payload, for taps and hashes.
struct ArrayView {
  std::string name;
  std::vector<std::size_t> shape;
  std::span<const float> values;
  std::shared_ptr<const void> keeps =
      nullptr;  // owns the numbers where the payload itself does not
};

/// To be specialised for each type that edges carry:
///   static constexpr const char* name;                      the registered name
///   static std::size_t bytes(const T&);                     memory held
///   static std::vector<ArrayView> arrays(const T&);         its numbers
///   static void check(const T&);                            optional: throws Error where it is
///                                                           unsound; asked before it is sent
template <class T>
struct PayloadTraits;

/// A payload type with its functions erased. Types are compared by name, not by address: plugins
/// are loaded with hidden visibility.
struct PayloadType {
  const char* name;
  std::size_t (*bytes)(const void*);
  std::vector<ArrayView> (*arrays)(const void*);
};

template <class T>
const PayloadType& payload_type() {
  static const PayloadType type{
      PayloadTraits<T>::name,
      [](const void* value) { return PayloadTraits<T>::bytes(*static_cast<const T*>(value)); },
      [](const void* value) { return PayloadTraits<T>::arrays(*static_cast<const T*>(value)); }};
  return type;
}

/// Counts what is alive on the edges of one run. Thread-safe.
class Ledger {
 public:
  void add(std::size_t bytes) {
    raise(peak_payloads_, payloads_.fetch_add(1) + 1);
    raise(peak_bytes_, bytes_.fetch_add(bytes) + bytes);
  }
  void remove(std::size_t bytes) {
    payloads_.fetch_sub(1);
    bytes_.fetch_sub(bytes);
  }
  std::size_t payloads() const { return payloads_; }
  std::size_t bytes() const { return bytes_; }
  std::size_t peak_payloads() const { return peak_payloads_; }
  std::size_t peak_bytes() const { return peak_bytes_; }

 private:
  static void raise(std::atomic<std::size_t>& peak, std::size_t value) {
    std::size_t seen = peak;
    while (seen < value && !peak.compare_exchange_weak(seen, value)) {
    }
  }

  std::atomic<std::size_t> payloads_{0}, bytes_{0}, peak_payloads_{0}, peak_bytes_{0};
};

class Payload {
 public:
  Payload() = default;

  template <class T>
  static Payload make(T value, const std::shared_ptr<Ledger>& ledger) {
    if constexpr (requires { PayloadTraits<T>::check(value); }) PayloadTraits<T>::check(value);
    const std::size_t bytes = PayloadTraits<T>::bytes(value);
    ledger->add(bytes);
    Payload payload;
    payload.type_ = &payload_type<T>();
    payload.bytes_ = bytes;
    payload.value_ = std::shared_ptr<void>(new T(std::move(value)), [ledger, bytes](void* held) {
      delete static_cast<T*>(held);
      ledger->remove(bytes);
    });
    return payload;
  }

  const PayloadType& type() const { return *type_; }
  std::size_t bytes() const { return bytes_; }
  std::vector<ArrayView> arrays() const { return type_->arrays(value_.get()); }
  explicit operator bool() const { return value_ != nullptr; }

  /// Requires: made from a T.
  template <class T>
  const T& get() const {
    return *static_cast<const T*>(value_.get());
  }

  /// The value itself if nobody else holds it, otherwise a copy. Requires: made from a T.
  template <class T>
  T take() {
    if (value_.use_count() > 1) return get<T>();
    // The count is read without order, so what earlier holders did must be acquired. A copy does:
    // libstdc++ counts with acquire and release.
    const std::shared_ptr<void> last = value_;
    return std::move(*static_cast<T*>(last.get()));
  }

 private:
  const PayloadType* type_ = nullptr;
  std::size_t bytes_ = 0;
  std::shared_ptr<void> value_;
};

}  // namespace ladcast
