// Parameters that all nodes that read fields have, and what follows from them.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "graph/node.h"
#include "nodes/ingest/derive.h"
#include "nodes/ingest/fields_request.h"
#include "nodes/values/fields.h"
#include "nodes/values/model_param.h"

namespace ladcast {

struct ReaderParams {
  explicit ReaderParams(Stage* owner) : stage(owner) {}

  Stage* stage;
  Param<InputFiles> path{stage, "path",
                         "file; may name {init}, {lead} and {member}; several with * and ?"};
  Param<Model> model{stage, "model", "model whose channels are read", {.optional = true}};
  Param<std::vector<std::string>> channels{
      stage,
      "channels",
      "channels to read instead of the model's, as \"2m_temperature\" or \"geopotential 500\"",
      {.optional = true}};
  Param<std::string> grid{
      stage,
      "grid",
      "model: the files must be on the model's grid; file: they have any, for `regrid` to follow",
      {.fallback = "model", .choices = {"model", "file"}}};
  Param<std::vector<std::string>> derive{
      stage, "derive",
      "how channels are made instead of being read: \"specific_humidity from relative_humidity\", "
      "\"vertical_velocity from geometric_vertical_velocity\", "
      "\"sea_surface_temperature from skin_temperature\", "
      "\"total_precipitation_6hr from hourly sums\" (or \"sums since the start\"), "
      "\"vertical_velocity 50 from 0\"",
      ParamOptions<std::vector<std::string>>{.fallback = std::vector<std::string>{}}};
  Param<std::string> at{stage,
                        "at",
                        "init reads each initial time, lead the valid time of each lead",
                        {.fallback = "init", .choices = {"init", "lead"}}};
  Param<bool> ensemble{
      stage, "ensemble", "whether the files hold the members of the run", {.fallback = false}};

  /// One message for each initial time or each lead; of an ensemble, one for each batch of these.
  Axes axes(const Plan& plan) const;

  /// The files and folders of the plan that are there.
  std::vector<std::filesystem::path> paths(const Plan& plan) const;
  /// Its files alone.
  std::vector<std::filesystem::path> files(const Plan& plan) const;

  using GridOf = std::function<Grid(const std::filesystem::path&, const Channel&)>;
  /// Fills in `out`. Where the grid is not the model's it is that of the first file, which
  /// `grid_of` opens.
  void shape(Shape& shape, const OutPort& out, const GridOf& grid_of) const;

  /// The fields of `task`: `read` is called once, or for each member where the path names it.
  /// Throws Error where the file holds several members and `ensemble` is not set.
  Fields fields(const Task& task, const ReadFields& read) const;

  /// For maps that are brought onto a grid as they are read.
  std::optional<Grid> grid_of_model() const;

 private:
  bool on_grid_of_model() const { return model.has_value() && *grid == "model"; }
  std::vector<Channel> wanted() const;
  std::filesystem::path file(const Task& task, int member) const;
};

}  // namespace ladcast
