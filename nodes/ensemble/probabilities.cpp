#include <algorithm>

#include "graph/diagnostics.h"
#include "graph/node.h"
#include "nodes/ensemble/exceedance.h"
#include "nodes/values/fields_payload.h"

namespace ladcast {
namespace {

class Probabilities final : public Node {
  Fold<Fields> fields{this, "fields", Axis::member,
                      "the members of an ensemble, at least one, in physical units"};
  Out<Fields> probabilities{this, "probabilities",
                            "0 to 1, of the members that are there at each point; a channel for "
                            "each event"};
  Param<std::vector<std::string>> events{
      this, "events",
      "what may happen, in the variables' units, as \"2m_temperature > 303.15\" or "
      "\"geopotential 500 < 52000\""};

  std::vector<Event> events_;
  std::size_t values_ = 0;  // of all events, known once the shape is

  void shape(Shape& shape) override {
    const Spec& members = shape.in(fields);
    if (members.normalised)
      shape.error(fields, "the fields are normalised, and thresholds are in physical units",
                  "take the fields after 'denormalise'");
    if (events->empty())
      shape.error(events, "there are no events", "write events = [\"2m_temperature > 303.15\"]");
    std::vector<Channel> channels;
    try {
      const auto there = channels_of(members);
      for (const std::string& text : *events) add_event(shape, text, there, channels);
    } catch (const Error& error) {
      shape.error(fields, error.what(), "read fields of the variables that are known");
    }
    Spec& spec = shape.out(probabilities);
    spec.shape = members.shape;
    spec.coordinates = members.coordinates;
    describe_channels(spec, channels);
    spec.bytes = members.channels.empty()
                     ? 0
                     : members.bytes / members.channels.size() * channels.size() /
                           static_cast<std::size_t>(shape.plan().largest_batch());
    values_ = spec.bytes / sizeof(float);
  }

  void add_event(Shape& shape, const std::string& text, const std::vector<Channel>& there,
                 std::vector<Channel>& channels) {
    try {
      const Event event = parse_event(text);
      if (std::none_of(there.begin(), there.end(),
                       [&](const Channel& channel) { return event.is_about(channel); })) {
        report_unknown(shape, event, there);
        return;
      }
      if (std::find(channels.begin(), channels.end(), event.channel()) != channels.end())
        fail("'{}' is there twice", text);
      channels.push_back(event.channel());
      events_.push_back(event);
    } catch (const Error& error) {
      shape.error(events, error.what(),
                  "write each event once, as \"2m_temperature > 303.15\" or "
                  "\"geopotential 500 < 52000\"");
    }
  }

  void report_unknown(Shape& shape, const Event& event, const std::vector<Channel>& there) const {
    std::vector<std::string> names, same_name;
    for (const Channel& channel : there) {
      names.push_back(channel.name);
      if (channel.name == event.name) same_name.push_back(to_string(channel));
    }
    names.erase(std::unique(names.begin(), names.end()), names.end());
    std::string cure = did_you_mean(event.name, names);
    if (!same_name.empty())
      cure = fmt::format("they have {}", fmt::join(same_name, ", "));
    else if (cure.empty())
      cure = fmt::format("they have {}", fmt::join(names, ", "));
    shape.error(events, fmt::format("the fields have no {}", event.about()), cure);
  }

  Memory memory() const override { return {.state = Exceedance::bytes(values_)}; }

  void fold(Task& task) const override { task.state<Exceedance>().add(task.get(fields), events_); }

  void run(Task& task) const override {
    task.send(probabilities, task.state<Exceedance>().probabilities());
  }
};

LADCAST_NODE(Probabilities, "probabilities",
             "How many of the members are above or below thresholds, point by point.");

}  // namespace
}  // namespace ladcast
