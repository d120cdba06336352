// Tickets: credits that messages carry and whose destructor gives them back.
//
// Invariant: a credit is out exactly as long as a message that carries its ticket is alive, in an
// inbox, in a queue or in a running body. Memory is bounded because new work starts only while credits
// are left. It cannot leak on failure: dropping the messages returns the credits.
//
// A destructor only tells the Gate, which locks a mutex and counts; it never starts work. So the last
// message may die anywhere except under the Gate's own lock, and Gate keeps to that.
#pragma once

#include <memory>
#include <vector>

namespace ladcast {

class Gate;

class Ticket {
 public:
  enum class Kind { item, trajectory, step };

  /// `owner`: the node whose step this is (kind step). `holds`: a wider ticket kept alive by this one.
  Ticket(Gate& gate, Kind kind, int owner, int slot, std::shared_ptr<const Ticket> holds)
      : gate_(gate), kind_(kind), owner_(owner), slot_(slot), holds_(std::move(holds)) {}
  ~Ticket();
  Ticket(const Ticket&) = delete;
  Ticket& operator=(const Ticket&) = delete;

  Kind kind() const { return kind_; }
  int owner() const { return owner_; }
  int slot() const { return slot_; }  // which account of the Gate the credit returns to

 private:
  Gate& gate_;
  Kind kind_;
  int owner_;
  int slot_;
  std::shared_ptr<const Ticket> holds_;
};

using TicketRef = std::shared_ptr<const Ticket>;
using Tickets = std::vector<TicketRef>;

/// Adds the tickets of `from` that `into` lacks.
void merge(Tickets& into, const Tickets& from);

}  // namespace ladcast
