#include <ATen/ATen.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "graph/node.h"
#include "nodes/ingest/cf_files.h"
#include "nodes/ingest/file_format.h"
#include "nodes/ingest/grib_fields.h"
#include "nodes/ingest/matching_files.h"
#include "nodes/ladcast/static_fields.h"
#include "nodes/train/row_weights.h"
#include "nodes/train/sample_windows.h"
#include "nodes/transform/normalise_fields.h"
#include "nodes/values/fields_payload.h"
#include "nodes/values/model_param.h"

namespace ladcast {
namespace {

std::unique_ptr<const FieldFiles> open_any(const std::filesystem::path& pattern) {
  const auto first = matching_files(pattern).front();
  if (!std::filesystem::is_directory(first) && format_of(first) == FileFormat::grib)
    return std::make_unique<GribFiles>(pattern);
  return std::make_unique<CfFiles>(pattern, open_cf);
}

/// All reading happens on one thread, that of the lane.
class FieldSamples final : public Node {
 public:
  FieldSamples() { on_process_lane("netcdf"); }

 private:
  Out<Samples> samples{this, "samples", "normalised fields: windows, static fields, weights"};
  Param<InputFiles> path{this, "path",
                         "NetCDF or GRIB files, several with * and ?, or a Zarr store, on a local "
                         "disk, on the model's grid and with all its channels"};
  Param<Model> model{this, "model", "model whose channels, statistics and static fields are used"};
  WindowParams windows{this};
  Param<int> cache{this, "cache", "memory for fields that are read once and used in each epoch",
                   ParamOptions<int>{.fallback = 1024, .unit = "MiB", .min = 0}};

  struct Frame {
    at::Tensor values, missing;  // [C, H, W]
  };

  std::unique_ptr<const FieldFiles> files_;
  std::optional<FieldScaling> scaling_;
  std::optional<SampleWindows> windows_;
  std::optional<Samples> same_;  // of all iterations
  at::Tensor statics_, weights_;
  mutable std::map<Time, Frame> cached_;
  mutable std::size_t cached_bytes_ = 0;

  void shape(Shape& shape) override {
    windows.check(shape);
    const Grid grid = model->network_grid();
    Spec& out = shape.out(samples);
    describe_fields(out, model->channels, grid, true, *windows.batch, *windows.frames);
  }
  std::vector<std::filesystem::path> files() const override {
    auto all = identifying_files(path->expand({}));
    all.push_back(model->folder / "model.toml");
    all.insert(all.end(), model->statics.files.begin(), model->statics.files.end());
    all.push_back(model->field_statistics);
    return all;
  }
  Memory memory() const override { return {.resident = static_cast<std::size_t>(*cache) << 20U}; }

  void open() override {
    files_ = open_any(path->expand({}));
    scaling_.emplace(*model);
    statics_ = model->statics.channels.empty() ? at::Tensor() : read_static_fields(*model);
    weights_ = row_weights(model->network_grid().latitude);
    windows_.emplace(windows, files_->times_of(model->channels.front()), model->step_hours,
                     plan().seed, path->text);
    if (windows_->same()) same_ = batch_of(windows_->at(1));
  }
  void close() override {
    files_.reset();
    cached_.clear();
    same_.reset();
  }

  void run(Task& task) const override {
    task.send(samples, same_ ? *same_ : batch_of(windows_->at(task.iteration())));
  }

  Samples batch_of(const SampleWindows::Batch& window) const {
    std::vector<at::Tensor> values, missing;
    for (const Time start : window.times) {
      std::vector<at::Tensor> frames, masks;
      for (int i = 0; i < *windows.frames; ++i) {
        const Frame frame = read(start + std::chrono::hours{i * model->step_hours});
        frames.push_back(frame.values);
        masks.push_back(frame.missing);
      }
      values.push_back(at::stack(frames, 1));
      if (masks.front().defined()) missing.push_back(at::stack(masks, 1));
    }
    return {at::stack(values), missing.empty() ? at::Tensor() : at::stack(missing),
            statics_,          weights_,
            window.times,      model->step_hours,
            window.repeat,     window.epoch};
  }

  Frame read(Time time) const {
    if (const auto known = cached_.find(time); known != cached_.end()) return known->second;
    const Fields physical = files_->read({model->channels, time, 0, model->grid, {}, {}});
    if (physical.members.size() > 1)
      fail("{} holds {} members at {}; training wants analyses", path->text,
           physical.members.size(), short_time(time));
    Frame frame = normalised(physical, time);
    const std::size_t bytes =
        frame.values.nbytes() + (frame.missing.defined() ? frame.missing.nbytes() : 0);
    if (cached_bytes_ + bytes <= static_cast<std::size_t>(*cache) << 20U) {
      cached_bytes_ += bytes;
      cached_.emplace(time, frame);
    }
    return frame;
  }

  Frame normalised(const Fields& physical, Time time) const {
    Fields scaled;
    try {
      scaled = scaling_->normalise(physical);
      scaling_->require_plausible(scaled);
    } catch (const Error& error) {
      throw error.in(fmt::format("the analysis of {} in {}", short_time(time), path->text));
    }
    const auto channels = static_cast<std::int64_t>(scaled.channels.size());
    const auto rows = static_cast<std::int64_t>(scaled.grid.rows());
    const auto columns = static_cast<std::int64_t>(scaled.grid.columns());
    Frame frame{at::from_blob(scaled.values.data(), {channels, rows, columns}, at::kFloat).clone(),
                {}};
    frame.missing = missing_points(physical, frame.values);
    return frame;
  }

  /// Where a filled channel is NaN on the rows that the networks see.
  at::Tensor missing_points(const Fields& physical, const at::Tensor& values) const {
    const MissingPoints there = MissingPoints::of(physical, *model);
    if (there.channels.empty()) return {};
    auto missing = at::zeros_like(values, at::kBool);
    const std::size_t columns = physical.grid.columns();
    const auto rows = model->network_rows();
    for (std::size_t i = 0; i < there.channels.size(); ++i) {
      const auto channel =
          std::find(model->channels.begin(), model->channels.end(), there.channels[i]);
      auto* map = missing.select(0, channel - model->channels.begin()).data_ptr<bool>();
      for (const std::size_t row : rows)
        for (std::size_t column = 0; column < columns; ++column)
          *map++ = there.masks[i][row * columns + column];
    }
    return missing;
  }
};

LADCAST_NODE(FieldSamples, "samples",
             "Reads windows of analyses for training, in another order each epoch.");

}  // namespace
}  // namespace ladcast
