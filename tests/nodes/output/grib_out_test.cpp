#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "graph/harness.h"
#include "graph/whole_file.h"
#include "nodes/ingest/grib_fields.h"
#include "nodes/ingest/grib_message.h"
#include "nodes/values/fields_payload.h"
#include "tests/nodes/error_message.h"
#include "tests/nodes/output/numbered_fields.h"
#include "tests/temporary_folder.h"

using namespace ladcast;
using numbered::graph_of;
using numbered::run;
using numbered::run_part;

namespace {

namespace fs = std::filesystem;

constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();

const Grid kGrid{{-45, 0, 45}, {0, 90, 180, 270}};
const std::vector<Channel> kChannels = {{"geopotential", 500, "m2 s-2"},
                                        {"2m_temperature", {}, "K"},
                                        {"total_precipitation_6hr", {}, "m"}};

/// Numbers that tell member, lead, channel and point; the southern row is missing.
Fields forecast(const std::vector<int>& members, int lead_hours, Time init) {
  Fields fields{kGrid, kChannels, init, {lead_hours}, members, false, {}};
  fields.allocate();
  for (std::size_t m = 0; m < members.size(); ++m) {
    for (std::size_t c = 0; c < kChannels.size(); ++c) {
      const auto map = fields.map(m, 0, c);
      for (std::size_t i = 0; i < map.size(); ++i) {
        map[i] = i < kGrid.columns()
                     ? kMissing
                     : static_cast<float>(1000 * members[m] + 10 * lead_hours + 5 * c + i);
      }
    }
  }
  return fields;
}

/// The members of the run at each lead, as a rollout would send them.
class Members final : public Node {
  Out<Fields> fields{this, "fields", "numbered"};

  Axes source_axes(const Plan& plan) const override { return {true, plan.each_lead(), true}; }
  void shape(Shape& shape) override {
    describe_fields(shape.out(fields), kChannels, kGrid, false, shape.plan().largest_batch(), 1);
  }
  void run(Task& task) const override {
    task.send(fields, forecast(task.members(), task.lead_hours(), task.init()));
  }
};
const Registration kMembers(NodeType{"numbered_members", "",
                                     [] { return std::make_unique<Members>(); }});

/// The analysis of each initial time.
class Analysis final : public Node {
  Out<Fields> fields{this, "fields", "numbered"};

  Axes source_axes(const Plan&) const override { return {true, {}, false}; }
  void shape(Shape& shape) override {
    describe_fields(shape.out(fields), kChannels, kGrid, false, 1, 1);
  }
  void run(Task& task) const override { task.send(fields, forecast({0}, 0, task.init())); }
};
const Registration kAnalysis(NodeType{"numbered_analysis", "",
                                      [] { return std::make_unique<Analysis>(); }});

const char* const kWithAnalysis =
    "in.analysis = \"analysis\"\n[nodes.analysis]\ntype = \"numbered_analysis\"\n";

/// Five members in three batches, leads 6 to 18 h of two initial times.
std::string pipeline(const fs::path& folder, const std::string& more = "") {
  return fmt::format(
      "flow = 1\n[run]\ninits = [\"2002-01-11T00\", \"2002-01-12T00\"]\nmembers = 5\nbatch = 2\n"
      "lead = {{ step_hours = 6, until_hours = 18 }}\n"
      "[nodes.members]\ntype = \"numbered_members\"\n"
      "[nodes.grib]\ntype = \"grib_out\"\nin.fields = \"members\"\n"
      "path = \"{}/{{init}}-{{lead}}h-enfo-pf.grib2\"\nverify_after_write = true\n{}",
      folder.string(), more);
}

std::map<std::string, std::string> files_in(const fs::path& folder) {
  std::map<std::string, std::string> files;
  for (const auto& file : fs::directory_iterator(folder))
    files[file.path().filename().string()] = read_whole_file(file.path());
  return files;
}

std::string refused(const std::string& more) {
  const TemporaryFolder folder;
  return error_of([&] { graph_of(pipeline(folder.path(), more)); });
}

}  // namespace

TEST_CASE("grib_out writes a file for each lead that grib_in reads, the missing row missing") {
  const TemporaryFolder folder;
  run(pipeline(folder.path()));
  CHECK(files_in(folder.path()).size() == 2 * 3 * 2);
  const Time init = parse_time("2002-01-12");
  const Fields wanted = forecast({1, 2, 3, 4, 5}, 12, init);
  FieldsRequest request;
  request.channels = kChannels;
  request.init = init;
  request.lead_hours = 12;
  request.grid = kGrid;
  const Fields read = GribFiles(folder.path() / "20020112T00-012h-enfo-pf.grib2").read(request);
  CHECK(read.members == wanted.members);
  REQUIRE(read.values.size() == wanted.values.size());
  for (std::size_t i = 0; i < wanted.values.size(); ++i) {
    CAPTURE(i);
    if (std::isnan(wanted.values[i]))
      CHECK(std::isnan(read.values[i]));
    else
      CHECK(read.values[i] == doctest::Approx(wanted.values[i]).epsilon(1e-6));
  }
}

TEST_CASE("messages stand in the order of members, and the index says where") {
  const TemporaryFolder folder;
  run(pipeline(folder.path()));
  const auto path = folder.path() / "20020111T00-006h-enfo-pf.grib2";
  GribReader reader(path);
  std::vector<long> members;
  while (const auto message = reader.next()) {
    members.push_back(message->whole("perturbationNumber"));
    CHECK(message->whole("numberOfForecastsInEnsemble") == 5);
  }
  CHECK(members == std::vector<long>{1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5, 5});
  std::ifstream index(folder.path() / "20020111T00-006h-enfo-pf.index");
  std::string line, last;
  while (std::getline(index, line)) last = line;
  CHECK(contains(last, R"("param": "tp", "model": "ladcast", "number": "5", "_offset": )"));
  const auto offset = std::stoull(last.substr(last.find("_offset") + 10));
  const auto length = std::stoull(last.substr(last.find("_length") + 10));
  CHECK(offset + length == fs::file_size(path));
  CHECK(read_whole_file(path).substr(offset, 4) == "GRIB");
}

