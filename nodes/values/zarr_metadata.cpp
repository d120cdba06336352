#include "nodes/values/zarr_metadata.h"

#include <algorithm>
#include <array>
#include <functional>
#include <limits>
#include <numeric>

#include "graph/error.h"
#include "nodes/values/zarr_json.h"

namespace ladcast {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

void read_fill(ZarrArray& array, const json& fill) {
  if (fill.is_null()) return;
  if (fill.is_number()) array.fill = fill.get<double>();
  if (fill.is_boolean()) array.fill = fill.get<bool>();
  if (fill.is_string()) {
    array.fill = named_number(fill);
    if (!array.fill) array.fill = hexadecimal_number(fill, array.type.bytes);
  }
  if (!array.fill) array.unsupported = "its fill_value is " + fill.dump();
}

void read_attributes(ZarrArray& array, const json& attributes) {
  if (!attributes.is_object()) fail("the attributes are {}, not an object", attributes.dump());
  for (const auto& [name, value] : attributes.items()) {
    const json& first = value.is_array() && !value.empty() ? value.front() : value;
    if (first.is_number()) array.numbers[name] = first.get<double>();
    if (!value.is_string()) continue;
    array.texts[name] = value;
    auto number = named_number(value);
    if (!number && name == "_FillValue") number = base64_number(value);
    if (number) array.numbers[name] = *number;
  }
}

/// Names of dimensions; what has none gets one by its place.
void read_dimensions(ZarrArray& array, const json& names) {
  for (std::size_t i = 0; i < array.shape.size(); ++i) {
    const bool named = names.is_array() && i < names.size() && names[i].is_string();
    array.dimensions.push_back(named ? names[i].get<std::string>() : fmt::format("dim_{}", i));
  }
}

void set_type(ZarrArray& array, char kind, std::size_t bytes) {
  using enum ZarrType::Kind;
  array.type.bytes = bytes;
  array.type.kind = kind == 'f' ? real : kind == 'i' ? integer : kind == 'u' ? natural : boolean;
}

/// What both versions have: shapes, and whether they make sense.
void read_shape(ZarrArray& array, const json& shape, const json& chunk, const char* chunk_name) {
  constexpr std::size_t kLargest = std::numeric_limits<int>::max();
  array.shape = sizes_of(shape, "shape");
  array.chunk = sizes_of(chunk, chunk_name);
  if (array.shape.size() != array.chunk.size())
    fail("it has {} dimensions, its chunks have {}", array.shape.size(), array.chunk.size());
  std::size_t values = 1;
  for (std::size_t& length : array.chunk) {
    if (length == 0) length = 1;  // of an empty array
    if (length > kLargest / values) {
      array.unsupported = "its chunks have more than 2 GiB";
      break;
    }
    values *= length;
  }
  array.nesting.resize(array.shape.size());
  std::iota(array.nesting.begin(), array.nesting.end(), std::size_t{0});
}

std::string separator_of(const json& object, const char* name, const char* fallback) {
  const std::string separator = text_of(object, name, fallback);
  if (separator != "." && separator != "/") fail("\"{}\" is \"{}\"", name, separator);
  return separator;
}

void set_codec(ZarrArray& array, const std::string& name) {
  try {
    array.codec = find_zarr_codec(name);
  } catch (const Error& error) {
    array.unsupported = error.what();
  }
}

ZarrArray array_v2(const json& zarray, const json& zattrs) {
  ZarrArray array;
  read_shape(array, zarray, zarray, "chunks");
  const json& type = member(zarray, "dtype");
  const std::string dtype = type.is_string() ? type.get<std::string>() : type.dump();
  static constexpr std::array<std::string_view, 11> kTypes = {"f4", "f8", "i1", "i2", "i4", "i8",
                                                              "u1", "u2", "u4", "u8", "b1"};
  const auto suffix = dtype.empty() ? dtype : dtype.substr(1);
  if (std::find(kTypes.begin(), kTypes.end(), suffix) == kTypes.end()) {
    array.unsupported = fmt::format("its dtype is {}", dtype);
  } else {
    set_type(array, suffix[0], static_cast<std::size_t>(suffix[1] - '0'));
    array.type.big_endian = dtype[0] == '>';
  }
  const std::string order = text_of(zarray, "order", "C");
  if (order != "C" && order != "F") fail("\"order\" is \"{}\"", order);
  if (order == "F") std::reverse(array.nesting.begin(), array.nesting.end());
  array.key_separator = separator_of(zarray, "dimension_separator", ".");
  if (const json filters = zarray.value("filters", json()); !filters.is_null() && !filters.empty())
    array.unsupported = fmt::format("it has the filters {}", filters.dump());
  if (const json compressor = zarray.value("compressor", json()); !compressor.is_null())
    set_codec(array, text_of(compressor, "id", ""));
  read_fill(array, zarray.value("fill_value", json()));
  array.fill_is_missing = array.fill.has_value();
  read_attributes(array, zattrs);
  read_dimensions(array, zattrs.value("_ARRAY_DIMENSIONS", json()));
  return array;
}

/// A permutation of the dimensions.
void transpose(ZarrArray& array, const json& configuration) {
  const std::vector<std::size_t> order = sizes_of(configuration, "order");
  if (!std::is_permutation(order.begin(), order.end(), array.nesting.begin(), array.nesting.end()))
    fail("the codec 'transpose' has an order that is none");
  if (!std::is_sorted(array.nesting.begin(), array.nesting.end()))
    array.unsupported = "it is transposed twice";
  array.nesting = order;
}

/// [transpose,] bytes [, one compressor].
void read_codecs(ZarrArray& array, const json& codecs) {
  if (!codecs.is_array()) fail("\"codecs\" is {}, not a list", codecs.dump());
  bool packed = false;
  for (const json& codec : codecs) {
    const std::string name =
        codec.is_string() ? codec.get<std::string>() : text_of(codec, "name", "");
    const json configuration = codec.is_object() ? codec.value("configuration", json()) : json();
    if (name == "transpose" && !packed) {
      transpose(array, configuration);
    } else if (name == "bytes" && !packed) {
      array.type.big_endian = text_of(configuration, "endian", "little") == "big";
      packed = true;
    } else if (name == "sharding_indexed") {
      array.unsupported = "its chunks are in shards, which are not supported";
    } else if (array.codec != ZarrCodec::none || !packed) {
      array.unsupported = fmt::format("it has the codecs {}", codecs.dump());
    } else {
      set_codec(array, name);
    }
  }
}

ZarrArray array_v3(const json& metadata) {
  ZarrArray array;
  const json& grid = member(metadata, "chunk_grid");
  read_shape(array, metadata, member(grid, "configuration"), "chunk_shape");
  if (text_of(grid, "name", "") != "regular") array.unsupported = "its chunks differ in shape";
  struct Known {
    std::string_view name;
    char kind;
    std::size_t bytes;
  };
  static constexpr std::array<Known, 11> kTypes = {{{"float32", 'f', 4},
                                                    {"float64", 'f', 8},
                                                    {"int8", 'i', 1},
                                                    {"int16", 'i', 2},
                                                    {"int32", 'i', 4},
                                                    {"int64", 'i', 8},
                                                    {"uint8", 'u', 1},
                                                    {"uint16", 'u', 2},
                                                    {"uint32", 'u', 4},
                                                    {"uint64", 'u', 8},
                                                    {"bool", 'b', 1}}};
  const json& type = member(metadata, "data_type");
  const auto known = std::find_if(kTypes.begin(), kTypes.end(),
                                  [&](const Known& k) { return type == std::string(k.name); });
  if (known == kTypes.end())
    array.unsupported = fmt::format("its data_type is {}", type.dump());
  else
    set_type(array, known->kind, known->bytes);
  const json& keys = member(metadata, "chunk_key_encoding");
  const std::string encoding = text_of(keys, "name", "default");
  if (encoding != "default" && encoding != "v2") fail("\"chunk_key_encoding\" is {}", keys.dump());
  array.key_prefix = encoding == "v2" ? "" : "c";
  array.key_separator = separator_of(keys.value("configuration", json::object()), "separator",
                                     encoding == "v2" ? "." : "/");
  read_fill(array, metadata.value("fill_value", json()));
  if (const json more = metadata.value("storage_transformers", json());
      !more.is_null() && !more.empty())
    array.unsupported = fmt::format("it has the storage transformers {}", more.dump());
  read_codecs(array, member(metadata, "codecs"));
  read_attributes(array, metadata.value("attributes", json::object()));
  read_dimensions(array, metadata.value("dimension_names", json()));
  return array;
}

/// Adds an array unless its name is a path into another group.
void add(std::vector<ZarrArray>& arrays, const std::string& name, const fs::path& file,
         const std::function<ZarrArray()>& read) {
  if (name.empty() || name == "." || name == ".." || name.find('/') != std::string::npos) return;
  try {
    arrays.push_back(read());
    arrays.back().name = name;
  } catch (const Error& error) {
    throw error.in(fmt::format("cannot read '{}' from {}", name, file.string()));
  } catch (const json::exception& error) {
    fail("cannot read '{}' from {}: {}", name, file.string(), error.what());
  }
}

/// The folders inside, by name, that have a file `name`.
std::vector<fs::path> folders_with(const fs::path& folder, const char* name) {
  std::vector<fs::path> found;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(folder, failed))
    if (fs::is_regular_file(entry.path() / name)) found.push_back(entry.path());
  if (failed) fail("cannot read {}: {}", folder.string(), failed.message());
  std::sort(found.begin(), found.end());
  return found;
}

