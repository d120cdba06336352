// Runs one node in the real engine, for its test:
//   Harness("normalise").set("model", "\"small-planet\"").put("fields",
//   x).run().get<Fields>("scaled")
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "graph/node.h"
#include "graph/runtime.h"

namespace ladcast {

namespace harness {

/// Emits prepared payloads along axes.
template <class T>
class Source final : public Node {
 public:
  Source(std::map<Key, T> values, Axes axes) : values_(std::move(values)), axes_(axes) {}
  Axes source_axes(const Plan&) const override { return axes_; }
  void shape(Shape& shape) override {
    if constexpr (requires(const T& value) {
                    PayloadTraits<T>::describe(value, shape.out(value_));
                  })
      PayloadTraits<T>::describe(values_.begin()->second, shape.out(value_));
  }
  void run(Task& task) const override {
    task.send(value_, values_.at(task.key()), task.key().lead);
  }

 private:
  Out<T> value_{this, "value", "what the test put in"};
  std::map<Key, T> values_;
  Axes axes_;
};

/// Keeps what an output sends.
template <class T>
class Sink final : public Ordered {
 public:
  explicit Sink(std::vector<T>& kept) : Ordered(Within::plan), kept_(kept) {}
  void run(Task& task) override { kept_.push_back(task.get(value_)); }

 private:
  In<T> value_{this, "value", "what the test looks at"};
  std::vector<T>& kept_;
};

}  // namespace harness

class Harness {
 public:
  explicit Harness(const std::string& type) : type_(type) {}

  /// Sets a parameter; `toml` is its value as TOML.
  Harness& set(const std::string& key, const std::string& toml) {
    settings_ += key + " = " + toml + "\n";
    return *this;
  }
  /// Sets keys of [run]: run("members = 4").
  Harness& plan(const std::string& toml) {
    run_ += toml + "\n";
    return *this;
  }

  /// One value for the input `port`.
  template <class T>
  Harness& put(const std::string& port, T value) {
    return put_all<T>(port, {{Key{}, std::move(value)}}, Axes{});
  }
  /// Values by key.
  template <class T>
  Harness& put_all(const std::string& port, std::map<Key, T> values, Axes axes) {
    const std::string source = "put_" + port;
    registrations_.push_back(std::make_unique<Registration>(
        NodeType{source, "",
                 [values, axes] { return std::make_unique<harness::Source<T>>(values, axes); }}));
    nodes_ += "[nodes." + source + "]\ntype = \"" + source + "\"\n";
    settings_ += "in." + port + " = \"" + source + "\"\n";
    return *this;
  }

  /// Runs the node and returns what the output `port` sent, in key order.
  template <class T>
  std::vector<T> all(const std::string& port) {
    std::vector<T> kept;
    const Registration sink(
        NodeType{"harness_sink", "", [&kept] { return std::make_unique<harness::Sink<T>>(kept); }});
    run("[nodes.kept]\ntype = \"harness_sink\"\nin = \"node." + port + "\"\n");
    return kept;
  }
  /// The same for one value.
  template <class T>
  T get(const std::string& port) {
    return all<T>(port).at(0);
  }
  /// Runs a sink. `more` is TOML for further nodes; the node itself is called "node".
  RunReport run(const std::string& more = "");

 private:
  std::string type_;
  std::string settings_;
  std::string run_;
  std::string nodes_;
  std::vector<std::unique_ptr<Registration>> registrations_;
};

}  // namespace ladcast
