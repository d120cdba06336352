// Static rules: names, wiring, types, cycles, axes, gathers, claims, lanes. Each error names what
// is, what was expected and the cure; later rules run only on what earlier ones left sound.

#include "graph/graph.h"

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <map>
#include <set>

#include "graph/pipeline_test.h"
#include "graph/plugin_loader.h"
#include "graph/run_settings.h"

namespace ladcast {
namespace {

constexpr const char* kDevices = "allowed: \"auto\", \"cpu\", \"cuda:0\", [\"cuda:0\", \"cuda:1\"]";
const std::vector<std::string> kReserved = {"type", "in", "lane", "limit", "note"};

std::vector<std::string> names_of(const auto& ports) {
  std::vector<std::string> names;
  for (const auto* port : ports) names.push_back(port->name());
  return names;
}

bool valid_name(const std::string& name) {
  return !name.empty() && name[0] >= 'a' && name[0] <= 'z' &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
         });
}

/// A path that begins with ~/ lies in the user's home folder, as in a shell; a text is none.
Setting home_expanded(const Setting& setting, const ParamBase& param) {
  if (std::string_view(param.type()).ends_with("text") || !setting.is_string() ||
      !setting.as_text().starts_with("~/"))
    return setting;
  const char* home = std::getenv("HOME");
  if (!home) fail("there is no HOME that ~ stands for; write the whole path");
  return {home + setting.as_text().substr(1), setting.position()};
}

std::string join_path(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : " -> ") + name;
  return text;
}

class Builder {
 public:
  Builder(const Pipeline& pipeline, const Selection& selection) : pipeline_(pipeline) {
    graph_.file = pipeline.file;
    graph_.title = pipeline.title;
    graph_.settings = pipeline.root;
    selection_ = selection;
  }

  /// Plan, lanes, and nodes with their parameters.
  void read() {
    check_head();
    if (!load_plugins(pipeline_, diagnostics_))
      stop_on_error();  // else each of its types is unknown
    read_plan(pipeline_, selection_, graph_.plan, diagnostics_);
    read_engine();
    read_mode();
    read_lanes();
    read_nodes();
    read_tests(pipeline_, diagnostics_);
    stop_on_error();
    const auto plan = std::make_shared<const Plan>(graph_.plan);
    for (auto& node : graph_.nodes) node.stage->set_plan(plan);
  }

  Graph take() {
    graph_.warnings = diagnostics_.warnings();
    return std::move(graph_);
  }

  Graph build() {
    read();
    wire();
    stop_on_error();
    check_feedback();
    sort();
    stop_on_error();
    infer_all();
    stop_on_error();
    check_feedback_strides();
    check_gathers();
    check_claims();
    check_savers();
    check_unused();
    stop_on_error();
    return take();
  }

 private:
  void stop_on_error() { diagnostics_.check(pipeline_.file); }
  GraphNode& node(int index) { return graph_.nodes[static_cast<std::size_t>(index)]; }
  void error(const Position& at, const std::string& message, const std::string& hint,
             const std::string& cure) {
    diagnostics_.error({at, message, hint, cure});
  }

  void check_head() {
    check_keys(pipeline_.root, "the file",
               {"flow", "title", "run", "engine", "lanes", "plugins", "nodes", "tests"},
               diagnostics_);
    const Setting* flow = pipeline_.root.find("flow");
    const auto* version = flow ? std::get_if<std::int64_t>(&flow->data()) : nullptr;
    if (!version || *version != 1)
      error(flow ? flow->position() : Position{pipeline_.root.position().source, 1, 1, 1},
            flow ? "flow is " + flow->to_toml() + ", this program reads version 1"
                 : "the file does not say its version",
            "", "write flow = 1 in the first line");
    for (const char* name : {"run", "engine", "lanes", "plugins", "nodes"}) {
      const Setting* table = pipeline_.root.find(name);
      if (table && !table->is_table())
        error(table->position(), fmt::format("'{}' must be a table", name), "",
              fmt::format("write [{}]", name));
    }
  }

  void read_engine() {
    const Setting& engine = pipeline_.table("engine");
    const Setting* out = pipeline_.vars.find("out");
    if (out && out->is_string())
      graph_.journal = std::filesystem::path(out->as_text()) / ".journal";
    if (const Setting* journal = engine.find("journal")) {
      if (journal->is_string())
        graph_.journal = journal->as_text();
      else
        error(journal->position(), "engine.journal is " + journal->to_toml(), "",
              "write a folder, or \"\" for none");
    }
    if (const Setting* policy = engine.find("on_error")) {
      const std::string text = policy->is_string() ? policy->as_text() : policy->to_toml();
      if (text != "stop" && text != "skip_item")
        error(policy->position(), "engine.on_error is " + policy->to_toml(), "",
              "allowed: \"stop\", \"skip_item\"");
      graph_.skip_items = text == "skip_item";
      if (graph_.skip_items && graph_.plan.iterations > 0)
        error(policy->position(), "engine.on_error is \"skip_item\", and this run has iterations",
              "", "each follows from those before it: take \"stop\"");
    }
  }

