#include <doctest/doctest.h>
#include <netcdf.h>
#include <sys/resource.h>

#include <csignal>
#include <map>

#include "graph/whole_file.h"
#include "nodes/output/forecast_file.h"
#include "nodes/output/map_checksum.h"
#include "nodes/output/zarr_store.h"
#include "nodes/output/zarr_writer.h"
#include "tests/nodes/error_message.h"
#include "tests/nodes/output/numbered_fields.h"
#include "tests/temporary_folder.h"

using namespace ladcast;
namespace fs = std::filesystem;

namespace {

const Time kInit = parse_time("2002-01-11");

ForecastFileSpec file_spec() {
  return {ForecastLayout::single,
          numbered::grid(),
          numbered::channels(),
          kInit,
          {6, 12},
          {1, 2},
          false,
          {}};
}

/// Writes both leads; `wrong` points of the second member's 2m temperature at 12 h are others.
void write_all(ForecastFile& file, std::size_t wrong = 0) {
  for (const int lead : {6, 12}) {
    Fields fields = numbered::fields({1, 2}, lead, kInit);
    for (std::size_t i = 0; lead == 12 && i < wrong; ++i) fields.map(1, 0, 2)[7 * i] += 0.5F;
    file.write(fields);
  }
  file.flush();
}

ZarrStoreSpec store_spec() {
  ZarrStoreSpec spec;
  spec.grid = numbered::grid();
  spec.channels = numbered::channels();
  spec.inits = {kInit};
  spec.lead_hours = {6, 12};
  spec.members = {1, 2, 3};
  spec.members_in_chunk = 2;
  spec.attributes = {{"ladcast_pipeline", "a"}};
  return spec;
}

std::string netcdf_node(const fs::path& folder, const std::string& more = "") {
  return "[nodes.files]\ntype = \"netcdf_out\"\nin = \"forecast\"\nverify_after_write = true\n"
         "path = \"" +
         (folder / "{init}.nc").string() + "\"\n" + more;
}
std::string zarr_node(const fs::path& folder, const std::string& in = "forecast") {
  return "[nodes.store]\ntype = \"zarr_out\"\nin = \"" + in +
         "\"\nverify_after_write = true\n"
         "path = \"" +
         (folder / "{init}.zarr").string() + "\"\n";
}

/// The error of a run in which no file can grow beyond `bytes`, as on a full disk.
std::string error_when_full(const std::string& text, std::uintmax_t bytes) {
  rlimit before{};
  REQUIRE(getrlimit(RLIMIT_FSIZE, &before) == 0);
  std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{bytes, before.rlim_max};
  REQUIRE(setrlimit(RLIMIT_FSIZE, &small) == 0);
  const std::string message = error_of([&] { numbered::run(text); });
  setrlimit(RLIMIT_FSIZE, &before);
  return message;
}

}  // namespace

TEST_CASE("a checksum tells any bit and the place") {
  std::vector<float> map = {1, 2, 3};
  const auto sum = checksum_of(map, {1, 2});
  CHECK(checksum_of(map, {1, 2}) == sum);
  CHECK(checksum_of(map, {2, 1}) != sum);
  std::swap(map[0], map[1]);
  CHECK(checksum_of(map, {1, 2}) != sum);
  map = {1, 2, 0};
  const auto zero = checksum_of(map, {1, 2});
  map[2] = -0.0F;
  CHECK(checksum_of(map, {1, 2}) != zero);
}

TEST_CASE("a NetCDF file that reads back as it was written gets its name") {
  const TemporaryFolder folder;
  ForecastFile file(folder.path() / "x.nc", file_spec());
  file.verify_when_finished();
  write_all(file);
  file.finish();
  CHECK(fs::exists(folder.path() / "x.nc"));
}

