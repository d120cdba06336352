#include "tests/nodes/ladcast/recorded_model.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/nodes/ladcast/fixtures.h"

namespace ladcast::test {

RecordedModel recorded_model(std::size_t rows, std::size_t columns,
                             std::vector<std::size_t> crop_rows) {
  RecordedModel recorded;
  for (std::size_t i = 0; i < rows; ++i)
    recorded.model.grid.latitude.push_back(static_cast<double>(i));
  for (std::size_t j = 0; j < columns; ++j)
    recorded.model.grid.longitude.push_back(static_cast<double>(j));
  recorded.model.crop_rows = std::move(crop_rows);
  std::ifstream stream(parity_folder() / "data/channels.json");
  const auto content = nlohmann::json::parse(stream);
  for (const auto& entry : content.at("channels")) {
    Channel channel{entry.at("name"), {}, ""};
    if (!entry.at("level").is_null()) channel.level = entry.at("level").get<int>();
    recorded.model.channels.push_back(channel);
    recorded.model.fills.emplace_back();
    if (channel.name == "sea_surface_temperature") recorded.model.fills.back() = -2.0F;
    recorded.moments.mean.push_back(entry.at("mean"));
    recorded.moments.std.push_back(entry.at("std"));
  }
  return recorded;
}

Fields fields_of(const at::Tensor& maps, const std::vector<Channel>& channels, const Grid& grid,
                 bool normalised) {
  Fields fields;
  fields.normalised = normalised;
  fields.grid = grid;
  fields.channels = channels;
  for (int lead = 0; lead < maps.size(0); ++lead) fields.lead_hours.push_back(lead);
  fields.members = {0};
  const auto values = maps.to(at::kFloat).contiguous();
  fields.values.assign(values.data_ptr<float>(), values.data_ptr<float>() + values.numel());
  return fields;
}

at::Tensor tensor_of(const Fields& fields) {
  const auto size = [](std::size_t value) { return static_cast<std::int64_t>(value); };
  auto maps = at::empty(
      {size(fields.members.size() * fields.lead_hours.size()), size(fields.channels.size()),
       size(fields.grid.rows()), size(fields.grid.columns())},
      at::kFloat);
  std::copy(fields.values.begin(), fields.values.end(), maps.data_ptr<float>());
  return maps;
}

}  // namespace ladcast::test