void read_v2(std::vector<ZarrArray>& arrays, const fs::path& folder) {
  constexpr std::string_view kArray = "/.zarray";
  if (const fs::path file = folder / ".zmetadata"; fs::exists(file)) {
    const json all = read_json(file);
    if (!all.is_object() || !all.contains("metadata") || !all["metadata"].is_object())
      fail("cannot read {}: there is no \"metadata\"", file.string());
    const json& metadata = all["metadata"];
    for (const auto& [key, zarray] : metadata.items()) {
      if (!key.ends_with(kArray)) continue;
      const std::string name = key.substr(0, key.size() - kArray.size());
      add(arrays, name, file, [&, &array = zarray] {
        return array_v2(array, metadata.value(name + "/.zattrs", json::object()));
      });
    }
    return;
  }
  for (const fs::path& each : folders_with(folder, ".zarray"))
    add(arrays, each.filename(), each / ".zarray", [&] {
      const fs::path attributes = each / ".zattrs";
      return array_v2(read_json(each / ".zarray"),
                      fs::exists(attributes) ? read_json(attributes) : json::object());
    });
}

void read_v3(std::vector<ZarrArray>& arrays, const fs::path& folder) {
  const fs::path file = folder / "zarr.json";
  const json group = read_json(file);
  if (text_of(group, "node_type", "") != "group")
    fail("{} is not that of a group of arrays", file.string());
  if (group.contains("consolidated_metadata") && group["consolidated_metadata"].is_object()) {
    const json metadata = group["consolidated_metadata"].value("metadata", json::object());
    for (const auto& [name, node] : metadata.items())
      if (text_of(node, "node_type", "") == "array")
        add(arrays, name, file, [&array = node] { return array_v3(array); });
    return;
  }
  for (const fs::path& each : folders_with(folder, "zarr.json")) {
    const json node = read_json(each / "zarr.json");
    if (text_of(node, "node_type", "") == "array")
      add(arrays, each.filename(), each / "zarr.json", [&] { return array_v3(node); });
  }
}

}  // namespace

