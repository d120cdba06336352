#include "nodes/report/figures.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "graph/error.h"

namespace ladcast {

static void to_json(nlohmann::json& json, const Figure& figure) {
  json = {{"id", figure.id},
          {"title", figure.title},
          {"caption", figure.caption},
          {"width", figure.width},
          {"height", figure.height},
          {"body", figure.body},
          {"shapes", figure.shapes},
          {"numbers", figure.numbers},
          {"numbers_head", figure.numbers_head}};
}

static void from_json(const nlohmann::json& json, Figure& figure) {
  figure = {.id = json.at("id"),
            .title = json.at("title"),
            .caption = json.at("caption"),
            .width = json.at("width"),
            .height = json.at("height"),
            .body = json.at("body"),
            .shapes = json.at("shapes"),
            .numbers = json.at("numbers"),
            .numbers_head = json.at("numbers_head")};
}

std::size_t PayloadTraits<Figures>::bytes(const Figures& figures) {
  std::size_t bytes = 0;
  for (const auto& group : figures.groups)
    for (const Figure& figure : group) bytes += sizeof(Figure) + figure.body.size();
  return bytes;
}

std::vector<ArrayView> PayloadTraits<Figures>::arrays(const Figures& figures) {
  std::vector<ArrayView> arrays;
  for (const auto& group : figures.groups)
    for (const Figure& figure : group) {
      auto characters =
          std::make_shared<std::vector<float>>(figure.body.begin(), figure.body.end());
      arrays.push_back({figure.id, {characters->size()}, *characters, characters});
    }
  return arrays;
}

void append(Figures& all, const Figures& more) {
  all.groups.resize(std::max(all.groups.size(), more.groups.size()));
  for (std::size_t i = 0; i < more.groups.size(); ++i)
    all.groups[i].insert(all.groups[i].end(), more.groups[i].begin(), more.groups[i].end());
}

std::string to_text(const Figures& figures) { return nlohmann::json(figures.groups).dump(); }

Figures figures_from(const std::string& text) {
  try {
    return {nlohmann::json::parse(text).get<std::vector<std::vector<Figure>>>()};
  } catch (const nlohmann::json::exception& error) {
    fail("saved figures are damaged: {}", error.what());
  }
}

}  // namespace ladcast