  void read_mode() {
    const Setting* mode = pipeline_.table("engine").find("mode");
    if (!mode) return;
    const std::string text = mode->is_string() ? mode->as_text() : mode->to_toml();
    if (text != "reproducible" && text != "fast")
      error(mode->position(), "engine.mode is " + mode->to_toml(), "",
            "allowed: \"reproducible\", \"fast\"");
    graph_.fast = text == "fast";
  }

  void read_lanes() {
    for (const auto& entry : pipeline_.table("lanes").table()) {
      LaneSpec lane{entry.key, {}, false};
      if (!entry.value.is_table()) {
        error(entry.value.position(), "lane '" + entry.key + "' must be a table", "",
              "write " + entry.key + " = { device = \"auto\" }");
        continue;
      }
      check_keys(entry.value, "lane '" + entry.key + "'", {"device"}, diagnostics_);
      if (const Setting* device = entry.value.find("device")) {
        if (!device->is_list())
          add_device(lane, *device, false);
        else if (device->list().empty())
          error(device->position(), "device is []", "", kDevices);
        else
          for (const auto& one : device->list()) add_device(lane, one, true);
      }
      graph_.lanes.push_back(lane);
    }
  }

  void add_device(LaneSpec& lane, const Setting& device, bool in_list) {
    const std::string text = device.is_string() ? device.as_text() : device.to_toml();
    const bool cuda =
        text.starts_with("cuda:") && text.size() > 5 &&
        std::all_of(text.begin() + 5, text.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (in_list ? !cuda : text != "auto" && text != "cpu" && !cuda)
      error(device.position(), "device is " + device.to_toml(), "", kDevices);
    else if (std::find(lane.devices.begin(), lane.devices.end(), text) != lane.devices.end())
      error(device.position(), fmt::format("lane '{}' has {} twice", lane.name, text), "",
            "name each device once");
    lane.devices.push_back(text);
  }

  int lane_index(const std::string& name) const {
    for (std::size_t i = 0; i < graph_.lanes.size(); ++i)
      if (graph_.lanes[i].name == name) return static_cast<int>(i);
    return -1;
  }

  void read_nodes() {
    const Setting& nodes = pipeline_.table("nodes");
    if (nodes.table().empty())
      error(nodes.position().line > 0 ? nodes.position()
                                      : Position{pipeline_.root.position().source, 1, 1, 1},
            "the pipeline has no nodes", "", "add a table such as [nodes.analysis]");
    for (const auto& entry : nodes.table()) read_node(entry);
  }

  void read_node(const Setting::Entry& entry) {
    if (!valid_name(entry.key))
      error(entry.key_position, "'" + entry.key + "' is not a node name", "",
            "use small letters, digits and _, a letter first");
    if (!entry.value.is_table()) {
      error(entry.value.position(), "node '" + entry.key + "' must be a table", "",
            "write [nodes." + entry.key + "]");
      return;
    }
    const Setting* type = entry.value.find("type");
    if (!type || !type->is_string()) {
      error(type ? type->position() : entry.key_position, "node '" + entry.key + "' has no type",
            "", "add type = \"…\"; 'ladcast-flow nodes' lists the types");
      return;
    }
    const NodeType* known = find_node_type(type->as_text());
    if (!known) {
      std::vector<std::string> names;
      for (const auto* candidate : node_types()) names.push_back(candidate->name);
      error(type->position(), "unknown node type '" + type->as_text() + "'",
            did_you_mean(type->as_text(), names),
            "'ladcast-flow nodes' lists the types; those of a plugin need [plugins] load = "
            "[\"name\"]");
      return;
    }
    GraphNode made;
    made.name = entry.key;
    made.type = known;
    made.stage = known->make();
    made.position = entry.key_position;
    made.type_position = type->position();
    read_params(entry, made);
    read_lane(entry.value, made);
    made.inputs.resize(made.stage->inputs().size());
    made.outputs.resize(made.stage->outputs().size());
    graph_.nodes.push_back(std::move(made));
    settings_.push_back(&entry.value);
  }

  void read_params(const Setting::Entry& entry, GraphNode& made) {
    const auto& params = made.stage->params();
    for (const auto& key : entry.value.table()) {
      if (std::find(kReserved.begin(), kReserved.end(), key.key) != kReserved.end()) continue;
      const auto found = std::find_if(params.begin(), params.end(),
                                      [&](const auto* p) { return key.key == p->name(); });
      if (found == params.end()) {
        auto known = names_of(params);
        known.insert(known.end(), kReserved.begin(), kReserved.end());
        error(key.key_position, fmt::format("unknown key '{}' in node '{}'", key.key, made.name),
              did_you_mean(key.key, known),
              fmt::format("parameters of type '{}': {}", made.type->name,
                          params.empty() ? "none" : join(names_of(params))));
        continue;
      }
      check_init_in_path(**found, key.value);
      try {
        (*found)->set(home_expanded(key.value, **found));
      } catch (const Error& problem) {
        error(key.value.position(), fmt::format("{}: {}", key.key, problem.what()), "",
              fmt::format("{}: {} ({}{}{})", key.key, (*found)->doc(), (*found)->type(),
                          (*found)->limits().empty() ? "" : ", ", (*found)->limits()));
      }
    }
    for (const auto* param : params)
      if (param->required() && !entry.value.find(param->name()))
        error(entry.key_position, fmt::format("node '{}' needs '{}'", made.name, param->name()), "",
              fmt::format("add {} = {}: {}", param->name(), param->type(), param->doc()));
  }

  /// A path for each initial time needs initial times.
  void check_init_in_path(const ParamBase& param, const Setting& value) {
    const std::string type = param.type();
    if (graph_.plan.iterations == 0 || !value.is_string() ||
        (type != ParamTraits<PathPattern>::name() && type != ParamTraits<InputFiles>::name()) ||
        value.as_text().find("{init}") == std::string::npos)
      return;
    error(value.position(),
          fmt::format("{}: {} names a file for each initial time, and this run has iterations",
                      param.name(), value.to_toml()),
          "", "write a path without {init}");
  }

  void read_lane(const Setting& table, GraphNode& made) {
    if (const Setting* limit = table.find("limit")) {
      const auto* value = std::get_if<std::int64_t>(&limit->data());
      if (!value || *value < 1)
        error(limit->position(), "limit is " + limit->to_toml(), "",
              "write a number of at least 1");
      else
        made.limit = static_cast<int>(std::min<std::int64_t>(*value, 1 << 20));
    }
    const Setting* lane = table.find("lane");
    if (const char* process = made.stage->process_lane()) {
      if (lane)
        error(lane->position(),
              fmt::format("'{}' always runs on the lane '{}'", made.type->name, process), "",
              "remove 'lane'");
      if (lane_index(process) < 0) graph_.lanes.push_back({process, {}, true});
      made.lane = lane_index(process);
      return;
    }
    if (!lane) {
      if (made.stage->needs_device())
        error(made.type_position, fmt::format("'{}' needs a lane with a device", made.type->name),
              "", "add lane = \"model\", and [lanes] model = { device = \"auto\" }");
      return;
    }
    const std::string name = lane->is_string() ? lane->as_text() : "";
    made.lane = lane_index(name);
    if (made.lane < 0) {
      std::vector<std::string> names;
      for (const auto& known : graph_.lanes) names.push_back(known.name);
      error(lane->position(), "unknown lane " + lane->to_toml(), did_you_mean(name, names),
            names.empty()
                ? "add [lanes] with " + (name.empty() ? "model" : name) + " = { device = \"auto\" }"
                : "lanes: " + join(names));
    } else if (made.stage->needs_device() &&
               graph_.lanes[static_cast<std::size_t>(made.lane)].devices.empty()) {
      error(lane->position(),
            fmt::format("'{}' needs a device, and lane '{}' has none", made.type->name, name), "",
            "write " + name + " = { device = \"auto\" } in [lanes]");
    }
  }

  // ---- wiring ----

  void wire() {
    for (std::size_t i = 0; i < graph_.nodes.size(); ++i) wire_node(static_cast<int>(i));
  }

  void wire_node(int index) {
    GraphNode& to = node(index);
    const auto& ports = to.stage->inputs();
    const Setting* in = settings_[static_cast<std::size_t>(index)]->find("in");
    if (in && ports.empty()) {
      error(in->position(), fmt::format("'{}' is a source and has no input", to.type->name), "",
            "remove 'in'");
      return;
    }
    if (in && in->is_table()) {
      for (const auto& entry : in->table()) {
        const auto found = std::find_if(ports.begin(), ports.end(),
                                        [&](const auto* p) { return entry.key == p->name(); });
        if (found == ports.end())
          error(entry.key_position, fmt::format("node '{}' has no input '{}'", to.name, entry.key),
                did_you_mean(entry.key, names_of(ports)),
                fmt::format("inputs of type '{}': {}", to.type->name, join(names_of(ports))));
        else
          wire_port(index, **found, entry.value);
      }
    } else if (in) {
      const auto required =
          std::count_if(ports.begin(), ports.end(), [](const auto* p) { return !p->optional(); });
      if (required > 1)
        error(in->position(),
              fmt::format("'{}' has {} inputs, 'in' alone does not say which", to.type->name,
                          ports.size()),
              "", fmt::format("write in.PORT = \"node\" for each of: {}", join(names_of(ports))));
      else {
        const auto main_port =
            std::find_if(ports.begin(), ports.end(), [](const auto* p) { return !p->optional(); });
        wire_port(index, main_port == ports.end() ? *ports.front() : **main_port, *in);
      }
    }
    if (in && !in->is_table() &&
        std::count_if(ports.begin(), ports.end(), [](const auto* p) { return !p->optional(); }) > 1)
      return;
    for (const auto* port : ports)
      if (!port->optional() && to.inputs[static_cast<std::size_t>(port->index())].empty() &&
          !bad_ports_.contains(port))
        error(to.position, fmt::format("node '{}' needs the input '{}'", to.name, port->name()), "",
              fmt::format("add in{} = \"node\": {} ({})",
                          ports.size() > 1 ? std::string(".") + port->name() : "", port->doc(),
                          port->type().name));
  }

  void wire_port(int index, const InPort& port, const Setting& setting) {
    if (setting.is_list()) {
      if (port.kind() != InPort::Kind::many && setting.list().size() != 1) {
        bad_ports_.insert(&port);
        error(setting.position(),
              fmt::format("input '{}' of node '{}' takes one edge, {} are given", port.name(),
                          node(index).name, setting.list().size()),
              "", "name one output");
        return;
      }
      for (const auto& entry : setting.list()) wire_edge(index, port, entry);
    } else {
      wire_edge(index, port, setting);
    }
  }

  void wire_edge(int index, const InPort& port, const Setting& setting) {
    GraphNode& to = node(index);
    if (!setting.is_string()) {
      bad_ports_.insert(&port);
      error(setting.position(),
            fmt::format("input '{}' of node '{}' is {}", port.name(), to.name, setting.to_toml()),
            "", "write \"node\" or \"node.port\"");
      return;
    }
    const std::string text = setting.as_text();
    const std::string from_name = text.substr(0, text.find('.'));
    const int from_index = graph_.find(from_name);
    if (from_index < 0) {
      bad_ports_.insert(&port);
      std::vector<std::string> names;
      for (const auto& candidate : graph_.nodes) names.push_back(candidate.name);
      error(
          setting.position(),
          fmt::format("node '{}' reads '{}', but there is no node '{}'", to.name, text, from_name),
          did_you_mean(from_name, names), "nodes: " + join(names));
      return;
    }
    const int out = find_output(to, node(from_index), text, setting.position());
    if (out < 0) {
      bad_ports_.insert(&port);
      return;
    }
    const OutPort& output = *node(from_index).stage->outputs()[static_cast<std::size_t>(out)];
    if (std::string(output.type().name) != port.type().name) {
      bad_ports_.insert(&port);
      error(setting.position(),
            fmt::format("'{}.{}' sends {}, but input '{}' of '{}' takes {}", from_name,
                        output.name(), output.type().name, port.name(), to.name, port.type().name),
            "", type_cure(output.type().name, port.type().name));
      return;
    }
    auto& edges = to.inputs[static_cast<std::size_t>(port.index())];
    edges.push_back({from_index, out, setting.position()});
    node(from_index)
        .outputs[static_cast<std::size_t>(out)]
        .push_back({index, port.index(), static_cast<int>(edges.size()) - 1});
  }

  /// Which node types lead from one payload type to another.
  static std::string type_cure(const std::string& from, const std::string& to) {
    std::vector<std::string> between;
    for (const auto* type : node_types()) {
      const auto stage = type->make();
      if (stage->inputs().size() != 1 || stage->outputs().size() != 1) continue;
      if (stage->inputs()[0]->type().name == from && stage->outputs()[0]->type().name == to)
        between.push_back(type->name);
    }
    return between.empty() ? ""
                           : fmt::format("types that make {} from {}: {}", to, from, join(between));
  }

  int find_output(const GraphNode& to, const GraphNode& from, const std::string& text,
                  const Position& at) {
    const auto& outputs = from.stage->outputs();
    if (outputs.empty()) {
      error(at,
            fmt::format("node '{}' reads '{}', but '{}' is a sink and has no output", to.name, text,
                        from.type->name),
            "", "");
      return -1;
    }
    const auto dot = text.find('.');
    if (dot == std::string::npos) {
      if (outputs.size() == 1) return 0;
      error(
          at,
          fmt::format("node '{}' reads '{}', which has {} outputs", to.name, text, outputs.size()),
          "", fmt::format("write \"{}.PORT\" with one of: {}", text, join(names_of(outputs))));
      return -1;
    }
    const std::string port = text.substr(dot + 1);
    for (const auto* output : outputs)
      if (port == output->name()) return output->index();
    const std::string close = nearest(port, names_of(outputs));
    error(
        at,
        fmt::format("node '{}' reads '{}', but '{}' has no such output", to.name, text, from.name),
        close.empty() ? "" : fmt::format("did you mean '{}.{}'?", from.name, close),
        fmt::format("outputs of type '{}': {}", from.type->name, join(names_of(outputs))));
    return -1;
  }

  // ---- cycles ----

  void check_feedback() {
    for (auto& node : graph_.nodes)
      for (const auto* port : node.stage->inputs())
        if (port->feedback()) node.feedback = port->index();
  }

  bool is_feedback(const GraphNode& to, std::size_t port) const {
    return to.feedback >= 0 && port == static_cast<std::size_t>(to.feedback);
  }

  /// Depth-first from sinks to sources; a node met again on its own path closes a cycle.
  void sort() {
    std::vector<int> state(graph_.nodes.size(), 0);  // 0 new, 1 on the path, 2 done
    std::vector<int> path;
    const std::function<void(int)> visit = [&](int index) {
      state[static_cast<std::size_t>(index)] = 1;
      path.push_back(index);
      const GraphNode& to = node(index);
      for (std::size_t port = 0; port < to.inputs.size(); ++port) {
        if (is_feedback(to, port)) continue;
        for (const auto& origin : to.inputs[port]) {
          const int seen = state[static_cast<std::size_t>(origin.node)];
          if (seen == 1) report_cycle(path, origin);
          if (seen == 0) visit(origin.node);
        }
      }
      path.pop_back();
      state[static_cast<std::size_t>(index)] = 2;
      graph_.order.push_back(index);
    };
    for (std::size_t i = 0; i < graph_.nodes.size(); ++i)
      if (state[i] == 0) visit(static_cast<int>(i));
    for (const int index : graph_.order)
      for (std::size_t port = 0; port < node(index).inputs.size(); ++port)
        if (!is_feedback(node(index), port))
          for (const auto& origin : node(index).inputs[port])
            node(index).depth = std::max(node(index).depth, node(origin.node).depth + 1);
    if (diagnostics_.ok()) check_loops();
  }

  void report_cycle(const std::vector<int>& path, const Origin& closing) {
    std::vector<std::string> names;
    const auto start = std::find(path.begin(), path.end(), closing.node);
    for (auto at = path.end(); at != start; --at) names.push_back(node(*std::prev(at)).name);
    names.insert(names.begin(), node(closing.node).name);
    error(closing.at, "a cycle: " + join_path(names), "",
          "close it with a rollout node: only its input 'next' may close a cycle");
  }

  /// Each rollout's feedback must come from its own state.
  void check_loops() {
    for (std::size_t i = 0; i < graph_.nodes.size(); ++i) {
      const GraphNode& loop = graph_.nodes[i];
      if (loop.feedback < 0) continue;
      const auto& edges = loop.inputs[static_cast<std::size_t>(loop.feedback)];
      if (edges.empty()) continue;  // reported as a missing input
      std::set<int> seen;
      const std::function<bool(int)> comes_from_loop = [&](int index) {
        if (index == static_cast<int>(i)) return true;
        if (!seen.insert(index).second) return false;
        for (std::size_t port = 0; port < node(index).inputs.size(); ++port)
          if (!is_feedback(node(index), port))
            for (const auto& origin : node(index).inputs[port])
              if (comes_from_loop(origin.node)) return true;
        return false;
      };
      if (!comes_from_loop(edges.front().node))
        error(edges.front().at,
              fmt::format("'{}' of node '{}' does not come from its own '{}'",
                          loop.stage->inputs()[static_cast<std::size_t>(loop.feedback)]->name(),
                          loop.name, loop.stage->outputs().front()->name()),
              "", "lead the state through a denoise node and back");
    }
  }

  // ---- axes and specs ----

  class NodeShape final : public Shape {
   public:
    NodeShape(Builder& builder, GraphNode& node) : builder_(builder), node_(node) {}
    const Plan& plan() const override { return builder_.graph_.plan; }
    bool has(const InPort& port) const override { return !edges(port).empty(); }
    const Spec& in(const InPort& port) const override {
      const Origin& origin = edges(port).front();
      return builder_.node(origin.node).specs[static_cast<std::size_t>(origin.port)];
    }
    Spec& out(const OutPort& port) override {
      return node_.specs[static_cast<std::size_t>(port.index())];
    }
    void error(const InPort& port, const std::string& what, const std::string& cure) override {
      const auto& list = edges(port);
      builder_.error(list.empty() ? node_.position : list.front().at,
                     fmt::format("node '{}': {}", node_.name, what), "", cure);
    }
    void error(const ParamBase& param, const std::string& what, const std::string& cure) override {
      const bool placed = param.position().source != nullptr;
      builder_.error(placed ? param.position() : node_.position,
                     fmt::format("node '{}': {}", node_.name, what), "", cure);
    }

   private:
    const std::vector<Origin>& edges(const InPort& port) const {
      return node_.inputs[static_cast<std::size_t>(port.index())];
    }
    Builder& builder_;
    GraphNode& node_;
  };

  void infer(int index) {
    GraphNode& to = node(index);
    if (to.is_source()) {
      to.axes = to.stage->source_axes(graph_.plan);
      to.opens_trajectories = to.axes.batch;
    } else if (to.feedback >= 0) {
      infer_loop(to);
    } else {
      infer_join(to);
    }
    to.specs.assign(to.stage->outputs().size(), Spec{});
    for (auto& spec : to.specs) spec.axes = to.axes;
    NodeShape shape(*this, to);
    to.stage->shape(shape);
    add_history(to);
  }

  /// What led to the inputs led to the outputs too.
  void add_history(GraphNode& to) {
    std::vector<std::string> lines;
    const auto add = [&lines](const std::vector<std::string>& more) {
      for (const auto& line : more)
        if (std::find(lines.begin(), lines.end(), line) == lines.end()) lines.push_back(line);
    };
    for (std::size_t port = 0; port < to.inputs.size(); ++port)
      for (const auto& origin : to.inputs[port])
        if (!is_feedback(to, port)) add(spec_of(origin).history);
    for (auto& spec : to.specs) {
      auto own = std::move(spec.history);
      spec.history = lines;
      for (auto& line : own)
        if (std::find(lines.begin(), lines.end(), line) == lines.end())
          spec.history.push_back(std::move(line));
    }
  }

  /// Infers in flow order. What follows a node with an error is left out: its errors would be
  /// echoes.
  void infer_all() {
    std::set<int> bad;
    for (const int index : graph_.order) {
      const auto& inputs = node(index).inputs;
      bool sound = true;
      for (std::size_t port = 0; port < inputs.size(); ++port)
        for (const auto& origin : inputs[port])
          sound = sound && (is_feedback(node(index), port) || !bad.contains(origin.node));
      const std::size_t before = diagnostics_.count();
      if (sound) infer(index);
      if (!sound || diagnostics_.count() > before) bad.insert(index);
    }
  }

  const Spec& spec_of(const Origin& origin) {
    return node(origin.node).specs[static_cast<std::size_t>(origin.port)];
  }

  void infer_loop(GraphNode& loop) {
    const int frames = loop.stage->leads_per_step();
    const int leads = graph_.plan.leads;
    if (leads == 0) {
      error(loop.position, fmt::format("node '{}' rolls out, but [run] has no lead", loop.name), "",
            graph_.plan.iterations > 0
                ? "take the node out: a run of iterations has no leads"
                : "add lead = { step_hours = 6, until_hours = 360 } to [run]");
      return;
    }
    loop.axes = {true, {0, frames, (leads + frames - 1) / frames}, true};
    for (std::size_t port = 0; port < loop.inputs.size(); ++port) {
      if (is_feedback(loop, port) || loop.inputs[port].empty()) continue;
      const Axes& seed = spec_of(loop.inputs[port].front()).axes;
      if (!seed.leads.empty())
        error(loop.inputs[port].front().at,
              fmt::format("node '{}' is seeded by messages of many leads", loop.name), "",
              "seed it with one analysis for each initial time (at = \"init\")");
      loop.opens_trajectories = !seed.batch;
    }
  }

  void infer_join(GraphNode& to) {
    to.axes = {false, {}, false};
    const Origin* with_leads = nullptr;
    for (std::size_t port = 0; port < to.inputs.size(); ++port) {
      const InPort& input = *to.stage->inputs()[port];
      for (const auto& origin : to.inputs[port]) {
        Axes axes = spec_of(origin).axes;
        const bool gathers =
            input.kind() == InPort::Kind::collect || input.kind() == InPort::Kind::fold;
        if (gathers && input.axis() == Axis::member) axes.batch = false;
        if (gathers && input.axis() == Axis::lead) axes.leads = {};
        if (gathers && input.axis() == Axis::item) axes.item = false;
        to.axes.item |= axes.item;
        to.axes.batch |= axes.batch;
        if (axes.leads.empty()) continue;
        if (with_leads && axes.leads != to.axes.leads) {
          report_strides(to, *with_leads, origin, axes.leads);
          continue;
        }
        to.axes.leads = axes.leads;
        with_leads = &origin;
      }
    }
  }

  void report_strides(const GraphNode& to, const Origin& a, const Origin& b, const Leads& leads_b) {
    const auto show = [this](const Leads& leads) {
      std::vector<std::string> hours;
      for (int i = 0; i < leads.count; ++i)
        if (i < 2 || i + 1 == leads.count)
          hours.push_back(
              fmt::format("{}{}", i > 2 ? "… " : "", graph_.plan.lead_hours(leads.at(i))));
      return join(hours) + " h";
    };
    error(b.at,
          fmt::format("node '{}' joins '{}' with leads {} and '{}' with leads {}", to.name,
                      node(a.node).name, show(to.axes.leads), node(b.node).name, show(leads_b)),
          "",
          "join streams of equal leads: decode sends each one by one, and select keeps the same of "
          "both");
  }

  // ---- rules on the whole ----

  void check_feedback_strides() {
    for (auto& loop : graph_.nodes) {
      if (loop.feedback < 0) continue;
      const Origin& origin = loop.inputs[static_cast<std::size_t>(loop.feedback)].front();
      const Axes& axes = spec_of(origin).axes;
      const Leads wanted{loop.axes.leads.first + 1, loop.axes.leads.stride, loop.axes.leads.count};
      if (axes.leads != wanted || !axes.batch)
        error(origin.at,
              fmt::format(
                  "node '{}' is led back one message for each step, with the step's first lead",
                  loop.name),
              "", "lead back what the denoise node sends");
    }
  }

  void check_gathers() {
    const Plan& plan = graph_.plan;
    for (auto& to : graph_.nodes) {
      for (std::size_t port = 0; port < to.inputs.size(); ++port) {
        const InPort& input = *to.stage->inputs()[port];
        for (const auto& origin : to.inputs[port]) {
          const Axes& axes = spec_of(origin).axes;
          if (input.kind() == InPort::Kind::collect && input.axis() == Axis::member && axes.batch)
            need_batches(to, "collects");
          if (input.kind() == InPort::Kind::collect && input.axis() == Axis::lead)
            need_window(to, axes.leads);
          if (input.kind() == InPort::Kind::collect && input.axis() == Axis::item &&
              plan.items() * plan.batch_count() > plan.in_flight)
            error(to.position,
                  fmt::format("'{}' collects {}, in_flight is {}", to.name,
                              plan.count_items(plan.items()), plan.in_flight),
                  "",
                  fmt::format("set engine.in_flight to at least {}",
                              plan.items() * plan.batch_count()));
        }
      }
      const auto order = to.stage->order();
      if (order && *order != Within::trajectory && to.axes.batch)
        need_batches(to, "writes in order");
    }
  }

  void need_batches(const GraphNode& to, const char* what) {
    const Plan& plan = graph_.plan;
    if (plan.in_flight >= plan.batch_count()) return;
    error(to.position,
          fmt::format("'{}' {} {} batches, in_flight is {}", to.name, what, plan.batch_count(),
                      plan.in_flight),
          "",
          fmt::format("set engine.in_flight to at least {}, or run.batch to at least {}",
                      plan.batch_count(), (plan.members() + plan.in_flight - 1) / plan.in_flight));
  }

  void need_window(const GraphNode& to, const Leads& leads) {
    int frames = 1;
    for (const auto& loop : graph_.nodes)
      if (loop.feedback >= 0) frames = std::max(frames, loop.stage->leads_per_step());
    const int needed = (leads.count - 1) * leads.stride / frames + (leads.count > 1 ? 2 : 1);
    if (graph_.plan.window < needed)
      error(to.position,
            fmt::format("'{}' collects {} leads, window is {}", to.name, leads.count,
                        graph_.plan.window),
            "", fmt::format("set engine.window to at least {}", needed));
  }

  void check_claims() {
    std::map<std::string, const GraphNode*> claimed;
    for (auto& sink : graph_.nodes) {
      for (const auto& claim : sink.stage->claims()) {
        const Position& at = path_position(sink);
        if (sink.axes.item && graph_.plan.items() > 1 && !claim.holds_items &&
            !claim.pattern.has("init"))
          error(at,
                fmt::format("'{}' writes {} to one path", sink.name,
                            graph_.plan.count_items(graph_.plan.items())),
                "",
                graph_.plan.iterations > 0 ? "take a stage that writes all of them to one file"
                                           : "put {init} into the path");
        if (sink.axes.batch && graph_.plan.members() > 1 && !claim.holds_members &&
            !claim.pattern.has("member"))
          error(at,
                fmt::format("'{}' writes {} members to one path", sink.name, graph_.plan.members()),
                "", "put {member} into the path");
        check_placeholders(claim.pattern, at);
        const auto [other, added] = claimed.emplace(claim.pattern.text, &sink);
        if (!added)
          error(at,
                fmt::format("'{}' and '{}' both write {}", other->second->name, sink.name,
                            claim.pattern.text),
                "", "give each its own path");
      }
    }
  }

  /// What a stage has made of an item cannot be taken out of its state.
  void check_savers() {
    for (const auto& saver : graph_.nodes)
      if (graph_.skip_items && saver.saves())
        error(saver.position,
              fmt::format("'{}' goes on from states, and engine.on_error is \"skip_item\"",
                          saver.name),
              "", "take on_error = \"stop\"");
  }

  /// "{foo}" in a path would be taken word for word.
  void check_placeholders(const PathPattern& pattern, const Position& at) {
    static const std::vector<std::string> kKnown = {"init", "member", "lead"};
    const std::string& text = pattern.text;
    for (auto open = text.find('{'); open != std::string::npos; open = text.find('{', open + 1)) {
      const auto close = text.find('}', open);
      if (close == std::string::npos) return;
      const std::string name = text.substr(open + 1, close - open - 1);
      if (std::find(kKnown.begin(), kKnown.end(), name) == kKnown.end())
        error(at, "unknown placeholder '{" + name + "}' in a path", did_you_mean(name, kKnown),
              "placeholders: {init}, {member}, {lead}");
    }
  }

  static const Position& path_position(const GraphNode& sink) {
    for (const auto* param : sink.stage->params())
      if (std::string(param->name()) == "path") return param->position();
    return sink.position;
  }

  void check_unused() {
    for (const auto& from : graph_.nodes)
      for (const auto* port : from.stage->outputs())
        if (!port->optional() && from.outputs[static_cast<std::size_t>(port->index())].empty())
          diagnostics_.warning({from.position,
                                fmt::format("nobody reads '{}.{}'", from.name, port->name()), "",
                                ""});
  }

  const Pipeline& pipeline_;
  Selection selection_;
  Diagnostics diagnostics_;
  Graph graph_;
  std::vector<const Setting*> settings_;  // of each node
  std::set<const InPort*> bad_ports_;     // reported once, not as missing too
};

}  // namespace

