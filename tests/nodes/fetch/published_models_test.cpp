#include <doctest/doctest.h>

#include <algorithm>

#include "nodes/fetch/hub.h"
#include "nodes/values/model.h"

using namespace ladcast;

TEST_CASE("the published models list each of their own files, with its address") {
  for (const std::string name : {"ladcast-375m", "ladcast-1.6b", "ladcast-dcae"}) {
    const Model model = Model::read("pipelines/models/" + name);
    const auto& listed = model.fetch.files;
    for (const auto& file : model.files()) {
      const std::string path = file.lexically_relative(model.folder).generic_string();
      if (path.starts_with("..") || path == "model.toml") continue;
      INFO(name << " needs " << path);
      CHECK(std::any_of(listed.begin(), listed.end(),
                        [&](const PublishedFile& published) { return published.path == path; }));
    }
    for (const auto& published : listed) {
      INFO(name << " lists " << published.path << " at " << published.url);
      const std::string file = published.path.substr(published.path.rfind('/') + 1);
      CHECK(published.url.ends_with("/" + file));
      CHECK((listing_of(published.url) ==
                 "https://huggingface.co/api/models/tonyzyl/ladcast/tree/main?recursive=true" ||
             published.sha256.size() == 64));
    }
  }
}

TEST_CASE("only an address in a repository of Hugging Face has a listing") {
  CHECK(listing_of("https://hub.invalid:80/a/b/resolve/v1/x/y/z.json") ==
        "https://hub.invalid:80/api/models/a/b/tree/v1?recursive=true");
  for (const char* other : {"https://hub.invalid/m/planet/x.json", "https://hub.invalid/resolve/x",
                            "https://hub.invalid/a/b/resolve/v1", "ftp://a/b/c/resolve/v1/x"})
    CHECK(listing_of(other).empty());
}
