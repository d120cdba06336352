// What surrounds the networks: scores, files, and a whole short forecast.
#include <ATen/core/Tensor.h>
#include <oneapi/tbb/task_arena.h>

#include <cmath>
#include <optional>

#include "graph/runtime.h"
#include "nodes/output/forecast_file.h"
#include "nodes/values/model.h"
#include "nodes/verify/score_rows.h"
#include "tests/bench/bench.h"
#include "tests/bench/random_fields.h"
#include "tests/temporary_folder.h"

namespace ladcast::bench {
namespace {

constexpr std::size_t kScoredMembers = 50;
constexpr std::size_t kScoredChannels = 84;
constexpr std::size_t kWrittenMembers = 50;
constexpr int kWrittenLeads = 60;
constexpr int kForecastMembers = 10;
constexpr int kForecastHours = 48;

double bytes_of(const Fields& fields) {
  return static_cast<double>(fields.values.size() * sizeof(float));
}

void check_finite(const std::vector<ScoreRow>& rows) {
  for (const ScoreRow& row : rows)
    if (!std::isfinite(row.value)) fail("{} of {} is {}", row.score, row.channel.name, row.value);
}

std::string model_folder(const Bench& bench) {
  return bench.options().model.empty() ? kSmallPlanet : bench.options().model;
}

// One file with all members and leads, which all hold the values of `fields`.
void write_forecast(const std::filesystem::path& path, const ForecastFileSpec& spec,
                    Fields fields) {
  ForecastFile file(path, spec);
  for (const int lead : spec.lead_hours) {
    fields.lead_hours = {lead};
    file.write(fields);
  }
  file.flush();
  file.sync();
  file.finish();
}

/// FLOP of the networks in the forecast below; its first step has one condition for all members.
double forecast_flops(const Network& network, const Model& model) {
  const auto steps = static_cast<int>(network.schedule.steps());
  const auto sampled = [&](int conditions) {
    return sample_flops(*network.forecaster, network.tokens(), steps, kForecastMembers, conditions)
        .total();
  };
  const int leads = kForecastHours / model.step_hours;
  const int rollout_steps = (leads + model.frames - 1) / model.frames;
  const auto& config = network.autoencoder;
  return sampled(1) + (rollout_steps - 1) * sampled(kForecastMembers) +
         encode_flops(config, network.rows, network.columns, PoleRows::twice) +
         leads * kForecastMembers *
             decode_flops(config, network.rows, network.columns, PoleRows::twice);
}

// Without the pipeline's own tests, whose nodes this program does not have.
Graph forecast_graph(const std::vector<std::string>& sets) {
  Pipeline pipeline = load_pipeline("pipelines/ens15d.toml", sets);
  std::erase_if(std::get<Setting::Table>(pipeline.root.data()),
                [](const Setting::Entry& entry) { return entry.key == "tests"; });
  return build_graph(pipeline);
}

void measure_forecast(Bench& bench, const std::string& precision) {
  const auto folder = model_folder(bench);
  const Network network = read_network(folder);
  if (!network.forecaster) fail("--model: '{}' has no forecaster for the part 'pipeline'", folder);
  const TemporaryFolder scratch;
  std::vector<std::string> sets{fmt::format("model={}", folder),
                                fmt::format("out={}", scratch.path().string()),
                                fmt::format("run.members={}", kForecastMembers),
                                fmt::format("run.lead.until_hours={}", kForecastHours),
                                fmt::format("engine.threads={}", bench.options().threads)};
  for (const char* node : {"encode", "denoise", "decode"})
    sets.push_back(fmt::format("nodes.{}.precision={}", node, precision));
  std::optional<Graph> graph;
  bench.measure(
      {.name = fmt::format("pipeline ens15d, {} members, {} h", kForecastMembers, kForecastHours),
       .precision = precision,
       .work = [&] { return run_graph(*graph), at::Tensor(); },
       .flop = forecast_flops(network, Model::read(folder)),
       .ceiling = gemm_ceiling(precision),
       .before = [&] { graph = forecast_graph(sets); }});
}

}  // namespace

void measure_scores(Bench& bench) {
  const Fields climatology = random_fields(published_grid(), 1, kScoredChannels, 1);
  const Fields truth = random_fields(climatology.grid, 1, kScoredChannels, 2, climatology.values);
  const Fields forecast =
      random_fields(climatology.grid, kScoredMembers, kScoredChannels, 3, climatology.values);
  const MapScorer scorer(truth.grid, {});
  oneapi::tbb::task_arena arena(bench.options().threads);
  std::vector<ScoreRow> rows;
  const auto score = [&] {
    rows.clear();
    append_score_rows(rows, {"model", {&forecast}}, truth, &climatology, scorer);
  };
  bench.measure({.name = fmt::format("scores of a lead, {} members, {} channels", kScoredMembers,
                                     kScoredChannels),
                 .work = [&] { return arena.execute(score), at::Tensor(); },
                 .bytes = bytes_of(forecast),
                 .ceiling = Ceiling::memory});
  check_finite(rows);
}

void measure_writers(Bench& bench) {
  const Model model = Model::read(model_folder(bench));
  Fields fields = random_fields(model.network_grid(), kWrittenMembers, model.channels.size(), 1);
  fields.channels = model.channels;
  ForecastFileSpec spec{.grid = fields.grid,
                        .channels = fields.channels,
                        .init = fields.init,
                        .lead_hours = {},
                        .members = fields.members,
                        .attributes = {}};
  for (int i = 1; i <= kWrittenLeads; ++i) spec.lead_hours.push_back(i * model.step_hours);
  const TemporaryFolder scratch;
  const auto path = scratch.path() / "forecast.nc";
  bench.measure({.name = fmt::format("NetCDF of {}, {} members, {} leads, synchronised", model.name,
                                     kWrittenMembers, kWrittenLeads),
                 .work = [&] { return write_forecast(path, spec, fields), at::Tensor(); },
                 .bytes = kWrittenLeads * bytes_of(fields),
                 .ceiling = Ceiling::disk,
                 .before = [&] { std::filesystem::remove(path); }});
}

void measure_pipeline(Bench& bench) {
  for (const auto& precision : bench.options().precisions) measure_forecast(bench, precision);
}

}  // namespace ladcast::bench