bool GraphNode::is_read() const {
  return std::any_of(outputs.begin(), outputs.end(),
                     [](const auto& targets) { return !targets.empty(); });
}

bool GraphNode::keeps() const {
  return stage->order() && static_cast<const Ordered&>(*stage).keeps();
}

bool GraphNode::saves() const {
  return stage->order() == Within::plan && static_cast<const Ordered&>(*stage).saves();
}

int Graph::find(const std::string& name) const {
  for (std::size_t i = 0; i < nodes.size(); ++i)
    if (nodes[i].name == name) return static_cast<int>(i);
  return -1;
}

bool Graph::has_batches() const {
  return std::any_of(nodes.begin(), nodes.end(),
                     [](const auto& node) { return node.opens_trajectories; });
}

std::size_t Graph::device_of(const GraphNode& node, const Key& key) const {
  if (node.lane < 0 || node.stage->order()) return 0;
  const auto count = lanes[static_cast<std::size_t>(node.lane)].devices.size();
  if (count < 2) return 0;
  const std::int64_t trajectory = std::int64_t{key.item} * plan.batch_count() + key.batch;
  return static_cast<std::size_t>(trajectory) % count;
}

Graph read_graph(const Pipeline& pipeline, const Selection& selection) {
  Builder builder(pipeline, selection);
  builder.read();
  return builder.take();
}

Graph build_graph(const Pipeline& pipeline, const Selection& selection) {
  return Builder(pipeline, selection).build();
}

}  // namespace ladcast
