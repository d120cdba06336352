#include "nodes/output/grib_encoder.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "graph/error.h"
#include "nodes/output/grib_grid.h"

namespace ladcast {
namespace {

constexpr double kMissing = 1e33;  // marks missing points towards ecCodes; the file has a bitmap

bool has_missing(const std::vector<double>& values) {
  return std::find(values.begin(), values.end(), kMissing) != values.end();
}

}  // namespace

GribEncoder::GribEncoder(GribStyle style, Grid grid)
    : style_(std::move(style)),
      grid_(std::move(grid)),
      blank_(GribHandle::from_sample()),
      message_(blank_.clone()) {
  set_grid(blank_, grid_);
  blank_.set("packingType", std::string(style_.simple_packing ? "grid_simple" : "grid_ccsds"));
  blank_.set("bitsPerValue", 16L);
}

std::size_t GribEncoder::bytes(std::size_t channels) {
  constexpr std::size_t kHandle = 420'000;  // measured with ecCodes 2.28
  return (channels + 4) * kHandle;
}

const GribHandle& GribEncoder::prototype(const GribLabel& label) {
  const long number = grib_template(label);
  if (const auto known = prototypes_.find(number); known != prototypes_.end()) return known->second;
  GribHandle handle = blank_.clone();
  set_product(handle, label, style_);
  return prototypes_.emplace(number, std::move(handle)).first->second;
}

std::vector<double> GribEncoder::scanned(const Channel& channel, std::span<const float> map) const {
  const double factor = grib_factor(channel);
  std::vector<double> values;
  values.reserve(map.size());
  for (std::size_t row = grid_.rows(); row-- > 0;) {
    for (const float value : map.subspan(row * grid_.columns(), grid_.columns())) {
      if (std::isinf(value)) fail("{} has values that are infinite", to_string(channel));
      values.push_back(std::isnan(value) ? kMissing : double{value} * factor);
    }
  }
  return values;
}

GribHandle GribEncoder::labelled(const GribLabel& label, bool missing) {
  GribHandle handle = prototype(label).clone();
  set_label(handle, label, style_);
  if (missing) handle.set("bitmapPresent", 1L);
  return handle;
}

const GribHandle& GribEncoder::of_any_member(const GribLabel& label, bool missing) {
  if (!kept_.empty() &&
      (kept_[0].label.init != label.init || kept_[0].label.lead_hours != label.lead_hours))
    kept_.clear();
  for (const Kept& kept : kept_)
    if (kept.label.channel == label.channel && kept.missing == missing) return kept.handle;
  kept_.push_back({label, missing, labelled(label, missing)});
  return kept_.back().handle;
}

std::string_view GribEncoder::encode(const GribLabel& label, std::span<const float> map) {
  const auto values = scanned(label.channel, map);
  const bool missing = has_missing(values);
  if (label.member > 0) {
    message_ = of_any_member(label, missing).clone();
    message_.set("perturbationNumber", long{label.member});
  } else {
    message_ = labelled(label, missing);
  }
  if (missing) message_.set("missingValue", kMissing);  // no part of a message, nor of its clones
  message_.set_values(values);
  return message_.bytes();
}

void GribEncoder::require_holds(std::string_view message, const GribLabel& label,
                                std::span<const float> map) const {
  GribHandle handle = GribHandle::from_bytes(message);
  handle.set("missingValue", kMissing);
  const auto written = scanned(label.channel, map);
  const auto read = handle.values();
  if (read.size() != written.size())
    fail("{} has {} values, not {}", to_string(label.channel), read.size(), written.size());
  const double allowed = handle.number("packingError");
  for (std::size_t i = 0; i < read.size(); ++i) {
    const bool same_missing = (read[i] == kMissing) == (written[i] == kMissing);
    if (same_missing && std::abs(read[i] - written[i]) <= allowed) continue;
    fail("{} reads {} where {} was written; the packing error is {}", to_string(label.channel),
         read[i], written[i], allowed);
  }
}

}  // namespace ladcast
