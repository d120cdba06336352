#include "graph/stage.h"

#include <limits>

#include "graph/error.h"
#include "graph/install.h"

namespace ladcast {

InPort::InPort(Stage* stage, const char* name, const char* doc, const PayloadType& type, Kind kind,
               Axis axis, unsigned marks)
    : name_(name),
      doc_(doc),
      type_(&type),
      kind_(kind),
      axis_(axis),
      marks_(marks),
      index_(static_cast<int>(stage->inputs_.size())) {
  stage->inputs_.push_back(this);
}

OutPort::OutPort(Stage* stage, const char* name, const char* doc, const PayloadType& type,
                 unsigned marks)
    : name_(name),
      doc_(doc),
      type_(&type),
      marks_(marks),
      index_(static_cast<int>(stage->outputs_.size())) {
  stage->outputs_.push_back(this);
}

ParamBase::ParamBase(Stage* stage, const char* name, const char* doc) : name_(name), doc_(doc) {
  stage->params_.push_back(this);
}

std::filesystem::path PathPattern::expand(Time init, int member, int lead_hours) const {
  std::string path = text;
  const auto replace = [&path](const std::string& name, const std::string& value) {
    const std::string token = "{" + name + "}";
    for (auto at = path.find(token); at != std::string::npos;
         at = path.find(token, at + value.size()))
      path.replace(at, token.size(), value);
  };
  replace("init", compact_time(init));
  replace("member", fmt::format("{:03}", member));
  replace("lead", fmt::format("{:03}", lead_hours));
  return path;
}

int ParamTraits<int>::read(const Setting& s) {
  const std::int64_t value = s.as_integer();
  if (value < std::numeric_limits<int>::min() || value > std::numeric_limits<int>::max())
    fail("{} is too large", value);
  return static_cast<int>(value);
}

InputFiles ParamTraits<InputFiles>::read(const Setting& s) try {
  namespace fs = std::filesystem;
  const std::string& text = s.as_text();
  const fs::path fixed = text.substr(0, text.find('{'));
  const fs::path probe = fixed.string() == text ? fixed : fixed.parent_path();
  if (fixed.is_absolute() || !s.position().source || fs::exists(probe.empty() ? "." : probe))
    return {{text}};
  const fs::path beside = s.position().source->folder;
  for (const fs::path& root : {beside, beside / "..", installed_data_folder()})
    if (fs::exists(root / probe)) return {{(root / text).lexically_normal().string()}};
  return {{text}};
} catch (const std::filesystem::filesystem_error& error) {
  fail("{} is no path: {}", s.to_toml().substr(0, 200), error.code().message());
}

}  // namespace ladcast
