#include <ATen/ATen.h>
#include <doctest/doctest.h>

#include <cmath>

#include "graph/harness.h"
#include "graph/npy.h"
#include "graph/whole_file.h"
#include "nodes/ladcast/statistics.h"
#include "nodes/output/latent_writer.h"
#include "nodes/values/fields_payload.h"
#include "nodes/values/latent.h"
#include "nodes/values/model.h"
#include "tests/nodes/error_message.h"
#include "tests/temporary_folder.h"

using namespace ladcast;
namespace fs = std::filesystem;

namespace {

const Model kModel = Model::read("pipelines/models/small-planet");
const std::string kInit = "inits = [\"2002-01-11T00:00:00Z\"]";
const std::string kPlan =
    "members = 3\nbatch = 2\nlead = { step_hours = 6, until_hours = 36 }\n" + kInit;

at::Tensor random_latents(const std::vector<std::int64_t>& shape, std::uint64_t seed) {
  at::manual_seed(seed);
  return at::randn(shape) * 0.5;
}

/// What denoise sends for a step that begins at `lead` (in steps of 6 h): four leads each.
Latent step(int lead, const std::vector<int>& members) {
  const auto all = random_latents({3, 64, 4, 8, 16}, static_cast<std::uint64_t>(lead));
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

/// What encode sends.
Latent analysis() {
  return {random_latents({1, 64, 1, 8, 16}, 0), parse_time("2002-01-11"), {0}, {0}};
}

/// Returns the path pattern of the archive, which is "20020111T00" and the extension.
std::string write(const TemporaryFolder& folder, const std::string& extension) {
  const std::string path = (folder.path() / ("{init}" + extension)).string();
  Harness("latents_out")
      .set("model", "\"small-planet\"")
      .set("path", "\"" + path + "\"")
      .plan(kPlan)
      .put_all<Latent>("latent", steps(), {true, {1, 4, 2}, true})
      .put_all<Latent>("analysis", {{{}, analysis()}}, {true, {}, false})
      .run();
  return path;
}

Harness reader(const std::string& path, const std::string& plan = kPlan) {
  Harness harness("latents_in");
  harness.set("model", "\"small-planet\"").set("path", "\"" + path + "\"").plan(plan);
  return harness;
}

std::string refusal(const std::string& path, const std::string& plan = kPlan) {
  return error_of([&] { reader(path, plan).all<Latent>("latent"); });
}

std::string plan_of(int members, int until_hours) {
  return fmt::format("members = {}\nlead = {{ step_hours = 6, until_hours = {} }}\n{}", members,
                     until_hours, kInit);
}

/// What the autoencoder is given.
at::Tensor decoded_from(const at::Tensor& latent) {
  const auto moments = read_latent_moments(kModel.latent_statistics, 64);
  return denormalise_latent(latent, moments, kModel.target_std, 1);
}

/// An .npy file of these float32 values.
void write_tensor(const fs::path& file, const at::Tensor& values) {
  const auto whole = values.contiguous();
  std::vector<std::size_t> shape;
  for (const auto extent : whole.sizes()) shape.push_back(static_cast<std::size_t>(extent));
  write_npy(file, {whole.const_data_ptr<float>(), static_cast<std::size_t>(whole.numel())}, shape);
}

at::Tensor read_tensor(const fs::path& path) {
  const NpyFile file = NpyFile::open(path);
  const auto values =
      at::empty(std::vector<std::int64_t>(file.shape().begin(), file.shape().end()), at::kFloat);
  file.read(0, {values.mutable_data_ptr<float>(), static_cast<std::size_t>(values.numel())});
  return values;
}

}  // namespace

TEST_CASE("an archive gives decode the very bits that the forecast gave it") {
  for (const char* extension : {".zarr", ".npy"}) {
    CAPTURE(extension);
    const TemporaryFolder folder;
    const auto latents = reader(write(folder, extension)).all<Latent>("latent");
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
}

TEST_CASE("some members and leads of an archive can be read alone") {
  const std::string some =
      "members = 2\nbatch = 1\nlead = { step_hours = 6, until_hours = 12 }\n" + kInit;
  for (const char* extension : {".zarr", ".npy"}) {
    CAPTURE(extension);
    const TemporaryFolder folder;
    const auto latents = reader(write(folder, extension), some).all<Latent>("latent");
    REQUIRE(latents.size() == 2);
    CHECK(latents[1].members == std::vector{2});
    CHECK(latents[1].lead_hours == std::vector{6, 12});
    CHECK(at::equal(decoded_from(latents[1].values),
                    decoded_from(step(1, {2}).values.slice(2, 0, 2))));
  }
}

TEST_CASE("archives of both formats decode to equal fields") {
  const TemporaryFolder folder;
  std::vector<Fields> fields[2];
  for (const int npy : {0, 1}) {
    const Registration kept(NodeType{"keep_fields", "", [&kept = fields[npy]] {
                                       return std::make_unique<harness::Sink<Fields>>(kept);
                                     }});
    Graph graph = build_graph(
        parse_pipeline(fmt::format("flow = 1\n[run]\n{}\n[lanes]\nmodel = {{ device = \"cpu\" }}\n"
                                   "[nodes.latents]\ntype = \"latents_in\"\npath = \"{}\"\n"
                                   "model = \"small-planet\"\n"
                                   "[nodes.decode]\ntype = \"decode\"\nin = \"latents\"\n"
                                   "model = \"small-planet\"\nlane = \"model\"\n"
                                   "[nodes.kept]\ntype = \"keep_fields\"\nin = \"decode\"\n",
                                   kPlan, write(folder, npy ? ".npy" : ".zarr")),
                       "decode.toml"));
    run_graph(graph);
  }
  REQUIRE(fields[0].size() == 12);
  REQUIRE(fields[1].size() == 12);
  for (std::size_t i = 0; i < fields[0].size(); ++i)
    CHECK(fields[0][i].values == fields[1][i].values);
}

TEST_CASE("an .npy archive is laid out as the reference's: the analysis first, for each member") {
  const TemporaryFolder folder;
  write(folder, ".npy");
  const auto file = read_tensor(folder.path() / "20020111T00.npy");
  REQUIRE(file.sizes().vec() == std::vector<std::int64_t>{3, 64, 7, 8, 16});
  const auto start = decoded_from(analysis().values)[0].select(1, 0);
  for (const int member : {1, 2, 3}) {
    CHECK(at::equal(file[member - 1].select(1, 0), start));
    CHECK(at::equal(file[member - 1].narrow(1, 1, 4), decoded_from(step(1, {member}).values)[0]));
    CHECK(at::equal(file[member - 1].narrow(1, 5, 2),
                    decoded_from(step(5, {member}).values)[0].narrow(1, 0, 2)));
  }
  CHECK(std::distance(fs::directory_iterator(folder.path()), {}) == 1);
}

TEST_CASE("latents of other statistics are read from an .npy file within rounding") {
  const TemporaryFolder folder;
  const auto z = random_latents({1, 64, 3, 8, 16}, 7) * 3;
  write_tensor(folder.path() / "latent_2002011100.npy", z);
  const auto latents = reader((folder.path() / "latent_2002011100.npy").string(), plan_of(1, 12))
                           .all<Latent>("latent");
  REQUIRE(latents.size() == 1);
  CHECK(at::allclose(decoded_from(latents[0].values), z.narrow(2, 1, 2), 1e-6, 1e-6));
}

TEST_CASE("what an archive does not hold is named, before anything is computed") {
  const TemporaryFolder folder;
  for (const char* extension : {".zarr", ".npy"}) {
    CAPTURE(extension);
    const std::string path = write(folder, extension);
    CHECK(contains(refusal(path, plan_of(4, 24)), "has no member 4"));
    CHECK(contains(refusal(path, plan_of(3, 48)), "has no lead of 42 h"));
    CHECK(contains(refusal(path, "inits = [\"2002-01-12T00\"]\n[run.lead]\nuntil_hours = 6"),
                   std::string("cannot open ") + (folder.path() / "20020112T00").string()));
  }
}

TEST_CASE("an .npy file holds one initial time") {
  const TemporaryFolder folder;
  write(folder, ".npy");
  const std::string path = (folder.path() / "20020111T00.npy").string();
  CHECK(reader(path).all<Latent>("latent").size() == 4);
  CHECK(contains(
      refusal(path, "inits = [\"2002-01-11\", \"2002-01-12\"]\n[run.lead]\nuntil_hours = 6"),
      "an .npy file holds one initial time, and does not say which"));
}

TEST_CASE("an .npy file of another initial time, as its name tells, is refused") {
  const TemporaryFolder folder;
  write(folder, ".npy");
  const auto file = folder.path() / "20020111T00.npy";
  for (const char* name : {"latent_2002011206.npy", "20020112T06.npy"}) {
    const auto other = folder.path() / name;
    fs::copy_file(file, other);
    CHECK(contains(refusal(other.string()),
                   other.string() + " is by its name of 2002-01-12T06, not of 2002-01-11T00; read "
                                    "that initial time, or rename the file"));
  }
  fs::create_directory(folder.path() / "links");
  fs::create_symlink("../latent_2002011206.npy", folder.path() / "links" / "20020111T00.npy");
  CHECK(contains(refusal((folder.path() / "links" / "{init}.npy").string()),
                 "latent_2002011206.npy is by its name of 2002-01-12T06"));
  for (const char* name : {"latent_2002011100.npy", "run_2002991100.npy", "12002011206.npy"}) {
    fs::copy_file(file, folder.path() / name);
    CHECK(reader((folder.path() / name).string()).all<Latent>("latent").size() == 4);
  }
}

TEST_CASE("what is no archive of latents is named") {
  const TemporaryFolder folder;
  CHECK(contains(refusal("examples/small_planet/analysis.nc"),
                 "it is a NetCDF file, which 'netcdf_in' reads"));
  CHECK(contains(refusal(folder.path()), "it is no Zarr group"));
  CHECK(contains(refusal(folder.write("a.txt", "text")),
                 "is no archive of latents, which is a Zarr store or an .npy file"));
  const auto fields = folder.path() / "fields.zarr";
  Fields one{{{-45, 45}, {0, 180}},
             {{"2m_temperature", {}, "K"}},
             parse_time("2002-01-11"),
             {0},
             {0},
             false,
             {}};
  one.allocate(280);
  Harness("zarr_out")
      .set("path", "\"" + fields.string() + "\"")
      .plan(kInit)
      .put<Fields>("fields", one)
      .run();
  CHECK(contains(refusal(fields), "it has no array 'latents'; 'zarr_in' reads fields"));
}

TEST_CASE("an archive that is not finished is not read") {
  const TemporaryFolder folder;
  const std::string path = write(folder, ".zarr");
  fs::remove(folder.path() / "20020111T00.zarr" / ".zmetadata");
  CHECK(contains(refusal(path), "is not finished"));
}

TEST_CASE("an .npy file of other numbers is refused") {
  const TemporaryFolder folder;
  const std::string path = write(folder, ".npy");
  const auto file = folder.path() / "20020111T00.npy";
  fs::resize_file(file, fs::file_size(file) - 4);
  CHECK(contains(refusal(path), "it is cut off"));
  write_tensor(file, at::zeros({3, 60, 7, 8, 16}));
  CHECK(contains(refusal(path),
                 "has the shape (3, 60, 7, 8, 16), latents of this model have (members, 64, 1 + "
                 "leads, 8, 16)"));
  write_tensor(file, at::full({3, 64, 7, 8, 16}, std::nanf("")));
  CHECK(
      contains(refusal(path, plan_of(1, 6)), "has values that are not finite, in member 1 at 6 h"));
}

TEST_CASE("an archive of other statistics is refused") {
  const TemporaryFolder folder;
  const std::string path = write(folder, ".zarr");
  const auto attributes = folder.path() / "20020111T00.zarr" / ".zattrs";
  std::string text = read_whole_file(attributes);
  text.replace(text.find("\"latent_statistics\": \"sha256:") + 29, 1, "x");
  write_whole_file(attributes, {text});
  CHECK(contains(refusal(path),
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

TEST_CASE("latents of the published model are 64 times smaller on disk than its fields") {
  const LatentShape shape{84, 15, 30};
  constexpr std::uintmax_t kFields = 84 * 121 * 240 * sizeof(float);
  for (const char* extension : {".zarr", ".npy"}) {
    CAPTURE(extension);
    const TemporaryFolder folder;
    const auto writer = latent_writer(folder.path() / (std::string("a") + extension),
                                      {shape, {}, {6, 12, 18, 24}, {1}, 1, 4, true, {}});
    const auto frames = random_latents({1, 4, 84, 15, 30}, 1);
    const std::span<const float> values(frames.const_data_ptr<float>(), 4 * 84 * 15 * 30);
    const LatentStep step{{1}, {6, 12, 18, 24}};
    writer->begin();
    writer->write(step, values);
    writer->write_analysis(step, values.first(84 * 15 * 30));
    writer->finish();
    std::uintmax_t bytes = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder.path()))
      if (entry.is_regular_file()) bytes += entry.file_size();
    MESSAGE(std::string(extension)
            << ": 5 frames of latents have " << bytes << " bytes, of fields " << 5 * kFields);
    CHECK(64 * bytes <= 5 * kFields);
  }
}
