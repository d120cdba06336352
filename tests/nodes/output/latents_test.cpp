#include <ATen/ATen.h>
#include <doctest/doctest.h>

#include "graph/harness.h"
#include "graph/whole_file.h"
#include "nodes/ladcast/statistics.h"
#include "nodes/values/latent.h"
#include "nodes/values/model.h"
#include "tests/nodes/error_message.h"
#include "tests/temporary_folder.h"

using namespace ladcast;

namespace {

const Model kModel = Model::read("pipelines/models/small-planet");
const char* const kPlan =
    "members = 3\nbatch = 2\nlead = { step_hours = 6, until_hours = 36 }\n"
    "inits = [\"2002-01-11T00:00:00Z\"]";

/// What denoise sends for a step that begins at `lead` (in steps of 6 h): four leads each.
Latent step(int lead, const std::vector<int>& members) {
  at::manual_seed(static_cast<std::uint64_t>(lead));
  const auto all = at::randn({3, 64, 4, 8, 16}) * 0.5;
  std::vector<at::Tensor> rows;
  for (const int member : members) rows.push_back(all[member - 1]);
  Latent latent{at::stack(rows), parse_time("2002-01-11"), {}, members};
  for (int i = 0; i < 4; ++i) latent.lead_hours.push_back(6 * (lead + i));
  return latent;
}

std::map<Key, Latent> steps() {
  std::map<Key, Latent> messages;
  for (const int lead : {1, 5}) {
    messages[{0, lead, 0}] = step(lead, {1, 2});
    messages[{0, lead, 1}] = step(lead, {3});
  }
  return messages;
}

std::string write(const TemporaryFolder& folder) {
  const std::string path = (folder.path() / "{init}.zarr").string();
  Harness("latents_out")
      .set("model", "\"small-planet\"")
      .set("path", "\"" + path + "\"")
      .plan(kPlan)
      .put_all<Latent>("latent", steps(), {true, {1, 4, 2}, true})
      .run();
  return path;
}

Harness reader(const std::string& path, const std::string& plan = kPlan) {
  Harness harness("latents_in");
  harness.set("model", "\"small-planet\"").set("path", "\"" + path + "\"").plan(plan);
  return harness;
}

/// What the autoencoder is given.
at::Tensor decoded_from(const at::Tensor& latent) {
  const auto moments = read_latent_moments(kModel.latent_statistics, 64);
  return denormalise_latent(latent, moments, kModel.target_std, 1);
}

}  // namespace

TEST_CASE("an archive gives decode the very bits that the forecast gave it") {
  const TemporaryFolder folder;
  const auto latents = reader(write(folder)).all<Latent>("latent");
  REQUIRE(latents.size() == 4);
  std::size_t i = 0;
  for (const auto& [key, sent] : steps()) {
    const Latent& got = latents[i++];
    CHECK(got.members == sent.members);
    const auto leads = static_cast<std::int64_t>(got.lead_hours.size());
    CHECK(leads == (key.lead == 1 ? 4 : 2));  // 36 h end within the second step
    CHECK(got.lead_hours.front() == sent.lead_hours.front());
    CHECK(at::equal(decoded_from(got.values), decoded_from(sent.values.slice(2, 0, leads))));
  }
}

TEST_CASE("some members and leads of an archive can be read alone") {
  const TemporaryFolder folder;
  const std::string some =
      "members = 2\nbatch = 1\nlead = { step_hours = 6, until_hours = 12 }\n"
      "inits = [\"2002-01-11T00:00:00Z\"]";
  const auto latents = reader(write(folder), some).all<Latent>("latent");
  REQUIRE(latents.size() == 2);
  CHECK(latents[1].members == std::vector{2});
  CHECK(latents[1].lead_hours == std::vector{6, 12});
  CHECK(
      at::equal(decoded_from(latents[1].values), decoded_from(step(1, {2}).values.slice(2, 0, 2))));
}

TEST_CASE("what an archive does not hold is named") {
  const TemporaryFolder folder;
  const std::string path = write(folder);
  const auto message = [&](const std::string& plan) {
    return error_of([&] { reader(path, plan).all<Latent>("latent"); });
  };
  CHECK(contains(message("members = 4\nlead = { step_hours = 6, until_hours = 24 }\n"
                         "inits = [\"2002-01-11T00:00:00Z\"]"),
                 "has no member 4"));
  CHECK(contains(message("members = 3\nlead = { step_hours = 6, until_hours = 48 }\n"
                         "inits = [\"2002-01-11T00:00:00Z\"]"),
                 "has no lead of 42 h"));
  CHECK(contains(message("members = 3\nlead = { step_hours = 6, until_hours = 24 }\n"
                         "inits = [\"2002-01-12T00:00:00Z\"]"),
                 "20020112T00.zarr"));
}

TEST_CASE("an archive of other statistics is refused") {
  const TemporaryFolder folder;
  const std::string path = write(folder);
  const auto attributes = folder.path() / "20020111T00.zarr" / ".zattrs";
  std::string text = read_whole_file(attributes);
  text.replace(text.find("sha256:"), 8, "sha256:0");
  text.replace(text.find("\"latent_statistics\": \"sha256:") + 29, 1, "x");
  write_whole_file(attributes, {text});
  CHECK(contains(error_of([&] { reader(path).all<Latent>("latent"); }),
                 "was written with the latents of model 'small-planet', whose statistics are not"));
}

TEST_CASE("latents that no scaled value makes are damaged") {
  const auto moments = read_latent_moments(kModel.latent_statistics, 64);
  auto latent = decoded_from(step(1, {1}).values);
  CHECK(at::equal(decoded_from(exactly_normalised(latent, moments, kModel.target_std, 1)), latent));
  latent[0][0][0][0][0] = std::nanf("");
  CHECK(contains(error_of([&] { exactly_normalised(latent, moments, kModel.target_std, 1); }),
                 "damaged"));
}
