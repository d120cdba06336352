// Ports of a node: members that name and describe themselves.
#pragma once

#include <string>

#include "graph/key.h"
#include "graph/payload.h"

namespace ladcast {

class Stage;

/// Marks of an input port.
enum PortMark : unsigned {
  kPlain = 0,
  kOptional = 1,  // may be left unwired
  kFeedback = 2,  // closes the cycle of a rollout; one to a type
};

class InPort {
 public:
  enum class Kind { one, many, collect, fold };

  InPort(Stage* stage, const char* name, const char* doc, const PayloadType& type, Kind kind,
         Axis axis, unsigned marks);
  InPort(const InPort&) = delete;
  InPort& operator=(const InPort&) = delete;

  const char* name() const { return name_; }
  const char* doc() const { return doc_; }
  const PayloadType& type() const { return *type_; }
  Kind kind() const { return kind_; }
  bool gathers() const { return kind_ == Kind::collect || kind_ == Kind::fold; }
  Axis axis() const { return axis_; }  // which one is gathered
  bool optional() const { return (marks_ & kOptional) != 0; }
  bool feedback() const { return (marks_ & kFeedback) != 0; }
  int index() const { return index_; }

 private:
  const char* name_;
  const char* doc_;
  const PayloadType* type_;
  Kind kind_;
  Axis axis_;
  unsigned marks_;
  int index_;
};

class OutPort {
 public:
  OutPort(Stage* stage, const char* name, const char* doc, const PayloadType& type, unsigned marks);
  OutPort(const OutPort&) = delete;
  OutPort& operator=(const OutPort&) = delete;

  const char* name() const { return name_; }
  const char* doc() const { return doc_; }
  const PayloadType& type() const { return *type_; }
  bool optional() const { return (marks_ & kOptional) != 0; }
  bool detached() const { return (marks_ & kDetached) != 0; }
  int index() const { return index_; }

  static constexpr unsigned kDetached = 4;

 private:
  const char* name_;
  const char* doc_;
  const PayloadType* type_;
  unsigned marks_;
  int index_;
};

/// One value.
template <class T>
struct In : InPort {
  In(Stage* stage, const char* name, const char* doc, unsigned marks = kPlain)
      : InPort(stage, name, doc, payload_type<T>(), Kind::one, Axis::item, marks) {}
};

/// One value from each of several edges.
template <class T>
struct Many : InPort {
  Many(Stage* stage, const char* name, const char* doc, unsigned marks = kPlain)
      : InPort(stage, name, doc, payload_type<T>(), Kind::many, Axis::item, marks) {}
};

/// All values along an axis at once, in key order.
template <class T>
struct Collect : InPort {
  Collect(Stage* stage, const char* name, Axis axis, const char* doc, unsigned marks = kPlain)
      : InPort(stage, name, doc, payload_type<T>(), Kind::collect, axis, marks) {}
};

/// The values along an axis one by one, in key order, each released at once: Stage::fold is called
/// for each, then run() once. What is kept between lives in Task::state.
template <class T>
struct Fold : InPort {
  Fold(Stage* stage, const char* name, Axis axis, const char* doc, unsigned marks = kPlain)
      : InPort(stage, name, doc, payload_type<T>(), Kind::fold, axis, marks) {}
};

template <class T>
struct Out : OutPort {
  Out(Stage* stage, const char* name, const char* doc, unsigned marks = kPlain)
      : OutPort(stage, name, doc, payload_type<T>(), marks) {}
};

/// For small values (scores, positions): they carry no credits, so that keeping them holds nothing
/// up.
template <class T>
struct DetachedOut : Out<T> {
  DetachedOut(Stage* stage, const char* name, const char* doc)
      : Out<T>(stage, name, doc, OutPort::kDetached) {}
};

}  // namespace ladcast
