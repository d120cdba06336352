#include "nodes/values/moments.h"

#include <doctest/doctest.h>

#include "tests/nodes/error_message.h"
#include "tests/temporary_folder.h"

using namespace ladcast;

TEST_CASE("moments follow the order of the channels, not of the file") {
  const TemporaryFolder folder;
  const auto file = folder.write("normal.json", R"({
    "2m_temperature": {"mean": 278.5, "std": 21.25},
    "temperature": {"mean": {"250": 225.0, "500": 252.5}, "std": {"250": 10.0, "500": 14.5}}})");
  const std::vector<Channel> channels = {
      {"temperature", 500, "K"}, {"temperature", 250, "K"}, {"2m_temperature", {}, "K"}};
  const Moments moments = read_field_moments(file, channels);
  CHECK(moments.mean == std::vector{252.5, 225.0, 278.5});
  CHECK(moments.std == std::vector{14.5, 10.0, 21.25});
}

TEST_CASE("every channel without usable moments is named at once") {
  const TemporaryFolder folder;
  const auto file = folder.write("normal.json", R"({
    "2m_temperature": {"mean": 278.5, "std": 0.0},
    "temperature": {"mean": {"250": 225.0}, "std": {"250": 10.0}}})");
  const std::vector<Channel> channels = {{"temperature", 250, "K"},
                                         {"temperature", 500, "K"},
                                         {"2m_temperature", {}, "K"},
                                         {"sea_surface_temperature", {}, "K"}};
  CHECK(error_of([&] { read_field_moments(file, channels); }) ==
        "statistics " + file.string() +
            " hold no finite mean and positive std of:\n  temperature 500 hPa\n  2m_temperature\n"
            "  sea_surface_temperature");
}

TEST_CASE("latent moments must be as many as the latent has channels") {
  const TemporaryFolder folder;
  const auto file = folder.write("latent.json", R"({"mean": [0.5, -1.0], "std": [1.0, 2.0]})");
  CHECK(read_latent_moments(file, 2).std == std::vector{1.0, 2.0});
  CHECK(contains(error_of([&] { read_latent_moments(file, 84); }),
                 "hold 2 means and 2 deviations, but the model has 84 latent channels"));
}

TEST_CASE("broken statistics name the file") {
  const TemporaryFolder folder;
  const auto broken = folder.write("broken.json", "{\"mean\": [1.0,");
  CHECK(contains(error_of([&] { read_latent_moments(broken, 1); }), broken.string()));
  CHECK(contains(error_of([&] { read_latent_moments(folder.path() / "absent.json", 1); }),
                 "the file cannot be opened"));
  const auto deep = folder.write("deep.json", std::string(100'000, '['));
  CHECK(contains(error_of([&] { read_latent_moments(deep, 1); }), "nested more than 100 deep"));
  const auto text = folder.write("text.json", R"({"mean": ["a"], "std": [1.0]})");
  CHECK(
      contains(error_of([&] { read_latent_moments(text, 1); }), "'mean' is not a list of numbers"));
}
