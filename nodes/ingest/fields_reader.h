// The nodes that read fields of files: one for each format, alike but for how it is opened.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "graph/node.h"
#include "nodes/ingest/derive.h"
#include "nodes/ingest/field_files.h"
#include "nodes/ingest/opened_files.h"
#include "nodes/values/fields_payload.h"
#include "nodes/values/model_param.h"

namespace ladcast {

class FieldsReader : public Node {
 public:
  /// One message for each initial time or each lead; of an ensemble, one for each batch of these.
  Axes source_axes(const Plan& plan) const override;

  /// Where the grid is not the model's it is that of the first file.
  void shape(Shape& shape) override;

  std::vector<std::filesystem::path> files() const override;

  /// Looks for all channels of all initial times, so that what is missing is known before anything
  /// is computed. Throws one Error.
  void open() override;

  void close() override { opened_.close(); }

  /// Throws Error where the file holds several members and `ensemble` is not set.
  void run(Task& task) const override { task.send(fields, read(task)); }

 protected:
  explicit FieldsReader(OpenFiles how) : open_files_(how), opened_(how) {}

  /// The files and folders of the plan that are there.
  std::vector<std::filesystem::path> paths() const;

 private:
  using Read = std::pair<std::filesystem::path, FieldsRequest>;

  bool on_grid_of_model() const { return model.has_value() && *grid == "model"; }
  std::optional<Grid> grid_of_model() const;
  std::vector<Channel> wanted() const;
  std::vector<Read> reads(Time init, int lead_hours, const std::vector<int>& members) const;
  std::vector<std::string> persisted(const Plan& plan, const FieldsRequest& request,
                                     OpenedFiles& opened) const;
  int hours_back(const FieldFiles& files, const FieldsRequest& request) const;
  Fields read_part(const FieldFiles& files, const FieldsRequest& part) const;
  Error with_cure(const Error& error, const FieldFiles& files, const FieldsRequest& part) const;
  Fields read(const Task& task) const;

  Out<Fields> fields{this, "fields", "physical units"};
  Param<InputFiles> path{this, "path",
                         "file; may name {init}, {lead} and {member}; several with * and ?"};
  Param<Model> model{this, "model", "model whose channels are read", {.optional = true}};
  Param<std::vector<std::string>> channels{
      this,
      "channels",
      "channels to read instead of the model's, as \"2m_temperature\" or \"geopotential 500\"",
      {.optional = true}};
  Param<std::vector<std::string>> without{
      this, "without",
      "channels or variables that are left to another reader, whose fields `merge` adds",
      ParamOptions<std::vector<std::string>>{.fallback = std::vector<std::string>{}}};
  Param<std::string> grid{
      this,
      "grid",
      "model: the files must be on the model's grid; file: they have any, for `regrid` to follow",
      {.fallback = "model", .choices = {"model", "file"}}};
  Param<std::vector<std::string>> derive{
      this, "derive",
      "how channels are made instead of being read: \"specific_humidity from relative_humidity\", "
      "\"specific_humidity from dew_point_temperature\", "
      "\"vertical_velocity from geometric_vertical_velocity\", "
      "\"sea_surface_temperature from skin_temperature\", "
      "\"total_precipitation_6hr from hourly sums\" (or \"sums since the start\"), "
      "\"vertical_velocity 50 from 0\"",
      ParamOptions<std::vector<std::string>>{.fallback = std::vector<std::string>{}}};
  Param<std::string> at{this,
                        "at",
                        "init reads each initial time, lead the valid time of each lead",
                        {.fallback = "init", .choices = {"init", "lead"}}};
  Param<bool> ensemble{
      this, "ensemble", "whether the files hold the members of the run", {.fallback = false}};

  Param<std::string> missing{
      this,
      "missing",
      "what to do where the files lack a time: stop, or send fields without members",
      {.fallback = "error", .choices = {"error", "skip"}}};
  Param<int> persist_hours{this, "persist_hours",
                           "where the files lack a time, take their last one before it that is at "
                           "most so much older: sea surface temperature of another day",
                           ParamOptions<int>{.fallback = 0, .unit = "h", .min = 0}};

  OpenFiles open_files_;
  mutable OpenedFiles opened_;  // of the run
};

}  // namespace ladcast
