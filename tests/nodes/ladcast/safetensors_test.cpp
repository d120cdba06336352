#include "nodes/ladcast/safetensors.h"

#include <ATen/ATen.h>
#include <doctest/doctest.h>

#include <cstdint>
#include <fstream>
#include <sstream>

#include "tests/nodes/error_message.h"
#include "tests/temporary_folder.h"

namespace ladcast {
namespace {

std::string file_with(const std::string& header, const std::string& data) {
  const std::uint64_t length = header.size();
  return std::string(reinterpret_cast<const char*>(&length), sizeof length) + header + data;
}

std::string content(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

std::string error_for(const std::string& header, const std::string& data) {
  const TemporaryFolder folder;
  const auto file = folder.write("x.safetensors", file_with(header, data));
  return error_of([&] { read_safetensors(file); });
}

NamedTensors of_every_type() {
  NamedTensors tensors;
  for (const auto type : {at::kFloat, at::kDouble, at::kHalf, at::kBFloat16, at::kLong, at::kInt,
                          at::kShort, at::kChar, at::kByte})
    tensors[at::toString(type)] = at::arange(7, at::TensorOptions(type)).view({7, 1});
  tensors["flag"] = at::tensor({1, 0, 1}).to(at::kBool);
  tensors["scalar"] = at::full({}, 2.5F);
  tensors["empty"] = at::empty({0, 3});
  return tensors;
}

TEST_CASE("tensors of every type come back as they were written") {
  const TemporaryFolder folder;
  const auto file = folder.path() / "all.safetensors";
  const auto written = of_every_type();
  write_safetensors(file, written);
  const auto read = read_safetensors(file);
  REQUIRE(read.size() == written.size());
  for (const auto& [name, tensor] : written) {
    CAPTURE(name);
    CHECK((read.at(name).scalar_type() == tensor.scalar_type()));
    CHECK(at::equal(read.at(name), tensor));
  }
}

TEST_CASE("equal tensors give equal bytes and leave no temporary file") {
  const TemporaryFolder folder;
  write_safetensors(folder.path() / "a", of_every_type());
  write_safetensors(folder.path() / "b", of_every_type());
  CHECK(content(folder.path() / "a") == content(folder.path() / "b"));
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 2);
}

TEST_CASE("a strided tensor is stored row by row") {
  const TemporaryFolder folder;
  const auto matrix = at::arange(6, at::TensorOptions(at::kFloat)).view({2, 3});
  write_safetensors(folder.path() / "t", {{"t", matrix.t()}});
  CHECK(at::equal(read_safetensors(folder.path() / "t").at("t"), matrix.t()));
}

TEST_CASE("tensors outlive the file that they were read from") {
  at::Tensor kept;
  {
    const TemporaryFolder folder;
    write_safetensors(folder.path() / "x", {{"x", at::arange(1000)}});
    kept = read_safetensors(folder.path() / "x").at("x");
  }
  CHECK(kept.sum().item<std::int64_t>() == 499500);
}

TEST_CASE("a tensor at an odd address is read") {
  const TemporaryFolder folder;
  const auto header =
      R"({"b":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"f":{"dtype":"F32","shape":[1],"data_offsets":[1,5]}})";
  const auto file = folder.write("x", file_with(header, std::string("\x07\x00\x00\x80\x3f", 5)));
  CHECK(read_safetensors(file).at("f").item<float>() == 1.0F);
}

TEST_CASE("metadata is not a tensor") {
  const TemporaryFolder folder;
  const auto file = folder.write("x", file_with(R"({"__metadata__":{"format":"pt"}})", ""));
  CHECK(read_safetensors(file).empty());
}

TEST_CASE("lying headers are refused, each with its reason") {
  const std::string four(4, '\0');
  const std::string eight(8, '\0');
  CHECK(contains(error_for("[]", ""), "not a JSON object"));
  CHECK(contains(error_for("{\"a\"", ""), "not JSON"));
  CHECK(contains(error_for(std::string(100'000, '['), ""), "nested more than 100 deep"));
  CHECK(contains(
      error_for(R"({"a":{"dtype":"F32","shape":[0,4611686018427387904,4],"data_offsets":[0,0]}})",
                ""),
      "too large"));
  CHECK(contains(error_for(R"({"a":{"dtype":"F32","shape":[1]}})", four), "tensor 'a'"));
  CHECK(contains(error_for(R"({"a":{"dtype":"F8","shape":[4],"data_offsets":[0,4]}})", four),
                 "dtype 'F8'"));
  CHECK(contains(error_for(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}})", four),
                 "need 8"));
  CHECK(contains(error_for(R"({"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}})", four),
                 "not a whole number"));
  CHECK(contains(
      error_for(R"({"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,4]}})",
                four),
      "too large"));
  CHECK(contains(error_for(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})", four),
                 "not inside the 4 bytes"));
  CHECK(contains(error_for(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}})", four),
                 "not inside"));
  CHECK(contains(
      error_for(
          R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})",
          four),
      "overlaps"));
  CHECK(contains(error_for(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})", eight),
                 "hole of 4 bytes before tensor 'a'"));
  CHECK(contains(error_for(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})", eight),
                 "end at byte 4 of 8"));
  CHECK(contains(
      error_for(
          R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})",
          eight),
      "'a' appears twice"));
}

