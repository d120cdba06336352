// A model as a parameter of a node: model = "small-planet" or a folder.
#pragma once

#include <memory>

#include "graph/param.h"
#include "nodes/values/model.h"

namespace ladcast {

template <>
struct ParamTraits<Model> {
  static const char* name() { return "model"; }
  /// Looks the model up from the pipeline's own tree too (Model::read, find_model). Throws Error.
  static Model read(const Setting& setting);
  static std::string show(const Model& model) { return "\"" + model.name + "\""; }
};

}  // namespace ladcast
