#pragma once

#include <random>
#include <string>
#include <vector>

namespace ladcast::toy {

/// A random pipeline of toy nodes: rollouts, streams along lead, chains, joins, gathers, folds and
/// sinks of all orders.
class RandomPipeline {
 public:
  explicit RandomPipeline(unsigned seed);
  std::string text(int threads) const;

 private:
  int below(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }
  const std::string& pick(const std::vector<std::string>& names) {
    return names[static_cast<std::size_t>(below(static_cast<int>(names.size())))];
  }
  std::string add(const std::string& name, const std::string& type, const std::string& rest);
  void add_loop(int i);
  void add_middle(int i);
  void add_sink(int i);

  std::mt19937 random_;
  int items_, members_, batch_, frames_, leads_, window_, in_flight_;
  std::string nodes_;
  std::vector<std::string> members_at_;  // streams of every member and lead
  std::vector<std::string> each_lead_;   // streams of every lead
};

}  // namespace ladcast::toy
