#include "nodes/ladcast/static_fields.h"

#include <ATen/ATen.h>

#include "graph/error.h"
#include "nodes/ingest/cf_fields.h"
#include "nodes/ingest/netcdf_file.h"
#include "nodes/ladcast/pt_file.h"
#include "nodes/ladcast/statistics.h"
#include "nodes/values/variables.h"

namespace ladcast {
namespace {

/// Maps [n, H, W] of one file on the grid of an analysis.
at::Tensor read_maps(const std::filesystem::path& file, const Model& model) {
  const auto rows = static_cast<std::int64_t>(model.grid.rows());
  const auto columns = static_cast<std::int64_t>(model.grid.columns());
  if (file.extension() == ".pt") {
    auto maps = read_pt(file);
    if (maps.dim() == 2) maps = maps.unsqueeze(0);
    if (maps.dim() != 3 || maps.size(1) != rows || maps.size(2) != columns)
      fail("{} holds maps of [{}], the model '{}' needs {} x {}", file.string(),
           fmt::join(maps.sizes().vec(), ", "), model.name, rows, columns);
    return maps.to(at::kFloat);
  }
  std::vector<Channel> channels;
  for (const auto& name : model.statics.channels) channels.push_back(parse_channel(name));
  Fields fields = CfFields(open_netcdf(file)).read_fixed(channels, model.grid);
  return at::from_blob(fields.values.data(),
                       {static_cast<std::int64_t>(channels.size()), rows, columns}, at::kFloat)
      .clone();
}

}  // namespace

at::Tensor read_static_fields(const Model& model) {
  std::vector<at::Tensor> parts;
  for (const auto& file : model.statics.files) parts.push_back(read_maps(file, model));
  const auto maps = at::cat(parts);
  if (maps.size(0) != static_cast<std::int64_t>(model.statics.channels.size()))
    fail("the static files of model '{}' hold {} maps, its model.toml names {}", model.name,
         maps.size(0), model.statics.channels.size());
  const auto rows = model.network_rows();
  const auto cropped = maps.index_select(
      1, at::tensor(std::vector<std::int64_t>(rows.begin(), rows.end()), at::kLong));
  return normalise_by_own_moments(cropped).unsqueeze(0);
}

}  // namespace ladcast
