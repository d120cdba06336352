#include "nodes/fetch/hub.h"

#include <nlohmann/json.hpp>
#include <regex>

#include "graph/error.h"

namespace ladcast {
namespace {

constexpr std::size_t kLongestListing = std::size_t{4} << 20;

}  // namespace

std::string listing_of(const std::string& url) {
  static const std::regex form(R"((https?://[^/]+)/([^/]+/[^/]+)/resolve/([^/]+)/.+)");
  std::smatch part;
  if (!std::regex_match(url, part, form)) return "";
  return fmt::format("{}/api/models/{}/tree/{}?recursive=true", part[1].str(), part[2].str(),
                     part[3].str());
}

std::vector<std::string> files_of_same_name(Http& http, const std::string& url) {
  const std::string listing = listing_of(url), name = url.substr(url.rfind('/'));
  if (listing.empty()) return {};
  std::string text;
  std::vector<std::string> paths;
  try {
    const Body body{[](const Head&) {},
                    [&text](std::span<const char> bytes) {
                      if (text.size() + bytes.size() > kLongestListing) fail("too long");
                      text.append(bytes.data(), bytes.size());
                    }};
    if (http.get(listing, 0, body).kind != Answer::Kind::whole) return {};
    for (const auto& entry : nlohmann::json::parse(text)) {
      const std::string path = entry.at("path");
      if (entry.at("type") == "file" && ("/" + escape_path(path)).ends_with(name))
        paths.push_back(path);
    }
  } catch (const std::exception&) {  // the listing is only a help
    return {};
  }
  return paths;
}

}  // namespace ladcast