TEST_CASE("a NetCDF file with other values than were written gets no name") {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "x.nc", other = folder.path() / "other.nc";
  ForecastFile file(path, file_spec()), altered(other, file_spec());
  file.verify_when_finished();
  write_all(file);
  write_all(altered, 3);
  altered.finish();
  fs::rename(other, path.string() + ".part");  // what the disk gives back
  file.keep();
  CHECK(error_of([&] { file.finish(); }) ==
        path.string() +
            ": 2m_temperature, member 2, lead 12 h does not read back as it was written, nor do 0 "
            "others of 12 maps; is the disk sound?");
  CHECK(fs::is_empty(folder.path()));
}

TEST_CASE("a NetCDF file with a damaged chunk gets no name") {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "x.nc", part = path.string() + ".part";
  ForecastFile file(path, file_spec());
  file.verify_when_finished();
  write_all(file);
  std::string bytes = read_whole_file(part);
  for (std::size_t i = 0; i < 64; ++i) bytes[bytes.size() - 1000 + i] = '\0';
  write_whole_file(part, {bytes});
  const std::string message = error_of([&] { file.finish(); });
  CHECK(contains(message, "member 2, lead 12 h does not read back as it was written"));
  CHECK(fs::is_empty(folder.path()));
}

TEST_CASE("netcdf_out verifies each layout, and writes the same bytes as without") {
  const TemporaryFolder plain, verified;
  const auto members = [](const fs::path& folder) {
    return netcdf_node(folder,
                       "[nodes.each]\ntype = \"netcdf_out\"\nin = \"forecast\"\n"
                       "verify_after_write = true\nlayout = \"members\"\npath = \"" +
                           (folder / "{init}_{member}.nc").string() + "\"\n");
  };
  std::string text = members(plain.path());
  const std::string on = "verify_after_write = true\n";
  for (auto at = text.find(on); at != std::string::npos; at = text.find(on))
    text.erase(at, on.size());
  numbered::run(numbered::pipeline(text));
  numbered::run(numbered::pipeline(members(verified.path())));
  int files = 0;
  for (const auto& file : fs::directory_iterator(plain.path())) {
    ++files;
    CHECK(read_whole_file(file.path()) ==
          read_whole_file(verified.path() / file.path().filename()));
  }
  CHECK(files == 5);
}

TEST_CASE("what an earlier run wrote is verified when a run goes on") {
  const TemporaryFolder folder, journal;
  const std::string text = numbered::pipeline(netcdf_node(folder.path()));
  const fs::path part = folder.path() / "20020111T00.nc.part";
  int stop = 0;
  do REQUIRE_FALSE(numbered::run_part(text, journal.path(), false, stop += 2));
  while (!contains(read_whole_file(journal.path() / "journal"), "commit"));
  SUBCASE("as it was") {
    CHECK(numbered::run_part(text, journal.path(), true, -1));
    CHECK(fs::exists(folder.path() / "20020111T00.nc"));
  }
  SUBCASE("altered since") {
    int id = -1, variable = -1;
    const std::size_t at[] = {1, 3, 5, 7};
    const float altered = 1;
    REQUIRE(nc_open(part.c_str(), NC_WRITE, &id) == NC_NOERR);
    REQUIRE(nc_inq_varid(id, "t2m", &variable) == NC_NOERR);
    REQUIRE(nc_put_var1_float(id, variable, at, &altered) == NC_NOERR);
    REQUIRE(nc_close(id) == NC_NOERR);
    CHECK(
        contains(error_of([&] { numbered::run_part(text, journal.path(), true, -1); }),
                 "holds up to lead 24 h is not what the earlier run wrote; run without --resume"));
    CHECK_FALSE(fs::exists(folder.path() / "20020111T00.nc"));
    CHECK(numbered::run_part(text, journal.path(), false, -1));
    CHECK(fs::exists(folder.path() / "20020111T00.nc"));
  }
}

