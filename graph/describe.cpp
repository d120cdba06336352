#include "graph/describe.h"

#include <fmt/format.h>

#include <algorithm>

#include "graph/diagnostics.h"
#include "graph/text.h"

namespace ladcast {
namespace {

struct Group {
  const char* role;
  const char* title;
};
constexpr Group kGroups[] = {{"source", "Sources"}, {"stage", "Stages"}, {"sink", "Sinks"}};

const char* plural(Axis axis) {
  switch (axis) {
    case Axis::item:
      return "initial times";
    case Axis::lead:
      return "leads";
    case Axis::member:
      return "members";
  }
  return "";
}

std::string what_it_takes(const InPort& port) {
  std::string text = "one";
  if (port.kind() == InPort::Kind::many) text = "many";
  if (port.kind() == InPort::Kind::collect) text = fmt::format("collects {}", plural(port.axis()));
  if (port.kind() == InPort::Kind::fold) text = fmt::format("folds {}", plural(port.axis()));
  if (port.optional()) text += ", optional";
  if (port.feedback()) text += ", feedback";
  return text;
}

std::string order_text(const Stage& stage) {
  if (!stage.order()) return "";
  switch (*stage.order()) {
    case Within::plan:
      return "sees all in the order of the plan, one at a time";
    case Within::item:
      return "sees each initial time in order, one message at a time";
    case Within::trajectory:
      return "sees each batch of members in order, one message at a time";
  }
  return "";
}

std::string lane_text(const Stage& stage) {
  if (stage.process_lane())
    return fmt::format("runs on the lane '{}', which needs no entry in [lanes]",
                       stage.process_lane());
  return stage.needs_device() ? "needs a lane with a device" : "";
}

/// A value to be replaced, of the right kind and within the limits ("2 to 9", "at least 2", "one of
/// 2, 3").
std::string placeholder(const ParamSchema& param) {
  if (!param.limits.empty() && !param.limits.starts_with("at most ")) {
    std::string first = param.limits;
    for (const std::string prefix : {"one of ", "at least "})
      if (first.starts_with(prefix)) first.erase(0, prefix.size());
    return first.substr(0, first.find_first_of(", "));
  }
  if (param.type == "boolean") return "true";
  if (param.type == "integer") return "1";
  if (param.type == "number") return "1.0";
  if (param.type.starts_with("list of ")) return "[\"...\"]";
  if (param.type == "path pattern") return "\"out/{init}\"";
  return "\"...\"";
}

/// The default, "required" or "optional".
std::string default_text(const ParamSchema& param) {
  return param.required ? "required" : param.fallback.empty() ? "optional" : param.fallback;
}

std::string limits_text(const ParamSchema& param) {
  return param.unit + (param.unit.empty() || param.limits.empty() ? "" : ", ") + param.limits;
}

std::string payloads(const std::vector<PortSchema>& ports) {
  std::vector<std::string> names;
  for (const auto& port : ports)
    if (std::find(names.begin(), names.end(), port.payload) == names.end())
      names.push_back(port.payload);
  return join(names);
}

/// "Fields -> Latent", "-> Fields", "Scores ->".
std::string flow_text(const Schema& schema) {
  const std::string in = payloads(schema.inputs), out = payloads(schema.outputs);
  return in + (in.empty() ? "" : " ") + "->" + (out.empty() ? "" : " ") + out;
}

std::vector<Schema> schemas_of_role(const std::vector<const NodeType*>& types,
                                    const std::string& role) {
  std::vector<Schema> schemas;
  for (const auto* type : types)
    if (Schema schema = schema_of(*type); schema.role == role) schemas.push_back(std::move(schema));
  return schemas;
}

std::string from(const Schema& schema) {
  return schema.file.empty() ? "" : fmt::format(" [{}]", schema.file);
}

std::string escape_cell(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '|') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

std::string markdown_table(const std::vector<TableRow>& rows) {
  std::string text;
  for (const auto& row : rows) {
    const bool head = text.empty();
    for (const auto& cell : row)
      text += cell.empty() ? "| " : fmt::format("| {} ", escape_cell(cell));
    text += "|\n";
    if (!head) continue;
    for (std::size_t column = 0; column < row.size(); ++column) text += "|---";
    text += "|\n";
  }
  return text + "\n";
}

std::string code(const std::string& text) { return text.empty() ? "" : fmt::format("`{}`", text); }

std::string markdown_of(const Schema& schema) {
  std::string text = fmt::format("### {}\n\n{}\n\n", schema.name, schema.doc);
  for (const std::string& note : {schema.lane, schema.order})
    if (!note.empty()) text += fmt::format("It {}.\n\n", note);
  if (!schema.inputs.empty()) {
    std::vector<TableRow> rows{{"input", "payload", "takes", ""}};
    for (const auto& port : schema.inputs)
      rows.push_back({code(port.name), port.payload, port.takes, port.doc});
    text += markdown_table(rows);
  }
  if (!schema.outputs.empty()) {
    std::vector<TableRow> rows{{"output", "payload", ""}};
    for (const auto& port : schema.outputs)
      rows.push_back({code(port.name), port.payload, port.doc});
    text += markdown_table(rows);
  }
  if (!schema.params.empty()) {
    std::vector<TableRow> rows{{"parameter", "type", "default", "limits", ""}};
    for (const auto& param : schema.params)
      rows.push_back({code(param.name), param.type,
                      param.fallback.empty() ? default_text(param) : code(param.fallback),
                      limits_text(param), param.doc});
    text += markdown_table(rows);
  }
  return text + "```toml\n" + schema.example() + "```\n\n";
}

/// {"key": "value", …} of texts.
std::string json_object(const std::vector<std::pair<const char*, std::string>>& entries) {
  std::string text;
  for (const auto& [key, value] : entries)
    text += fmt::format("{}\"{}\": {}", text.empty() ? "" : ", ", key, quote_json(value));
  return text;
}

std::string json_list(const std::vector<std::string>& entries) {
  std::string text;
  for (const auto& entry : entries) text += (text.empty() ? "\n      " : ",\n      ") + entry;
  return "[" + text + "]";
}

std::string json_of(const Schema& schema) {
  std::vector<std::string> inputs, outputs, params;
  for (const auto& p : schema.inputs)
    inputs.push_back(
        "{" +
        json_object(
            {{"name", p.name}, {"payload", p.payload}, {"takes", p.takes}, {"doc", p.doc}}) +
        "}");
  for (const auto& p : schema.outputs)
    outputs.push_back(
        "{" + json_object({{"name", p.name}, {"payload", p.payload}, {"doc", p.doc}}) + "}");
  for (const auto& p : schema.params)
    params.push_back(fmt::format(
        "{{{}, \"required\": {}, {}}}",
        json_object({{"name", p.name}, {"type", p.type}, {"default", p.fallback}}), p.required,
        json_object({{"unit", p.unit}, {"limits", p.limits}, {"doc", p.doc}})));
  std::vector<std::pair<const char*, std::string>> head{{"name", schema.name},
                                                        {"doc", schema.doc},
                                                        {"role", schema.role},
                                                        {"lane", schema.lane},
                                                        {"order", schema.order}};
  if (!schema.file.empty()) head.emplace_back("file", schema.file);
  return fmt::format("  {{{},\n    \"inputs\": {},\n    \"outputs\": {},\n    \"parameters\": {}}}",
                     json_object(head), json_list(inputs), json_list(outputs), json_list(params));
}

}  // namespace

Schema schema_of(const NodeType& type) {
  const auto stage = type.make();
  Schema schema;
  schema.name = type.name;
  schema.doc = type.doc;
  schema.file = type.file;
  schema.role = stage->inputs().empty() ? "source" : stage->outputs().empty() ? "sink" : "stage";
  for (const auto* port : stage->inputs())
    schema.inputs.push_back({port->name(), port->type().name, what_it_takes(*port), port->doc()});
  for (const auto* port : stage->outputs())
    schema.outputs.push_back({port->name(), port->type().name, "", port->doc()});
  for (const auto* param : stage->params())
    schema.params.push_back({param->name(), param->type(), param->fallback(), param->required(),
                             param->unit(), param->limits(), param->doc()});
  schema.lane = lane_text(*stage);
  schema.order = order_text(*stage);
  return schema;
}

std::string Schema::example() const {
  std::vector<TableRow> rows{{"type", "= \"" + name + "\"", ""}};
  for (const auto& port : inputs) {
    const bool optional = port.takes.find("optional") != std::string::npos;
    const std::string key = inputs.size() == 1 ? "in" : "in." + port.name;
    const char* value = port.takes.starts_with("many") ? "= [\"node.port\"]" : "= \"node.port\"";
    rows.push_back({(optional ? "# " : "") + key, value, "# " + port.payload + ": " + port.doc});
  }
  for (const auto& param : params) {
    const std::string value = param.fallback.empty() ? placeholder(param) : param.fallback;
    rows.push_back({(param.required ? "" : "# ") + param.name, "= " + value, "# " + param.doc});
  }
  if (lane == "needs a lane with a device") rows.push_back({"lane", "= \"model\"", ""});
  return "[nodes." + name + "]\n" + format_table(rows, "lll");
}

std::string list_types(const std::vector<const NodeType*>& types) {
  std::vector<TableRow> rows;
  for (const auto& group : kGroups) {
    const auto schemas = schemas_of_role(types, group.role);
    if (schemas.empty()) continue;
    if (!rows.empty()) rows.push_back({});
    rows.push_back({group.title});
    for (const auto& schema : schemas)
      rows.push_back({"  " + schema.name, flow_text(schema), schema.doc + from(schema)});
  }
  return format_table(rows, "lll");
}

std::string describe_type(const NodeType& type) {
  const Schema schema = schema_of(type);
  std::vector<TableRow> in, out, params;
  for (const auto& port : schema.inputs)
    in.push_back({port.name, port.payload, port.takes, port.doc});
  for (const auto& port : schema.outputs) out.push_back({port.name, port.payload, port.doc});
  for (const auto& param : schema.params)
    params.push_back({param.name, param.type, default_text(param), limits_text(param), param.doc});
  std::string text = fmt::format("{}: {}{}\n", schema.name, schema.doc, from(schema));
  if (!in.empty()) text += "\ninputs\n" + format_table(in, "llll", 2);
  if (!out.empty()) text += "\noutputs\n" + format_table(out, "lll", 2);
  if (!params.empty()) text += "\nparameters\n" + format_table(params, "lllll", 2);
  for (const std::string& note : {schema.lane, schema.order})
    if (!note.empty()) text += "\nIt " + note + ".\n";
  return text + "\n" + schema.example();
}

std::string types_as_markdown(const std::vector<const NodeType*>& types) {
  std::string text;
  for (const auto& group : kGroups) {
    const auto schemas = schemas_of_role(types, group.role);
    if (schemas.empty()) continue;
    text += fmt::format("## {}\n\n", group.title);
    for (const auto& schema : schemas) text += markdown_of(schema);
  }
  return text.substr(0, text.size() - (text.empty() ? 0 : 1));
}

std::string types_as_json(const std::vector<const NodeType*>& types) {
  std::string text;
  for (const auto& group : kGroups)
    for (const auto& schema : schemas_of_role(types, group.role))
      text += (text.empty() ? "" : ",\n") + json_of(schema);
  return "[\n" + text + "\n]\n";
}

}  // namespace ladcast
