#include "nodes/ladcast/weights.h"

#include <ATen/ATen.h>
#include <doctest/doctest.h>

#include <fstream>
#include <map>

#include "nodes/ladcast/dcae.h"
#include "nodes/ladcast/transformer.h"
#include "tests/nodes/error_message.h"
#include "tests/nodes/ladcast/random_networks.h"
#include "tests/temporary_folder.h"

namespace ladcast {
namespace {

const std::filesystem::path kPublished = "tests/data/published";

// The published configuration as a folder of its own.
template <class Network, class Read>
std::vector<TensorShape> tensors_of(const std::string& name, Read read_config) {
  const TemporaryFolder folder;
  Network network(read_config(test::published_network(folder.path(), name)));
  return list_tensors([&](const VisitTensor& visit) { network.describe(visit); });
}

std::map<std::string, std::string> as_text(const std::vector<TensorShape>& tensors) {
  std::map<std::string, std::string> lines;
  for (const auto& tensor : tensors)
    lines[tensor.name] = fmt::format("[{}]", fmt::join(tensor.shape, ", "));
  return lines;
}

std::map<std::string, std::string> published(const std::string& name) {
  std::ifstream stream(kPublished / ("tensors_" + name + ".txt"));
  std::map<std::string, std::string> lines;
  std::string line;
  while (std::getline(stream, line)) {
    const auto tab = line.find('\t');
    lines[line.substr(0, tab)] = line.substr(tab + 1);
  }
  return lines;
}

TEST_CASE("the published autoencoder has its 342 tensors and 256,411,145 parameters") {
  const auto tensors = tensors_of<Autoencoder>("DCAE84", read_autoencoder_config);
  CHECK(tensors.size() == 342);
  CHECK(count_parameters(tensors) == 256'411'145);
  CHECK(as_text(tensors) == published("DCAE84"));
}

TEST_CASE("the published latent model of 375M has its 168 tensors and 374,938,452 parameters") {
  const auto tensors = tensors_of<Forecaster>("375M", read_forecaster_config);
  CHECK(tensors.size() == 168);
  CHECK(count_parameters(tensors) == 374'938'452);
  CHECK(as_text(tensors) == published("375M"));
}

TEST_CASE("the published latent model of 1.6B has its 384 tensors and 1,605,496,660 parameters") {
  const auto tensors = tensors_of<Forecaster>("1.6B", read_forecaster_config);
  CHECK(tensors.size() == 384);
  CHECK(count_parameters(tensors) == 1'605'496'660);
  CHECK(as_text(tensors) == published("1.6B"));
}

struct TwoTensors {
  at::Tensor first, second;
  void describe(const VisitTensor& visit) {
    const Scope root(visit);
    root.in("block", 0).tensor("weight", {2, 3}, first);
    root.in("block", 1).tensor("bias", {4}, second);
  }
};

std::string fill_error(TwoTensors& network, const NamedTensors& tensors) {
  return error_of([&] {
    fill_weights([&](const VisitTensor& visit) { network.describe(visit); }, tensors, "model",
                 at::kCPU, at::kFloat);
  });
}

TEST_CASE("every missing, unexpected and mis-shaped tensor is listed in one error") {
  TwoTensors network;
  const auto error = fill_error(
      network, {{"block.0.weight", at::zeros({3, 2})}, {"block.1.scale", at::zeros({4})}});
  CHECK(contains(error, "wrong shape: block.0.weight is [3, 2], expected [2, 3]"));
  CHECK(contains(error, "missing: block.1.bias [4]"));
  CHECK(contains(error, "unexpected: block.1.scale [4]"));
  CHECK_FALSE(network.first.defined());
  CHECK(contains(fill_error(network, {{"block.0.weight", at::zeros({2, 3}, at::kLong)},
                                      {"block.1.bias", at::zeros({4})}}),
                 "wrong type: block.0.weight"));
}

TEST_CASE("weights are private copies in the asked type, and are collected by name") {
  TwoTensors network;
  const auto half = at::full({2, 3}, 0.5, at::kHalf);
  CHECK(fill_error(network, {{"block.0.weight", half}, {"block.1.bias", at::ones({4})}}).empty());
  CHECK((network.first.scalar_type() == at::kFloat));
  network.first.zero_();
  CHECK(half.sum().item<float>() == 3.0F);
  const auto collected =
      collect_weights([&](const VisitTensor& visit) { network.describe(visit); });
  CHECK(collected.size() == 2);
  CHECK(at::equal(collected.at("block.1.bias"), at::ones({4})));
}

}  // namespace
}  // namespace ladcast