std::size_t ZarrArray::chunk_values() const {
  return std::accumulate(chunk.begin(), chunk.end(), std::size_t{1}, std::multiplies<>());
}

std::vector<ZarrArray> read_zarr_arrays(const fs::path& folder) try {
  if (!fs::is_directory(folder))
    fail("cannot open {}: {}", folder.string(),
         fs::exists(folder) ? "a Zarr store is a folder" : "there is no such folder");
  std::vector<ZarrArray> arrays;
  if (fs::exists(folder / "zarr.json"))
    read_v3(arrays, folder);
  else if (fs::exists(folder / ".zgroup") || fs::exists(folder / ".zmetadata"))
    read_v2(arrays, folder);
  else
    fail("cannot open {}: it is no Zarr group, which has a .zgroup or a zarr.json",
         folder.string());
  return arrays;
} catch (const fs::filesystem_error& error) {
  fail("cannot read {}: {}", error.path1().string(), error.code().message());
}

std::vector<fs::path> zarr_metadata_files(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const char* name : {"zarr.json", ".zmetadata", ".zattrs"})
    if (fs::exists(folder / name)) files.push_back(folder / name);
  for (const char* name : {"zarr.json", ".zarray", ".zattrs"})
    for (const fs::path& each : folders_with(folder, name)) files.push_back(each / name);
  return files;
}

}  // namespace ladcast
