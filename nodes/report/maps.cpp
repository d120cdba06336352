#include <fmt/ranges.h>

#include <set>

#include "graph/diagnostics.h"
#include "graph/node.h"
#include "nodes/report/field_figures.h"
#include "nodes/report/figures.h"
#include "nodes/report/wanted.h"
#include "nodes/values/fields_payload.h"
#include "nodes/values/variables.h"

namespace ladcast {
namespace {

class Maps final : public Node {
  Fold<Fields> fields{this, "fields", Axis::member,
                      "the members of the ensemble, in physical units"};
  In<Fields> truth{this, "truth", "of the valid time: drawn beside the members", kOptional};
  DetachedOut<Figures> figures{this, "figures",
                               "for a report: mean, spread, members and probabilities, of each "
                               "channel; of leads that are not drawn, none"};
  Param<std::vector<std::string>> channels{
      this,
      "channels",
      "those that the fields have are drawn",
      {.fallback = std::vector<std::string>{"geopotential 500", "2m_temperature",
                                            "total_precipitation_6hr"}}};
  Param<std::vector<int>> leads{this,
                                "leads",
                                "to draw, of the first initial time; the last where none is there",
                                {.fallback = std::vector<int>{120, 240}, .unit = "h"}};
  Param<std::vector<std::string>> events{
      this,
      "events",
      "whose probability is drawn on the maps of their channels, the first for each",
      {.fallback =
           std::vector<std::string>{"2m_temperature > 303.15", "total_precipitation_6hr > 0.005"}}};

  using Gathered = std::vector<EnsembleMaps>;  // of the channels that are there

  std::vector<Channel> channels_;
  std::vector<Event> events_;
  std::set<int> drawn_leads_;       // in hours
  std::size_t gathered_bytes_ = 0;  // of all members

  void shape(Shape& shape) override {
    for (const auto& text : *channels) {
      try {
        channels_.push_back(parse_channel(text));
      } catch (const Error& error) {
        shape.error(channels, error.what(), "write \"geopotential 500\" or \"2m_temperature\"");
      }
    }
    for (const auto& text : *events) {
      try {
        events_.push_back(parse_event(text));
      } catch (const Error& error) {
        shape.error(events, error.what(), "write \"2m_temperature > 303.15\"");
      }
    }
    require_steps(shape, leads);
    const Plan& plan = shape.plan();
    for (const int lead : *leads)
      if (lead % plan.step_hours == 0 && lead <= plan.lead_hours(plan.leads))
        drawn_leads_.insert(lead);
    if (drawn_leads_.empty()) drawn_leads_.insert(plan.lead_hours(plan.leads));

    const Spec& members = shape.in(fields);
    if (members.normalised)
      shape.error(fields, "the fields are normalised, and maps are in physical units",
                  "take the fields after 'denormalise'");
    if (shape.has(truth))
      if (const auto difference = shape.in(truth).difference(members); !difference.empty())
        shape.error(truth, fmt::format("'truth' and 'fields' cannot be compared: {}", difference),
                    "take both before, or both after, 'regrid' and 'select'");
    if (is_set(events) && !members.channels.empty()) require_maps(shape, channels_of(members));
    if (!members.channels.empty())
      gathered_bytes_ = members.bytes / members.channels.size() * channels_.size() *
                        static_cast<std::size_t>(plan.batch_count());
    constexpr std::size_t kOfAChannel = 1 << 20;  // two figures
    const auto messages = static_cast<std::size_t>(std::max(1, plan.leads * plan.items()));
    shape.out(figures).bytes = kOfAChannel * channels_.size() * drawn_leads_.size() / messages;
  }
  /// Each event needs the map of its channel.
  void require_maps(Shape& shape, const std::vector<Channel>& there) const {
    std::vector<std::string> drawn;
    for (const auto& channel : there)
      for (const auto& wanted : channels_)
        if (wanted.name == channel.name && wanted.level == channel.level)
          drawn.push_back(to_string(Channel{channel.name, channel.level, ""}));
    for (const Event& event : events_) {
      if (std::find(drawn.begin(), drawn.end(), event.about()) != drawn.end()) continue;
      const std::string near = nearest(event.about(), drawn);
      shape.error(events,
                  fmt::format("no map of {} is drawn; {}", event.about(),
                              drawn.empty() ? "the fields have none of 'channels'"
                                            : fmt::format("drawn are {}", fmt::join(drawn, ", "))),
                  near.empty() ? "name a channel of the fields under channels too, or leave the "
                                 "event out"
                               : fmt::format("did you mean \"{} {}\"?", near, event.condition()));
    }
  }

  Memory memory() const override { return {.state = gathered_bytes_}; }

  void open() override {
    const int last = plan().lead_hours(plan().leads);
    std::vector<int> beyond;
    if (is_set(leads))
      std::copy_if(leads->begin(), leads->end(), std::back_inserter(beyond),
                   [&](int lead) { return lead > last; });
    if (!beyond.empty())
      print(fmt::format("maps.leads asks for {}, beyond the last lead; drawn are {}\n",
                        fmt::join(lead_names(beyond), ", "),
                        fmt::join(lead_names({drawn_leads_.begin(), drawn_leads_.end()}), ", ")));
  }

  bool draws(const Task& task) const {
    return task.key().item == 0 && drawn_leads_.contains(task.lead_hours());
  }

  void fold(Task& task) const override {
    const Fields& batch = task.get(fields);
    if (draws(task)) append_maps(task.state<Gathered>(), batch, channels_);
  }

  void run(Task& task) const override {
    Figures drawn;
    if (draws(task))
      for (EnsembleMaps& maps : task.state<Gathered>()) {
        if (task.has(truth)) add_truth(maps, task.get(truth));
        auto& group = drawn.groups.emplace_back();
        group.push_back(ensemble_sheet(maps, events_));
        if (maps.members.size() > 1 && members_there(maps) > 0)
          group.push_back(postage_stamps(maps));
      }
    task.send(figures, std::move(drawn));
  }
};

LADCAST_NODE(Maps, "maps", "Draws the fields of an ensemble on maps, for a report.");

}  // namespace
}  // namespace ladcast
