// Tickets: credits that messages carry and whose destructor gives them back.
//
// Invariant: a credit is out exactly as long as something that carries its ticket is alive: a
// message in an inbox, a task in the Gate or in a body. Memory is bounded because new work starts
// only while credits are left. Credits cannot leak on failure: dropping the messages returns them.
//
// A destructor only tells the Gate, which locks its mutex and counts; it never starts work. So the
// last message may die anywhere except under the Gate's own lock, and the Gate keeps to that.
#pragma once

#include <compare>
#include <memory>
#include <utility>
#include <vector>

namespace ladcast {

class Gate;

/// What a credit is of: an item, a trajectory (item, batch), or one step of a sequence of leads (of
/// a rollout or of a source along lead) that belongs to `node`.
struct Account {
  enum class Kind { item, trajectory, step };
  Kind kind;
  int node = -1;
  int item = 0;
  int batch = 0;

  auto operator<=>(const Account&) const = default;
};

class Ticket {
 public:
  /// `holds`: a wider ticket that lives at least as long.
  Ticket(Gate& gate, Account account, std::shared_ptr<const Ticket> holds)
      : gate_(gate), account_(account), holds_(std::move(holds)) {}
  ~Ticket();
  Ticket(const Ticket&) = delete;
  Ticket& operator=(const Ticket&) = delete;

  const Account& account() const { return account_; }

 private:
  Gate& gate_;
  Account account_;
  std::shared_ptr<const Ticket> holds_;
};

using TicketRef = std::shared_ptr<const Ticket>;
using Tickets = std::vector<TicketRef>;

/// Adds the tickets of `from` that `into` lacks.
void merge(Tickets& into, const Tickets& from);

/// Drops the step tickets; those of one node only if `node` is not negative.
void drop_steps(Tickets& tickets, int node = -1);

}  // namespace ladcast
