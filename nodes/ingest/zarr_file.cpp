#include "nodes/ingest/zarr_file.h"

#include <string_view>

#include "graph/error.h"
#include "nodes/values/zarr_json.h"

namespace ladcast {
namespace {

bool is_coordinate(const CfVariable& variable) {
  return variable.dimensions.empty() ||
         (variable.dimensions.size() == 1 && variable.dimensions[0].name == variable.name);
}

/// A forecast that is still being written, or whose run was broken off, lacks chunks, which would
/// read as missing.
void require_finished(const std::filesystem::path& store) {
  std::error_code ignored;
  if (!std::filesystem::exists(store / ".zattrs", ignored)) return;
  if (std::filesystem::exists(store / ".zmetadata", ignored)) return;
  const auto attributes = read_json(store / ".zattrs");
  if (attributes.is_object() && attributes.contains("ladcast_pipeline"))
    fail("{} is not finished: the run that writes it goes on, or continues with --resume",
         store.string());
}

}  // namespace

ZarrFile::ZarrFile(const std::filesystem::path& path) : group_(path) {
  require_finished(path);
  for (const ZarrArray& array : group_.arrays()) {
    CfVariable variable{static_cast<int>(variables_.size()), array.name, {}};
    for (std::size_t i = 0; i < array.shape.size(); ++i)
      variable.dimensions.push_back({array.dimensions[i], array.shape[i]});
    variables_.push_back(std::move(variable));
  }
  require_equal_lengths();
}

/// Each array has its own shape, so that a damaged one may not fit its coordinates.
void ZarrFile::require_equal_lengths() const {
  for (const CfVariable& variable : variables_) {
    for (const auto& [name, length] : variable.dimensions) {
      const CfVariable* coordinate = find(name);
      if (!coordinate || !is_coordinate(*coordinate) || coordinate->dimensions.empty()) continue;
      if (coordinate->dimensions[0].length != length)
        fail("cannot read {}: '{}' has a {} of length {}, the coordinate has {}", path().string(),
             variable.name, name, length, coordinate->dimensions[0].length);
    }
  }
}

const ZarrArray& ZarrFile::array_of(const CfVariable& variable) const {
  return group_.arrays()[static_cast<std::size_t>(variable.id)];
}

std::string ZarrFile::text(const CfVariable& variable, const char* attribute) const {
  const auto& texts = array_of(variable).texts;
  const auto found = texts.find(attribute);
  return found == texts.end() ? "" : found->second;
}

std::optional<double> ZarrFile::number(const CfVariable& variable, const char* attribute) const {
  const ZarrArray& array = array_of(variable);
  const auto found = array.numbers.find(attribute);
  if (found != array.numbers.end()) return found->second;
  const bool fill = std::string_view(attribute) == "_FillValue" && array.fill_is_missing;
  return fill && !is_coordinate(variable) ? array.fill : std::nullopt;
}

std::vector<double> ZarrFile::stored(const CfVariable& variable, std::span<const std::size_t> start,
                                     std::span<const std::size_t> count) const {
  return group_.read(array_of(variable), start, count);
}

std::unique_ptr<const CfFile> open_zarr(const std::filesystem::path& path) {
  if (path.string().find(":/") != std::string::npos)
    fail("cannot open {}: stores are read from a local disk; copy it there", path.string());
  return std::make_unique<const ZarrFile>(path);
}

}  // namespace ladcast