TEST_CASE("a chunk with other values than were written is named and removed") {
  const TemporaryFolder folder;
  const ZarrStore store(folder.path() / "store", store_spec());
  const Fields fields = numbered::fields({1, 2}, 12, kInit);
  const fs::path array = folder.path() / "store" / "geopotential";
  const fs::path file = array / "0.0.1.0.0.0";
  store.write(fields);
  CHECK(error_of([&] { store.verify(fields); }).empty());
  const std::size_t points = fields.grid.points();
  std::vector<float> values = read_chunk(file, 4 * points);  // [member][level][point]
  CHECK(values[3 * points] == numbered::value(0, 2, 12, 0));
  for (const std::size_t point : {0U, 5U, 6U}) values[2 * points + point] += 1;
  write_chunk(array, "0.0.1.0.0.0", values);
  CHECK(error_of([&] { store.verify(fields); }) ==
        file.string() +
            ": geopotential 500 hPa, member 2, lead 12 h: 3 of 648 points do not read back as they "
            "were written; is the disk sound?");
  CHECK_FALSE(fs::exists(file));
}

TEST_CASE("a chunk that is damaged or lost is named") {
  const TemporaryFolder folder;
  const ZarrStore store(folder.path() / "store", store_spec());
  const Fields fields = numbered::fields({3}, 6, kInit);
  const fs::path file = folder.path() / "store" / "2m_temperature" / "0.1.0.0.0";
  store.write(fields);
  std::string bytes = read_whole_file(file);
  write_whole_file(file, {std::string_view(bytes).substr(0, bytes.size() / 2)});
  CHECK(contains(error_of([&] { store.verify(fields); }), file.string() + ": "));
  CHECK_FALSE(fs::exists(file));
  CHECK(contains(error_of([&] { store.verify(fields); }), "cannot read " + file.string()));
}

TEST_CASE("zarr_out verifies, and writes the same bytes as without") {
  const TemporaryFolder folder;
  const auto bytes = [&] {
    std::map<std::string, std::string> found;
    for (const auto& entry : fs::recursive_directory_iterator(folder.path()))
      if (entry.is_regular_file() && entry.path().filename() != ".zattrs")
        found[entry.path()] = read_whole_file(entry.path());
    return found;
  };
  numbered::run(numbered::pipeline(zarr_node(folder.path())));
  const auto verified = bytes();
  std::string plain = zarr_node(folder.path());
  plain.replace(plain.find("= true"), 6, "= false");
  numbered::run(numbered::pipeline(plain));
  CHECK(bytes() == verified);
  CHECK(verified.size() > 30);
}

TEST_CASE("a disk that is full while or after the values are written is one error") {
  const TemporaryFolder folder;
  const std::string files = numbered::pipeline(netcdf_node(folder.path()));
  numbered::run(files);
  const fs::path whole = folder.path() / "20020111T00.nc";
  const auto size = fs::file_size(whole);
  fs::remove(whole);
  for (const std::uintmax_t bytes : {std::uintmax_t{30000}, size / 2, size - 1}) {
    CAPTURE(bytes);
    const std::string message = error_when_full(files, bytes);
    CHECK(contains(message, "node 'files' failed"));
    CHECK(contains(message, "20020111T00.nc.part: NetCDF: HDF error"));
    CHECK_FALSE(contains(message, "then also"));
    CHECK(fs::is_empty(folder.path()));
  }
  const std::string chunk = error_when_full(numbered::pipeline(zarr_node(folder.path())), 3000);
  CHECK(contains(chunk, "node 'store' failed at init 2002-01-11T00, members "));
  CHECK(contains(chunk, ".0.0: File too large"));
  const std::string small = numbered::pipeline(
      "[nodes.corner]\ntype = \"select\"\nin = \"forecast\"\nregion = [90, 0, 0, 90]\n" +
      zarr_node(folder.path(), "corner"));
  const std::string metadata = error_when_full(small, 3000);
  CHECK(contains(metadata, "node 'store' failed"));
  CHECK(contains(metadata, "20020111T00.zarr/.zmetadata: File too large"));
  for (const auto& message : {chunk, metadata}) CHECK_FALSE(contains(message, "then also"));
  CHECK(fs::is_empty(folder.path()));
}
