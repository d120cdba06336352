#include "tests/graph/random_pipeline.h"

#include <fmt/format.h>

#include "tests/graph/toy_nodes.h"

namespace ladcast::toy {

RandomPipeline::RandomPipeline(unsigned seed) : random_(seed) {
  items_ = below(3) + 1;
  members_ = below(5) + 1;
  batch_ = below(3) + 1;
  frames_ = below(4) + 1;
  leads_ = below(9) + 1;
  window_ = below(3) + 1;
  in_flight_ = (members_ + batch_ - 1) / batch_ + below(3);
  add("analysis", "toy_analysis", "");
  const int loops = below(2) + 1;
  for (int i = 0; i < loops; ++i) add_loop(i);
  if (below(2)) each_lead_.push_back(add("truth", "toy_truth", ""));
  const int more = below(6);
  for (int i = 0; i < more; ++i) add_middle(i);
  const int sinks = below(3) + 1;
  for (int i = 0; i < sinks; ++i) add_sink(i);
}

std::string RandomPipeline::text(int threads) const {
  return toy::head(items_, members_, batch_, leads_,
                   fmt::format("threads = {}\nwindow = {}\nin_flight = {}", threads, window_,
                               in_flight_)) +
         nodes_;
}

std::string RandomPipeline::add(const std::string& name, const std::string& type,
                                const std::string& rest) {
  nodes_ += fmt::format("[nodes.{}]\ntype = \"{}\"\nlabel = \"{}\"\n{}\n", name, type, name, rest);
  if (below(4) == 0) nodes_ += below(2) ? "lane = \"model\"\n" : "lane = \"service\"\n";
  return name;
}

void RandomPipeline::add_loop(int i) {
  const auto n = std::to_string(i);
  add("rollout" + n, "toy_rollout",
      fmt::format("in.seed = \"analysis\"\nin.next = \"step{}\"\nframes = {}\nsave_every = {}", n,
                  frames_, below(3) + 1));
  add("step" + n, "toy_step", fmt::format("in = \"rollout{}\"", n));
  members_at_.push_back(
      add("decode" + n, "toy_decode", fmt::format("in = \"step{}\"\nframes = {}", n, frames_)));
}

void RandomPipeline::add_middle(int i) {
  const auto name = "middle" + std::to_string(i);
  switch (below(5)) {
    case 0:
      members_at_.push_back(add(name, "toy_pass", fmt::format("in = \"{}\"", pick(members_at_))));
      break;
    case 1:
      members_at_.push_back(
          add(name, "toy_join",
              fmt::format("in.a = \"{}\"\nin.b = \"{}\"", pick(members_at_), pick(members_at_))));
      break;
    case 2:
      members_at_.push_back(add(
          name, "toy_join", fmt::format("in.a = \"{}\"\nin.b = \"analysis\"", pick(members_at_))));
      break;
    case 3:
      each_lead_.push_back(add(name, "toy_gather", fmt::format("in = \"{}\"", pick(members_at_))));
      break;
    default:
      each_lead_.push_back(add(name, "toy_fold", fmt::format("in = \"{}\"", pick(members_at_))));
      break;
  }
}

void RandomPipeline::add_sink(int i) {
  const char* types[] = {"toy_sink", "toy_item_sink", "toy_trajectory_sink"};
  const bool whole = each_lead_.empty() || below(2);
  add("sink" + std::to_string(i), types[below(3)],
      fmt::format("in = \"{}\"\nkeep = {}\nevery = {}", pick(whole ? members_at_ : each_lead_),
                  below(4) ? "true" : "false", below(3) + 1));
}

}  // namespace ladcast::toy
