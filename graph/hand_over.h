// Hand-overs that ThreadSanitizer cannot see because they happen inside the system's TBB, which is
// not instrumented. Nothing in other builds.
#pragma once

#if defined(__SANITIZE_THREAD__)
#define LADCAST_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define LADCAST_TSAN 1
#endif
#endif

#ifdef LADCAST_TSAN
extern "C" void __tsan_acquire(void*);
extern "C" void __tsan_release(void*);
#endif

namespace ladcast {

#ifdef LADCAST_TSAN
inline char nodes_made;  // stands for TBB's nodes with the bodies that they hold
#endif

/// After TBB's nodes were made, before anything is put into them.
inline void hand_over_nodes() {
#ifdef LADCAST_TSAN
  __tsan_release(&nodes_made);
#endif
}

/// Before `what` is given to TBB.
inline void hand_over([[maybe_unused]] const void* what) {
#ifdef LADCAST_TSAN
  __tsan_release(const_cast<void*>(what));
#endif
}

template <class T>
#ifdef LADCAST_TSAN
__attribute__((no_sanitize("thread"), noinline))
#endif
T* read_pointer(T* const& from) {
  return from;
}

/// First of all in a body to which TBB brings a pointer: reads the pointer from TBB's storage, and
/// takes over what it points to and the body itself.
template <class T>
T* take_over(T* const& from) {
  T* what = read_pointer(from);
#ifdef LADCAST_TSAN
  __tsan_acquire(&nodes_made);
  __tsan_acquire(what);
#endif
  return what;
}

/// After the wait for all bodies of `graph`: each ended with a count down of TBB's bodies in
/// flight, which is read here once more, for TBB's own reading of it is not seen.
template <class FlowGraph>
void take_back([[maybe_unused]] FlowGraph& graph) {
#ifdef LADCAST_TSAN
  graph.reserve_wait();
  graph.release_wait();
#endif
}

}  // namespace ladcast