TEST_CASE("a file cut off at any byte is refused with its name") {
  const TemporaryFolder folder;
  write_safetensors(folder.path() / "whole", {{"a", at::arange(3)}, {"b", at::ones({2})}});
  const auto whole = content(folder.path() / "whole");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto file = folder.write("cut.safetensors", whole.substr(0, size));
    CAPTURE(size);
    CHECK(contains(error_of([&] { read_safetensors(file); }), "cut.safetensors"));
  }
}

TEST_CASE("a header longer than the file or than the limit is refused") {
  const TemporaryFolder folder;
  const std::uint64_t huge = UINT64_MAX;
  const auto file = folder.write("x", std::string(reinterpret_cast<const char*>(&huge), 8) + "{}");
  CHECK(
      contains(error_of([&] { read_safetensors(file); }), "header has 18446744073709551615 bytes"));
}

TEST_CASE("shards are read together by their index") {
  const TemporaryFolder folder;
  write_safetensors(folder.path() / "one.safetensors", {{"a", at::ones({2})}});
  write_safetensors(folder.path() / "two.safetensors", {{"b", at::zeros({3})}});
  const std::string index = "diffusion_pytorch_model.safetensors.index.json";
  const auto error = [&](const std::string& map) {
    folder.write(index, map);
    return error_of([&] { read_weights_folder(folder.path()); });
  };
  CHECK(error(R"({"weight_map":{"a":"one.safetensors","b":"two.safetensors"}})").empty());
  CHECK(read_weights_folder(folder.path()).size() == 2);
  CHECK(contains(error(R"({"weight_map":{"a":"one.safetensors","c":"two.safetensors"}})"),
                 "'c' is not in two.safetensors"));
  CHECK(contains(error(R"({"weight_map":{"a":"../one.safetensors"}})"), "not a file name"));
  CHECK(contains(error(R"({"weight_map":{"a":"three.safetensors"}})"), "three.safetensors"));
  CHECK(contains(error(R"({"weights":{}})"), "not an index"));
  write_safetensors(folder.path() / "two.safetensors",
                    {{"a", at::ones({2})}, {"b", at::zeros({3})}});
  CHECK(contains(error(R"({"weight_map":{"a":"one.safetensors","b":"two.safetensors"}})"),
                 "another shard"));
}

TEST_CASE("a folder without weights says which files it lacks") {
  const TemporaryFolder folder;
  CHECK(contains(error_of([&] { read_weights_folder(folder.path()); }),
                 "diffusion_pytorch_model.safetensors"));
}

TEST_CASE("writing into a folder that does not exist is one error") {
  CHECK(contains(error_of([] { write_safetensors("/nowhere/x.safetensors", {}); }),
                 "cannot write /nowhere/x.safetensors"));
}

}  // namespace
}  // namespace ladcast
