// What `ladcast-flow inspect` prints of data files and model folders.
#include "graph/inspect.h"

#include <array>
#include <map>

#include "graph/error.h"
#include "graph/install.h"
#include "nodes/ingest/cf_fields.h"
#include "nodes/ingest/file_format.h"
#include "nodes/ingest/grib_content.h"
#include "nodes/ingest/grib_map.h"
#include "nodes/ingest/netcdf_file.h"
#include "nodes/ingest/orientation.h"
#include "nodes/ingest/zarr_file.h"

namespace ladcast {
namespace {

namespace fs = std::filesystem;

Model model_called(const std::string& name) {
  const std::vector<fs::path> search = {"pipelines/models",
                                        installed_data_folder() / "pipelines" / "models"};
  return Model::read(find_model(name, search));
}

std::string join_names(const std::set<std::string>& names) {
  return fmt::format("{}", fmt::join(names, ", "));
}

std::string inspect_cf(std::unique_ptr<const CfFile> file, const char* container,
                       const Model& model) {
  std::string text = fmt::format("{}: {}\n", file->path().string(), container);
  for (const CfVariable& variable : file->variables()) {
    std::vector<std::string> dimensions;
    for (const auto& [name, length] : variable.dimensions)
      dimensions.push_back(fmt::format("{} {}", name, length));
    const std::string units = file->text(variable, "units");
    text += fmt::format("  {} ({}){}\n", variable.name, fmt::join(dimensions, ", "),
                        units.empty() ? "" : fmt::format(" [{}]", units));
  }
  const CfFields fields(std::move(file));
  return text + describe_holdings(
                    model, [&fields](const Channel& channel) { return fields.holding(channel); });
}

/// All messages of a file by what they hold.
class GribInventory {
 public:
  explicit GribInventory(const fs::path& path) {
    GribReader reader(path);
    while (const auto message = reader.next()) {
      ++messages_;
      const auto content = content_of(*message);
      const std::string name = message->find_text("shortName");
      if (!content) {
        others_.insert(fmt::format("{} on {}", name, message->find_text("typeOfLevel")));
        continue;
      }
      const std::string type = message->find_text("gridType");
      entries_.push_back({*content, message->valid(),
                          static_cast<int>(message->find_whole("perturbationNumber").value_or(0)),
                          grid_of(*message, type), why_grid_is_refused(type)});
    }
    if (messages_ == 0) fail("{} holds no GRIB messages", path.string());
  }

  Holding find(const Channel& channel) const {
    std::set<std::string> other_sums;
    std::string refused;
    for (const ChannelSource& source : sources_of(channel)) {
      Holding holding{source.channel.name, {}, {}, ""};
      for (const Entry& entry : entries_) {
        if (!holds(entry.content, source.channel)) continue;
        if (!has_hours_of(entry.content, source.channel)) {
          other_sums.insert(fmt::format("{}-{}", entry.content.begin, entry.content.end));
          continue;
        }
        if (!entry.refused.empty()) {
          refused = entry.refused;
          continue;
        }
        holding.times.insert(entry.valid);
        holding.members.insert(entry.member);
        if (holding.grid.empty()) holding.grid = entry.grid;
        if (holding.grid.find(entry.grid) == std::string::npos)
          holding.grid += " and " + entry.grid;
      }
      if (!holding.times.empty()) return holding;
    }
    if (!refused.empty()) fail("its message {}", refused);
    if (other_sums.empty()) fail("there is no such message");
    fail("there are sums over the steps {} h only", join_names(other_sums));
  }

  std::string summary(const fs::path& path) const {
    std::string text = fmt::format("{}: GRIB, {} messages\n", path.string(), messages_);
    if (!others_.empty()) text += fmt::format("  not read: {}\n", join_names(others_));
    return text;
  }

 private:
  struct Entry {
    GribContent content;
    Time valid;
    int member;
    std::string grid;
    std::string refused;  // why the grid is; empty where it is read
  };

  static std::string grid_of(const GribMessage& message, const std::string& type) {
    const auto points = message.whole("numberOfDataPoints");
    if (type == "regular_ll" || type == "regular_gg")
      return fmt::format("{} x {} points ({})", message.whole("Nj"), message.whole("Ni"), type);
    return fmt::format("{} points ({})", points, type);
  }

  int messages_ = 0;
  std::vector<Entry> entries_;
  std::set<std::string> others_;
};

std::string inspect_model(const fs::path& folder) {
  const Model model = Model::read(folder);
  std::string text = fmt::format("{}: model {}, {}\n", folder.string(), model.name, model.title);
  text += fmt::format("  {} channels on {}\n", model.channels.size(), describe(model.grid));
  text += fmt::format("  latent {} x {} x {}, {} leads of {} h in a step\n", model.latent.channels,
                      model.latent.rows, model.latent.columns, model.frames, model.step_hours);
  const auto missing = model.missing_files();
  for (const auto& file : missing) text += fmt::format("  missing: {}\n", file.string());
  if (missing.empty()) text += "  all its files are there\n";
  for (const Channel& channel : model.channels) text += "  " + to_string(channel) + "\n";
  return text;
}

bool is_zarr(const fs::path& folder) {
  for (const char* name : {".zgroup", ".zmetadata", "zarr.json", ".zattrs"})
    if (fs::exists(folder / name)) return true;
  return false;
}

std::string inspect(const fs::path& path, const std::string& model) {
  if (!fs::exists(path)) fail("there is no {}", path.string());
  if (fs::is_directory(path)) {
    if (fs::exists(path / "model.toml")) return inspect_model(path);
    if (is_zarr(path)) return inspect_cf(open_zarr(path), "Zarr", model_called(model));
    fail("{} is a folder, but neither a model (model.toml) nor a Zarr store", path.string());
  }
  const FileFormat format = format_of(path);
  if (format == FileFormat::netcdf)
    return inspect_cf(open_netcdf(path), "NetCDF", model_called(model));
  if (format == FileFormat::unknown) fail("{} is neither GRIB nor NetCDF", path.string());
  require_format(path, FileFormat::grib);
  const GribInventory inventory(path);
  return inventory.summary(path) + describe_holdings(model_called(model), [&](const auto& channel) {
           return inventory.find(channel);
         });
}

const Inspector registered(inspect);

}  // namespace
}  // namespace ladcast