TEST_CASE("grib_out stopped anywhere and resumed gives the unbroken bytes") {
  const TemporaryFolder whole, broken;
  run(pipeline(whole.path()));
  const auto expected = files_in(whole.path());
  for (int stop = 0; stop < 36; stop += 3) {
    CAPTURE(stop);
    const TemporaryFolder journal;
    for (const auto& file : fs::directory_iterator(broken.path())) fs::remove(file);
    const std::string text = pipeline(broken.path());
    if (!run_part(text, journal.path(), false, stop)) {
      broken.write("20020111T00-018h-enfo-pf.grib2.part", "GRIB, killed while it was writ");
      run_part(text, journal.path(), true, 4);
      run_part(text, journal.path(), true, -1);
    }
    fs::remove(broken.path() / "20020111T00-018h-enfo-pf.grib2.part");
    CHECK(files_in(broken.path()) == expected);
  }
}

TEST_CASE("the analysis is step 0 of each member, without precipitation, also after a stop") {
  const TemporaryFolder whole, broken, journal;
  run(pipeline(whole.path(), kWithAnalysis));
  GribReader reader(whole.path() / "20020112T00-000h-enfo-pf.grib2");
  std::vector<std::string> found;
  while (const auto message = reader.next())
    found.push_back(message->text("shortName") + message->text("number") + "@" +
                    message->text("stepRange"));
  CHECK(found == std::vector<std::string>{"z1@0", "2t1@0", "z2@0", "2t2@0", "z3@0", "2t3@0", "z4@0",
                                          "2t4@0", "z5@0", "2t5@0"});
  const std::string text = pipeline(broken.path(), kWithAnalysis);
  CHECK_FALSE(run_part(text, journal.path(), false, 12));
  CHECK(run_part(text, journal.path(), true, -1));
  CHECK(files_in(broken.path()) == files_in(whole.path()));
}

TEST_CASE("files that were damaged since are made again") {
  const TemporaryFolder whole, broken, journal;
  run(pipeline(whole.path()));
  const std::string text = pipeline(broken.path());
  CHECK(run_part(text, journal.path(), false, -1));
  fs::resize_file(broken.path() / "20020111T00-006h-enfo-pf.grib2", 100);
  fs::remove(broken.path() / "20020112T00-018h-enfo-pf.index");
  CHECK(run_part(text, journal.path(), true, -1));
  CHECK(files_in(broken.path()) == files_in(whole.path()));
}

TEST_CASE("a path that cannot be written stops the run with one error") {
  const TemporaryFolder folder;
  const auto blocked = folder.write("blocked", "a file");
  const auto error = error_of([&] { run(pipeline(blocked)); });
  CHECK(contains(error, "node 'grib' failed at init 2002-01-11T00, members 1-2, lead 6 h"));
  CHECK(contains(error, "cannot create the folder " + blocked.string()));
  CHECK(!contains(error, "then also"));
}

TEST_CASE("statistics of the ensemble are written without a member") {
  const TemporaryFolder folder;
  run(pipeline(folder.path(),
               "[nodes.moments]\ntype = \"ensemble_moments\"\nin = \"members\"\n"
               "[nodes.em]\ntype = \"grib_out\"\nin = \"moments.mean\"\n"
               "path = \"" +
                   (folder.path() / "{init}-{lead}h-enfo-em.grib2").string() + "\"\n"));
  const auto path = folder.path() / "20020111T00-006h-enfo-em.grib2";
  GribReader reader(path);
  int count = 0;
  while (const auto message = reader.next()) {
    CHECK(message->text("type") == "em");
    CHECK(message->whole("numberOfForecastsInEnsemble") == 5);
    ++count;
  }
  CHECK(count == 3);
  // The parameter is that of the field itself, but a mean is no field that grib_in reads.
  const FieldsRequest request{{kChannels[1]}, parse_time("2002-01-11"), 6, {}, {}};
  CHECK(contains(error_of([&] { GribFiles(path).read(request); }), "there is no such message"));
}

TEST_CASE("what grib_out cannot write is refused before the run") {
  const auto path = [](const std::string& name) {
    return "[nodes.more]\ntype = \"grib_out\"\nin = \"members\"\npath = \"" + name + "\"\n";
  };
  CHECK(contains(refused(path("{init}.grib2")), "its path does not name both"));
  CHECK(contains(refused(path("{lead}.grib2")), "its path does not name both"));
  CHECK(contains(refused(path("{init}_{lead}_{member}.grib2")), "one file holds all members"));
  CHECK(contains(refused(path("{init}_{lead}.index")), "the path is that of its index"));
  CHECK(contains(refused("expver = \"0001\"\n"), "'0001' is no experiment version of yours"));
  CHECK(contains(refused("packing = \"jpeg\"\n"), "\"jpeg\" is not allowed"));
  CHECK(contains(refused("process = 256\n"), "256 is not allowed"));
  const TemporaryFolder folder;
  std::string many = pipeline(folder.path());
  many.replace(many.find("members = 5"), 11, "members = 255");
  CHECK(contains(error_of([&] { graph_of(many); }), "there are 255 members, and GRIB2 holds 254"));
}
