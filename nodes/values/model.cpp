#include "nodes/values/model.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>

#include "graph/error.h"
#include "graph/nesting.h"
#include "graph/whole_file.h"
#include "nodes/values/toml_reader.h"
#include "nodes/values/variables.h"

namespace ladcast {
namespace {

namespace fs = std::filesystem;

fs::path inside(const fs::path& folder, const std::string& path) {
  return (folder / path).lexically_normal();
}

/// { first, step, count } or { values = […] }; ascending either way.
std::vector<double> read_axis(TomlReader& grid, const char* key) {
  std::vector<double> axis;
  TomlReader table = grid.table(key);
  if (table.has("values")) {
    axis = table.numbers("values");
  } else {
    const double first = table.number("first"), step = table.number("step");
    const int count = table.whole("count");
    constexpr int kMost = 100'000;  // 400 m apart around the globe
    if (count > kMost) table.fail_at("count", fmt::format("{} is more than {}", count, kMost));
    for (int i = 0; i < count; ++i) axis.push_back(first + step * i);
  }
  table.done();
  if (axis.empty() || !std::is_sorted(axis.begin(), axis.end(), std::less_equal<>())) {
    grid.fail_at(key, fmt::format("'grid.{}' must ascend", key));
  }
  return axis;
}

void read_grid(TomlReader& root, Model& model) {
  TomlReader grid = root.table("grid");
  model.grid.latitude = read_axis(grid, "latitude");
  model.grid.longitude = read_axis(grid, "longitude");
  if (model.grid.latitude.front() < -90 || model.grid.latitude.back() > 90) {
    grid.fail_at("latitude", "'grid.latitude' leaves -90 to 90");
  }
  if (model.grid.longitude.front() < 0 || model.grid.longitude.back() >= 360) {
    grid.fail_at("longitude", "'grid.longitude' leaves 0 to below 360");
  }
  if (grid.has("crop_rows")) {
    std::set<std::size_t> rows;
    for (const int row : grid.wholes("crop_rows")) rows.insert(static_cast<std::size_t>(row));
    if (!rows.empty() && *rows.rbegin() >= model.grid.rows()) {
      grid.fail_at("crop_rows", fmt::format("'grid.crop_rows' names row {}, the grid has {} rows",
                                            *rows.rbegin(), model.grid.rows()));
    }
    model.crop_rows.assign(rows.begin(), rows.end());
  }
  TomlReader latent = grid.table("latent");
  model.latent = {latent.whole("channels"), latent.whole("rows"), latent.whole("columns")};
  latent.done();
  grid.done();
}

std::string units_of(TomlReader& channel, const std::string& name) {
  if (channel.has("units")) return channel.text("units");
  if (const Variable* variable = find_variable(name); variable && variable->name == name) {
    return std::string(variable->units);
  }
  channel.fail_at("name", fmt::format("'{}' is not a known variable; add units = \"…\"", name));
}

void read_channels(TomlReader& root, Model& model) {
  for (TomlReader& channel : root.tables("channels")) {
    const std::string name = channel.text("name");
    const std::string units = units_of(channel, name);
    std::vector<std::optional<int>> levels = {std::nullopt};
    if (channel.has("levels")) {
      const std::vector<int> listed = channel.wholes("levels");
      if (listed.empty() || !std::is_sorted(listed.begin(), listed.end(), std::less_equal<>())) {
        channel.fail_at("levels", fmt::format("the levels of '{}' must ascend", name));
      }
      levels.assign(listed.begin(), listed.end());
    }
    std::optional<float> fill;
    if (channel.has("fill")) fill = static_cast<float>(channel.number("fill"));
    channel.done();
    for (const auto level : levels) {
      Channel next{name, level, units};
      if (std::find(model.channels.begin(), model.channels.end(), next) != model.channels.end()) {
        channel.fail_at("name", fmt::format("channel '{}' is listed twice", to_string(next)));
      }
      model.channels.push_back(std::move(next));
      model.fills.push_back(fill);
    }
  }
  if (model.channels.empty()) root.fail_at("channels", "'channels' is empty");
}

void read_statics(TomlReader& root, Model& model) {
  if (!root.has("static")) return;
  TomlReader statics = root.table("static");
  model.statics.channels = statics.texts("channels");
  for (const auto& file : statics.texts("files")) {
    model.statics.files.push_back(inside(model.folder, file));
  }
  if (const auto rule = statics.text("normalise"); rule != "own") {
    statics.fail_at("normalise", fmt::format("'static.normalise' is '{}'; only 'own' is known "
                                             "(mean and unbiased deviation over the cropped grid)",
                                             rule));
  }
  statics.done();
}

void read_statistics(TomlReader& root, Model& model) {
  TomlReader statistics = root.table("statistics");
  model.field_statistics = inside(model.folder, statistics.text("fields"));
  if (statistics.has("latents"))
    model.latent_statistics = inside(model.folder, statistics.text("latents"));
  else if (!model.forecaster.empty())
    root.fail_at("forecaster",
                 "a forecaster needs the statistics of its latents; name their file as 'latents' "
                 "in [statistics], or leave 'forecaster' out until both are made");
  if (statistics.has("target_std")) model.target_std = statistics.number("target_std");
  if (model.target_std <= 0) {
    statistics.fail_at("target_std", "'statistics.target_std' must be positive");
  }
  statistics.done();
}

void read_sampler(TomlReader& root, Model& model) {
  if (!root.has("sampler")) return;
  TomlReader sampler = root.table("sampler");
  model.sampler.solver = sampler.text("solver");
  model.sampler.steps = sampler.whole("steps");
  TomlReader sigma = sampler.table("sigma");
  model.sampler.sigma_min = sigma.number("min");
  model.sampler.sigma_max = sigma.number("max");
  model.sampler.sigma_data = sigma.number("data");
  model.sampler.rho = sigma.number("rho");
  const Sampler& s = model.sampler;
  if (!(s.sigma_min > 0 && s.sigma_max > s.sigma_min && s.sigma_data > 0 && s.rho > 0)) {
    sampler.fail_at("sigma", "'sampler.sigma' needs 0 < min < max, data > 0 and rho > 0");
  }
  sigma.done();
  sampler.done();
}

void read_fetch(TomlReader& root, Model& model) {
  if (!root.has("fetch")) return;
  TomlReader fetch = root.table("fetch");
  model.fetch.base = fetch.text("base");
  if (fetch.has("files")) {
    for (TomlReader& file : fetch.tables("files")) {
      model.fetch.files.push_back({file.text("path"), file.has("sha256") ? file.text("sha256") : "",
                                   file.has("url") ? file.text("url") : ""});
      file.done();
    }
  }
  fetch.done();
}

Model read_root(TomlReader root, const fs::path& folder) {
  Model model;
  model.folder = folder;
  if (const int format = root.whole("format"); format != 1) {
    root.fail_at("format", fmt::format("format {} is not known; this program reads 1", format));
  }
  model.name = root.text("name");
  model.title = root.has("title") ? root.text("title") : model.name;
  model.licence = root.text("licence");
  model.step_hours = root.whole("step_hours");
  model.frames = root.whole("frames");
  model.autoencoder = inside(folder, root.text("autoencoder"));
  if (root.has("forecaster")) model.forecaster = inside(folder, root.text("forecaster"));
  read_grid(root, model);
  read_channels(root, model);
  read_statics(root, model);
  read_statistics(root, model);
  read_sampler(root, model);
  if (root.has("climatology")) {
    TomlReader climatology = root.table("climatology");
    model.climatology = inside(folder, climatology.text("file"));
    climatology.done();
  }
  read_fetch(root, model);
  root.done();
  return model;
}

/// False also where no file system has such a path.
bool is_there(const fs::path& file) {
  std::error_code failed;
  return fs::exists(file, failed);
}

}  // namespace

Model Model::read(const fs::path& folder) {
  const std::string file = folder / "model.toml";
  try {
    const std::string text = read_whole_file(file);
    require_shallow_toml(text);
    const toml::table table = toml::parse(text, file);
    return read_root({table, file, ""}, folder);
  } catch (const toml::parse_error& e) {
    fail("{}:{}: {}", file, e.source().begin.line, e.description());
  }
}

std::vector<std::size_t> Model::network_rows() const {
  std::vector<std::size_t> rows;
  for (std::size_t row = 0; row < grid.rows(); ++row)
    if (!std::binary_search(crop_rows.begin(), crop_rows.end(), row)) rows.push_back(row);
  return rows;
}

Grid Model::network_grid() const {
  Grid cropped{{}, grid.longitude};
  for (const std::size_t row : network_rows()) cropped.latitude.push_back(grid.latitude[row]);
  return cropped;
}

std::vector<fs::path> network_files(const fs::path& folder) {
  std::vector<fs::path> files = {folder / "config.json"};
  const fs::path weights = folder / kNetworkWeights;
  const fs::path index = weights.string() + ".index.json";
  if (is_there(weights) || !is_there(index)) {
    files.push_back(weights);
    return files;
  }
  std::set<std::string> shards;
  const std::string text = read_whole_file(index);
  try {
    require_shallow_json(text);
    const auto json = nlohmann::json::parse(text);
    for (const auto& [tensor, shard] : json.at("weight_map").items()) shards.insert(shard);
  } catch (const std::exception& e) {
    fail("cannot read {}: {}", index.string(), e.what());
  }
  files.push_back(index);
  for (const auto& shard : shards) files.push_back(folder / shard);
  return files;
}

std::vector<fs::path> Model::files() const {
  std::vector<fs::path> files = {folder / "model.toml"};
  for (const auto& network : {autoencoder, forecaster})
    if (!network.empty())
      for (auto& file : network_files(network)) files.push_back(std::move(file));
  files.insert(files.end(), statics.files.begin(), statics.files.end());
  files.push_back(field_statistics);
  if (!latent_statistics.empty()) files.push_back(latent_statistics);
  if (!climatology.empty()) files.push_back(climatology);
  return files;
}

std::vector<fs::path> Model::missing_files() const {
  std::vector<fs::path> missing = files();
  std::erase_if(missing, is_there);
  return missing;
}

void Model::require_files() const {
  const auto missing = missing_files();
  if (missing.empty()) return;
  std::string list;
  for (const auto& file : missing) list += "\n  " + file.string();
  const std::string cure =
      fetch.files.empty() ? "" : fmt::format("\n'ladcast-flow fetch {}' brings them", name);
  const auto source = fetch.base.empty() ? cure : "\nThey are published at " + fetch.base + cure;
  fail("the model '{}' lacks {} {}; put them at:{}{}", name, missing.size(),
       missing.size() == 1 ? "file" : "files", list, source);
}

}  // namespace ladcast
